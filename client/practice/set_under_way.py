"""The set of five under way: how far a student is in it, when it is over, and what a page shows then."""

from enum import StrEnum

from sqlalchemy import Connection

from client.practice.policy import SET_SIZE
from client.practice.reasons import ReasonCode
from client.records.diagnostics import diagnostic_of
from client.records.interactions import StoredInteraction
from client.records.practice_sets import ChosenSet, chosen_set, save_set


class Place(StrEnum):
    """Where a student is: before the first item of all, just after the diagnostic, at an item, or between sets."""

    FIRST_DAY = "first-day"
    PLACED = "placed"
    AT_ITEM = "at-item"
    BETWEEN_SETS = "between-sets"


def done_in_set(under_way: ChosenSet | None, count: int) -> int:
    """Answers of the set. count: of all the student's answers. Without a set they are counted off in fives."""
    return count % SET_SIZE if under_way is None else max(count - under_way.started_seq, 0)


def is_over(under_way: ChosenSet | None, count: int) -> bool:
    """Whether all its items have had their first try."""
    return done_in_set(under_way, count) >= SET_SIZE


def place_of(
    connection: Connection, student: str, *, newest: StoredInteraction | None, under_way: ChosenSet | None
) -> Place:
    """Of a student who isn't in a diagnostic or at further tries. newest: the student's newest interaction."""
    count = newest.seq if newest else 0
    if count == 0 and under_way is None and diagnostic_of(connection, student) is None:
        return Place.FIRST_DAY
    just_asked = newest is not None and newest.reason_code == ReasonCode.DIAGNOSTIC
    if just_asked and (under_way is None or under_way.started_seq < count):
        return Place.PLACED
    return Place.BETWEEN_SETS if is_over(under_way, count) else Place.AT_ITEM


def set_of(connection: Connection, student: str, *, count: int) -> ChosenSet:
    """The set under way; for a student who never had one, a set that begins now. Call it in the writer."""
    found = chosen_set(connection, student)
    if found is None:
        found = ChosenSet(student, "", "", count)
        save_set(connection, found)
    return found
