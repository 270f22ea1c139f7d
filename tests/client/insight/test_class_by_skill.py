"""The heat table: words, unknown skills, and nothing about a class under ten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from client.content.bank import built_in_bank
from client.insight.class_by_skill import ClassTable, State, class_by_skill, state_of
from client.records.classes import classes
from client.records.mastery import SkillMastery, save_mastery
from client.records.store import Store
from client.records.students import set_active
from tests.support.stores import class_of_students, in_reader, in_writer, sqlite_store

_NOW = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
_BANK = built_in_bank()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty school."""
    opened = sqlite_store(tmp_path)
    yield opened
    opened.close()


def _state(skill: str, p: float, *, attempts: int = 5, mastered: bool = False) -> SkillMastery:
    return SkillMastery(skill, p, attempts, 2, 1, date(2026, 9, 9), (), _NOW if mastered else None, _NOW)


def _keep(store: Store, student: str, *states: SkillMastery) -> None:
    for state in states:
        in_writer(store, lambda c, s=state: save_mastery(c, student, s))  # type: ignore[misc]


def _table(store: Store) -> ClassTable:
    (group,) = in_reader(store, classes)
    return in_reader(store, lambda c: class_by_skill(c, group.id, _BANK))


def _class_of(store: Store, count: int) -> list[str]:
    return class_of_students(store, [f"Student {n}" for n in range(count)])


@pytest.mark.parametrize(
    ("p", "attempts", "word"),
    [
        (0.99, 2, State.NOT_ENOUGH),
        (0.05, 2, State.NOT_ENOUGH),
        (0.39, 3, State.WORKING),
        (0.40, 3, State.UNSURE),
        (0.69, 3, State.UNSURE),
        (0.70, 3, State.LIKELY),
        (0.99, 3, State.LIKELY),
    ],
)
def test_a_state_is_a_word(p: float, attempts: int, word: State) -> None:
    """Under three answers nothing is said."""
    assert state_of(_state("Q1", p, attempts=attempts)) is word


def test_secure_needs_a_right_answer_on_a_day_after_mastery() -> None:
    """Mastered alone is likely."""
    mastered = _state("Q1", 0.97, mastered=True)
    assert state_of(mastered) is State.LIKELY
    again = replace(mastered, last_correct_day=(_NOW + timedelta(days=7)).date())
    assert state_of(again) is State.SECURE
    assert state_of(None) is State.NOT_MET


def test_columns_come_in_teaching_order_and_unknown_skills_last(store: Store) -> None:
    """An imported log names skills that no pack knows."""
    first, second = _class_of(store, 2)
    _keep(store, first, _state("Q8", 0.2), _state("Box and Whisker", 0.8))
    _keep(store, second, _state("Q1", 0.9))
    table = _table(store)
    assert [column.id for column in table.skills] == ["Q1", "Q8", "Box and Whisker"]
    assert table.skills[2].name == "Box and Whisker"
    rows = {row.student: row.states for row in table.rows}
    assert rows[first] == (State.NOT_MET, State.WORKING, State.LIKELY)
    assert rows[second] == (State.LIKELY, State.NOT_MET, State.NOT_MET)


def test_an_empty_class_and_a_class_without_answers_have_no_columns(store: Store) -> None:
    """Students are listed before their first answer; those who left are not."""
    first, second = _class_of(store, 2)
    in_writer(store, lambda c: set_active(c, second, active=False))
    table = _table(store)
    assert (table.skills, table.reteach) == ((), None)
    assert [row.student for row in table.rows] == [first]


@pytest.mark.parametrize(("count", "told"), [(9, None), (10, ["Q8"])])
def test_nothing_is_said_about_a_class_under_ten(store: Store, count: int, told: list[str] | None) -> None:
    """At nine the list only; at ten what to teach again."""
    for student in _class_of(store, count):
        _keep(store, student, _state("Q8", 0.3), _state("Q1", 0.9))
    reteach = _table(store).reteach
    assert told == (None if reteach is None else [column.id for column in reteach])


@pytest.mark.parametrize(("weak", "told"), [(3, []), (4, ["Q8"])])
def test_four_in_ten_make_a_skill_worth_teaching_again(store: Store, weak: int, told: list[str]) -> None:
    """The boundary of the share."""
    for n, student in enumerate(_class_of(store, 10)):
        _keep(store, student, _state("Q8", 0.5 if n < weak else 0.9))
    reteach = _table(store).reteach
    assert reteach is not None
    assert [column.id for column in reteach] == told


def test_a_skill_with_evidence_on_nine_is_not_summed_up(store: Store) -> None:
    """In a class of ten, too."""
    for n, student in enumerate(_class_of(store, 10)):
        _keep(store, student, _state("Q8", 0.2, attempts=5 if n else 2))
    assert _table(store).reteach == ()
