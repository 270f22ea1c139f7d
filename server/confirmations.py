"""Schools confirm a candidate: each says whether its own replay of the published sums gives the same model."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode
from common.log_entries import Confirmed as ConfirmedEntry
from common.trips import Trip
from server import tables
from server.answer_words import what_is_missing
from server.asking import ask
from server.cohort import partners, wait_for
from server.journal import JournalEntry, write_journal
from server.public_log import append_entry
from server.running import Running

MATCHED, DIFFERS = b"\x01", b"\x00"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """schools: whose replay matched, sorted. problem: a sentence when they are fewer than the quorum."""

    schools: tuple[str, ...]
    problem: str = ""


def confirm_candidate(running: Running, model: bytes) -> Confirmed:
    """Asks every school that hasn't confirmed this candidate yet; each answer is kept as it comes.

    model: `common.arrays.to_bytes` of the candidate.
    """
    candidate, needed = sha256_hex(model), running.campaign.quorum
    known = _known(running, candidate)
    asked = partners(running) - known.keys()
    if sum(known.values()) >= needed or not asked:
        return _confirmed(running, candidate, missing="")
    still = max(1, needed - sum(known.values()))
    wait_for(running, asked, enough=min(still, len(asked)))
    parts = {school: {"candidate": bytes.fromhex(candidate)} for school in sorted(asked)}

    def use(school: str, reply: Mapping[str, bytes]) -> None:
        word = reply.get("matched", b"")
        if word not in {MATCHED, DIFFERS}:
            raise Corrupt(ErrorCode.BAD_MESSAGE, "A confirmation says neither yes nor no.")
        _keep(running, candidate, school=school, matched=word == MATCHED)

    answers = ask(running, Trip.CONFIRM, parts, use=use, enough=still)
    return _confirmed(running, candidate, missing=what_is_missing([answers[school] for school in sorted(answers)]))


def read_confirmations(connection: Connection, campaign: str) -> dict[str, bool]:
    """Every school's word on the campaign's candidate: whether its replay matched."""
    table = tables.confirmations
    rows = connection.execute(select(table).where(table.c.campaign == campaign).order_by(table.c.school))
    return {row.school: row.matched for row in rows}


def _known(running: Running, candidate: str) -> dict[str, bool]:
    """Schools that matched needn't be asked again; one that differed may have been mended since."""
    table = tables.confirmations
    this = (table.c.campaign == running.campaign.digest) & (table.c.candidate == candidate) & table.c.matched
    with running.coordinator.store.read() as connection:
        return {row.school: row.matched for row in connection.execute(select(table).where(this))}


def _keep(running: Running, candidate: str, *, school: str, matched: bool) -> None:
    coordinator, campaign = running.coordinator, running.campaign.digest
    key = {"campaign": campaign, "candidate": candidate, "school": school}
    event = "candidate-confirmed" if matched else "candidate-differs"
    with coordinator.store.write() as connection:
        connection.execute(
            insert(tables.confirmations)
            .values(key | {"matched": matched})
            .on_conflict_do_update(index_elements=list(key), set_={"matched": matched})
        )
        entry = JournalEntry(event, campaign, school=school, detail=candidate)
        write_journal(connection, entry, at=coordinator.clock.now())
        append_entry(
            connection, ConfirmedEntry(campaign=campaign, school=school, model=candidate, matched=matched)
        )


def _confirmed(running: Running, candidate: str, *, missing: str) -> Confirmed:
    matched = tuple(sorted(_known(running, candidate)))
    needed = running.campaign.quorum
    if len(matched) >= needed:
        return Confirmed(matched)
    with running.coordinator.store.read() as connection:
        words = read_confirmations(connection, running.campaign.digest)
    differs = ", ".join(school for school, same in words.items() if not same)
    sentence = (
        f"A release needs {needed} schools whose own replay gives the candidate, and {len(matched)} confirmed."
    )
    if differs:
        sentence += f" Another model came out at: {differs}."
    return Confirmed(matched, f"{sentence} {missing}.".removesuffix(" ."))
