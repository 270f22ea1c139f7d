"""Practice events: what was noticed about how a student answers; evidence for a teacher, and never a verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from client.records.memory import Kind, amend, remembered
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


@dataclass(frozen=True, slots=True)
class _Known:
    """All events from an answer on."""

    from_seq: int
    events: tuple[PracticeEvent, ...]

    def with_new(self, new: Iterable[PracticeEvent]) -> "_Known":
        return _Known(self.from_seq, (*self.events, *(one for one in new if one.seq >= self.from_seq)))


def add_events(connection: Connection, student: str, events: Sequence[PracticeEvent]) -> None:
    """Keeps them. Call it in the writer."""
    rows = [
        {"student": student, "seq": one.seq, "kind": one.kind, "value": one.value, "at": one.at} for one in events
    ]
    if rows:
        connection.execute(insert(practice_event), rows)
        amend(connection, Kind.EVENTS, student, change=lambda known: known.with_new(events))


def events_since(connection: Connection, student: str, *, seq: int = 0) -> list[PracticeEvent]:
    """A student's events from an answer on, oldest first."""
    known = remembered(connection, Kind.EVENTS, student, read=lambda: _Known(seq, _read(connection, student, seq)))
    events = known.events if known.from_seq <= seq else _read(connection, student, seq)
    return [one for one in events if one.seq >= seq]


def _read(connection: Connection, student: str, seq: int) -> tuple[PracticeEvent, ...]:
    rows = connection.execute(_SINCE, {"of_student": student, "from_seq": seq})
    return tuple(PracticeEvent(row.seq, row.kind, row.value, row.at) for row in rows)
