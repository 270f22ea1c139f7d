"""The journal: what happened, in order, in rows that can only be added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server import tables


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One event. campaign is a plan's digest; detail is a sentence or a code, never anything about a student."""

    event: str
    campaign: str = ""
    round: int | None = None
    school: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry as it was written."""

    number: int
    at: datetime
    entry: JournalEntry


def write_journal(connection: Connection, entry: JournalEntry, *, at: datetime) -> None:
    """Adds one row in the caller's transaction: an event and its cause stand or fall together."""
    connection.execute(
        tables.journal.insert().values(
            at=at,
            event=entry.event,
            campaign=entry.campaign,
            round=entry.round,
            school=entry.school,
            detail=entry.detail,
        )
    )


def read_journal(connection: Connection, *, campaign: str = "", limit: int = 200) -> list[JournalRow]:
    """The newest `limit` rows, oldest first; only one campaign's if named."""
    query = select(tables.journal).order_by(tables.journal.c.number.desc()).limit(limit)
    if campaign:
        query = query.where(tables.journal.c.campaign == campaign)
    rows = [
        JournalRow(r.number, r.at, JournalEntry(r.event, r.campaign, r.round, r.school, r.detail))
        for r in connection.execute(query)
    ]
    return rows[::-1]
