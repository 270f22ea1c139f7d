"""Cards: who needs the teacher, in order of urgency, at most five."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from client.content.bank import built_in_bank
from client.insight.needs_help import Card, Urgency, needs_help
from client.records.classes import classes
from client.records.mastery import SkillMastery, save_mastery
from client.records.store import Store
from tests.support.stores import class_of_students, in_reader, in_writer, sqlite_store

_NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
_BANK = built_in_bank()


@dataclass(slots=True)
class _Class:
    store: Store
    students: list[str]

    def keep(self, place: int, *states: SkillMastery) -> None:
        """States of the student at a place."""
        for state in states:
            in_writer(self.store, lambda c, s=state: save_mastery(c, self.students[place], s))  # type: ignore[misc]

    def cards(self) -> list[Card]:
        """What the teacher sees."""
        (group,) = in_reader(self.store, classes)
        return in_reader(self.store, lambda c: needs_help(c, group.id, bank=_BANK, now=_NOW))


@pytest.fixture
def group(tmp_path: Path) -> Iterator[_Class]:
    """A class of eight."""
    store = sqlite_store(tmp_path)
    yield _Class(store, class_of_students(store, [f"Student {n}" for n in range(8)]))
    store.close()


def _state(skill: str, p: float, *, attempts: int = 6, days_ago: int = 0, mastered: bool = False) -> SkillMastery:
    at = _NOW - timedelta(days=days_ago)
    return SkillMastery(skill, p, attempts, 1, 1, date(2026, 9, 1), (), at if mastered else None, at)


_STUCK = _state("Q8", 0.3, attempts=14)
_FALTERING = _state("Q8", 0.1, attempts=6)
_AWAY = _state("Q8", 0.8, days_ago=9)
_UNSURE = _state("Q8", 0.55, attempts=9)
_READY = [_state(skill, 0.97, mastered=True) for skill in ("Q1", "Q2", "Q3")]


def test_a_new_class_needs_nothing_yet(group: _Class) -> None:
    """Whoever has not begun is no card."""
    assert group.cards() == []


def test_cards_come_by_urgency(group: _Class) -> None:
    """Stuck, faltering, away, unsure, ready."""
    for place, states in enumerate(([_UNSURE], _READY, [_AWAY], [_STUCK], [_FALTERING])):
        group.keep(place, *states)
    cards = group.cards()
    assert [card.urgency for card in cards] == list(Urgency)
    assert [card.student for card in cards] == [group.students[n] for n in (3, 4, 2, 0, 1)]


def test_at_most_five_and_one_a_student(group: _Class) -> None:
    """Among equals whoever was seen longest ago."""
    for place in range(8):
        seen = _NOW - timedelta(hours=place)
        group.keep(place, replace(_STUCK, last_at=seen), replace(_FALTERING, skill="Q7", last_at=seen))
    cards = group.cards()
    assert [card.student for card in cards] == group.students[:2:-1]


def test_a_card_says_who_what_why_and_what_to_do(group: _Class) -> None:
    """In words; a skill that no pack knows keeps its own name."""
    group.keep(0, _STUCK)
    group.keep(1, replace(_STUCK, skill="Box and Whisker"))
    first, second = sorted(group.cards(), key=lambda card: group.students.index(card.student))
    assert first.what == "Help now: adding fractions with different bottoms"
    assert first.why == (
        "14 tries at adding fractions with different bottoms, 1 right without help, and no progress yet."
    )
    assert first.do.endswith(".")
    assert second.what == "Help now: Box and Whisker"
    assert "%" not in first.why + first.do


def test_those_who_do_well_or_just_begun_are_left_in_peace(group: _Class) -> None:
    """No card for an ordinary week."""
    group.keep(0, _state("Q8", 0.8), _state("Q1", 0.97, mastered=True))
    group.keep(1, _state("Q8", 0.2, attempts=3))
    group.keep(2, replace(_STUCK, mastered_at=_NOW, p_known=0.97))
    assert group.cards() == []
