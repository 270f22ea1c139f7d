"""Rows of blame: what a school was proven to have done wrong in a masked round, with the proof as bytes."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from server import tables
from server.journal import JournalEntry, write_journal


@dataclass(frozen=True, slots=True)
class BlameRecord:
    """fault: a code of common.privacy.secagg.faults. is_dealer: its deals open to something else than it committed
    to, so it is left out of later rounds. proof: anybody can check it without this coordinator.
    """

    round: int
    school: str
    fault: str
    is_dealer: bool
    proof: bytes = field(repr=False)


def note_blame(connection: Connection, campaign: str, blame: BlameRecord, *, at: datetime) -> None:
    """Keeps a blame, and names the school in the journal; the same one again changes nothing."""
    row = {
        "campaign": campaign,
        "round": blame.round,
        "school": blame.school,
        "fault": blame.fault,
        "is_dealer": blame.is_dealer,
        "proof": blame.proof,
    }
    if connection.execute(insert(tables.blames).values(row).on_conflict_do_nothing()).rowcount:
        entry = JournalEntry("school-blamed", campaign, blame.round, blame.school, blame.fault)
        write_journal(connection, entry, at=at)


def read_blames(connection: Connection, campaign: str) -> list[BlameRecord]:
    """In the order of rounds and schools."""
    table = tables.blames
    query = select(table).where(table.c.campaign == campaign).order_by(table.c.round, table.c.school)
    return [
        BlameRecord(row.round, row.school, row.fault, row.is_dealer, bytes(row.proof))
        for row in connection.execute(query)
    ]


def guilty_dealers(connection: Connection, campaign: str) -> frozenset[str]:
    """Schools that later rounds leave out."""
    return frozenset(blame.school for blame in read_blames(connection, campaign) if blame.is_dealer)
