"""Practice events: what was noticed about how a student answers; evidence for a teacher, and never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from client.records.tables import practice_event

# Built once, since each answer runs it and building costs more than running.
_SINCE: Final = (
    select(practice_event)
    .where(practice_event.c.student == bindparam("of_student"), practice_event.c.seq >= bindparam("from_seq"))
    .order_by(practice_event.c.id)
)


@dataclass(frozen=True, slots=True)
class PracticeEvent:
    """kind: a word of `client.practice.noticing`. seq: the answer that it came with. value: what the kind says."""

    seq: int
    kind: str
    value: float
    at: datetime


def add_events(connection: Connection, student: str, events: Iterable[PracticeEvent]) -> None:
    """Keeps them. Call it in the writer."""
    rows = [
        {"student": student, "seq": one.seq, "kind": one.kind, "value": one.value, "at": one.at} for one in events
    ]
    if rows:
        connection.execute(insert(practice_event), rows)


def events_since(connection: Connection, student: str, *, seq: int = 0) -> list[PracticeEvent]:
    """A student's events from an answer on, oldest first."""
    rows = connection.execute(_SINCE, {"of_student": student, "from_seq": seq})
    return [PracticeEvent(row.seq, row.kind, row.value, row.at) for row in rows]
