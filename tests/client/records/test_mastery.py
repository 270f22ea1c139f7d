"""Mastery: one state per student and skill, replaced by each answer."""

from dataclasses import replace
from datetime import date

from client.records.mastery import SkillMastery, class_mastery, clear_mastery, mastery_of, save_mastery
from client.records.store import Store
from client.records.students import set_active, student_by_id
from tests.support.stores import NOW, class_of_students, in_reader, in_writer

STATE = SkillMastery(
    skill="Q8",
    p_known=0.625,
    attempts=4,
    correct_unaided=3,
    days_correct=2,
    last_correct_day=date(2026, 8, 31),
    families_correct=("Q8.find_the_mistake", "Q8.procedure"),
    mastered_at=NOW,
    last_at=NOW,
)
FRESH = replace(STATE, skill="Q7", last_correct_day=None, families_correct=(), mastered_at=None, days_correct=0)


def test_states_come_back_by_skill(store: Store) -> None:
    """Those without a success included."""
    (ada,) = class_of_students(store, ["Ada"])
    _save(store, ada, STATE, FRESH)
    assert in_reader(store, lambda c: mastery_of(c, ada)) == {"Q7": FRESH, "Q8": STATE}


def test_a_later_state_replaces_the_earlier(store: Store) -> None:
    """Of the same skill of the same student."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    _save(store, ada, STATE)
    _save(store, ben, STATE)
    _save(store, ada, replace(STATE, p_known=0.7, attempts=5))
    assert in_reader(store, lambda c: mastery_of(c, ada))["Q8"].p_known == 0.7
    assert in_reader(store, lambda c: mastery_of(c, ben)) == {"Q8": STATE}


def test_a_class_shows_students_who_haven_t_begun(store: Store) -> None:
    """And none who left, or of another class."""
    ada, ben, cleo = class_of_students(store, ["Ada", "Ben", "Cleo"])
    (other,) = class_of_students(store, ["Dan"], code="WRENS")
    _save(store, ada, STATE)
    _save(store, cleo, STATE)
    _save(store, other, STATE)
    in_writer(store, lambda c: set_active(c, cleo, active=False))
    class_id = in_reader(store, lambda c: student_by_id(c, store.vault, ada)).class_id
    assert in_reader(store, lambda c: class_mastery(c, class_id)) == {ada: {"Q8": STATE}, ben: {}}


def test_clearing_forgets_one_student(store: Store) -> None:
    """Before the states are worked out again."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    _save(store, ada, STATE, FRESH)
    _save(store, ben, STATE)
    in_writer(store, lambda c: clear_mastery(c, ada))
    assert in_reader(store, lambda c: mastery_of(c, ada)) == {}
    assert in_reader(store, lambda c: mastery_of(c, ben)) == {"Q8": STATE}


def _save(store: Store, student: str, *states: SkillMastery) -> None:
    for state in states:
        in_writer(store, lambda c, state=state: save_mastery(c, student, state))  # type: ignore[misc]
