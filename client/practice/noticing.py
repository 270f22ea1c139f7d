"""What a submission brings to light, from what is stored: marks, events, and how much the answer weighs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from client.content.items import Item
from client.practice.gaming import (
    QUICK_HINT_SECONDS,
    QUICK_RUNGS,
    QUICK_TRY_SECONDS,
    SET_ITEMS,
    SETS_UNTIL_OVER,
    Attempt,
    Event,
    events_at,
    is_rapid,
    open_flags,
    weight_of,
)
from client.records.display_settings import display_of
from client.records.offers import StoredOffer
from client.records.practice_events import PracticeEvent, add_events, events_since

EXTENDED_TIME = 1.5
# Marks of single answers, from which events are made; the value of a rapid one is its chance by guessing.
RAPID_RIGHT, RAPID_WRONG, QUICK_LADDER = "rapid-right", "rapid-wrong", "quick-ladder"
_WINDOW: Final = SETS_UNTIL_OVER * SET_ITEMS
_CALM = Attempt(latency_seconds=None, median_seconds=1.0, correct=False)
_EVENTS: Final = {str(event): event for event in Event}


@dataclass(frozen=True, slots=True)
class Noticed:
    """weight: of this answer. flags: those that are open now."""

    weight: float
    flags: frozenset[Event]


def notice(connection: Connection, stored: StoredOffer, *, seq: int, tried: Attempt, now: datetime) -> Noticed:
    """Keeps what a first try shows beside right and wrong. seq: its number. Call it in the writer."""
    earlier = events_since(connection, stored.student, seq=seq - _WINDOW + 1)
    marks = _marks(tried, seq, now)
    events = events_at(_attempts([*earlier, *marks], seq, tried))
    new = [*marks, *(PracticeEvent(seq, str(event), 0.0, now) for event in events)]
    add_events(connection, stored.student, new)
    return Noticed(weight_of(events), flags_in([*earlier, *new], seq))


def attempt_at(
    connection: Connection, stored: StoredOffer, item: Item, *, correct: bool, latency_ms: int | None
) -> Attempt:
    """The first try as the rules see it; a limit is longer for a student with extended time."""
    stretched = EXTENDED_TIME if display_of(connection, stored.student).extended_time else 1.0
    return Attempt(
        latency_seconds=None if latency_ms is None else latency_ms / 1000,
        median_seconds=item.expected_seconds * stretched,
        correct=correct,
        chance=1 / len(item.choices) if item.choices else 0.0,
        quick_rungs=stored.quick_hints,
    )


def note_cycling(connection: Connection, student: str, *, seq: int, now: datetime) -> None:
    """Every choice of an item was tried, each within three seconds; the next ones are better typed."""
    add_events(connection, student, [PracticeEvent(seq, str(Event.CYCLING), 0.0, now)])


def is_quick_hint(since: datetime, now: datetime) -> bool:
    """Asked for before the one above it could be read."""
    return now - since < timedelta(seconds=QUICK_HINT_SECONDS)


def is_quick_try(since: datetime, now: datetime) -> bool:
    """Tried before the feedback could be read."""
    return now - since < timedelta(seconds=QUICK_TRY_SECONDS)


def flags_in(events: Sequence[PracticeEvent], seq: int) -> frozenset[Event]:
    """The flags that are open at an answer."""
    return open_flags([(one.seq, _EVENTS[one.kind]) for one in events if one.kind in _EVENTS], seq)


def flags_of(connection: Connection, student: str, *, seq: int) -> frozenset[Event]:
    """The same, read from what is stored; a jump of long ago included."""
    return flags_in(events_since(connection, student), seq)


def _marks(tried: Attempt, seq: int, now: datetime) -> list[PracticeEvent]:
    marks = []
    if is_rapid(tried):
        kind = RAPID_RIGHT if tried.correct else RAPID_WRONG
        marks.append(PracticeEvent(seq, kind, tried.chance, now))
    if tried.quick_rungs >= QUICK_RUNGS:
        marks.append(PracticeEvent(seq, QUICK_LADDER, float(tried.quick_rungs), now))
    return marks


def _attempts(marks: Sequence[PracticeEvent], seq: int, tried: Attempt) -> list[Attempt]:
    """The last answers, with what was marked of each; what wasn't marked was calm."""
    window = [_CALM] * min(seq, _WINDOW)
    for mark in marks:
        place = mark.seq - seq - 1
        if -len(window) <= place < 0:
            window[place] = _with(window[place], mark)
    window[-1] = tried
    return window


def _with(attempt: Attempt, mark: PracticeEvent) -> Attempt:
    if mark.kind in {RAPID_RIGHT, RAPID_WRONG}:
        return replace(attempt, latency_seconds=0.0, correct=mark.kind == RAPID_RIGHT, chance=mark.value)
    return replace(attempt, quick_rungs=int(mark.value)) if mark.kind == QUICK_LADDER else attempt
