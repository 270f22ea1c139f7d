"""What the school's database holds of the answers that devices sent: each once, or what is wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from client.practice.offers import offer_id
from client.practice.reasons import ReasonCode
from client.records.interactions import StoredInteraction, recent
from client.records.mastery import mastery_of
from client.records.store import open_school_store
from client.settings import SchoolFolder, load_settings

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """lost: answers of the expected ones that aren't there. unknown: answers that nobody expected.

    doubled: items answered twice, or numbers with a gap between them. miscounted: skills whose mastery has not
    counted what the history holds.
    """

    kept: int
    lost: int
    unknown: int
    doubled: int
    miscounted: int


def counted(folder: SchoolFolder, students: Iterable[str], *, expected: set[str]) -> Counted:
    """`counted_in` for a school whose database nobody has open."""
    store = open_school_store(folder, load_settings(folder))
    try:
        with store.read() as connection:
            return counted_in(connection, students, expected=expected)
    finally:
        store.close()


def counted_in(connection: Connection, students: Iterable[str], *, expected: set[str]) -> Counted:
    """expected: the numbers of all answers that these students' devices know to be kept."""
    found = [_of_student(connection, student) for student in students]
    numbers = {number for one in found for number in one.numbers}
    return Counted(
        kept=len(numbers),
        lost=len(expected - numbers),
        unknown=len(numbers - expected),
        doubled=sum(one.doubled for one in found),
        miscounted=sum(one.miscounted for one in found),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    numbers: frozenset[str]
    doubled: int
    miscounted: int


def _of_student(connection: Connection, student: str) -> _Found:
    history = recent(connection, student, count=_ALL)[::-1]
    here = [one for one in history if one.client_uuid is not None]
    given = Counter(offer_id(one) for one in here)
    gaps = sum(one.seq != place for place, one in enumerate(history, start=1))
    return _Found(
        numbers=frozenset(one.client_uuid for one in here if one.client_uuid is not None),
        doubled=sum(times - 1 for times in given.values()) + gaps,
        miscounted=_miscounted(connection, student, history),
    )


def _miscounted(connection: Connection, student: str, history: list[StoredInteraction]) -> int:
    evidence = [one for one in history if one.reason_code != ReasonCode.DIAGNOSTIC]
    attempts = Counter(skill for one in evidence for skill in one.skills)
    states = mastery_of(connection, student)
    return sum(state.attempts != attempts[skill] for skill, state in states.items()) + len(
        attempts.keys() - states.keys()
    )
