"""The heat table: what the evidence says about each student and skill, in words and never as a probability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.records.mastery import SkillMastery, class_mastery

ENOUGH_ANSWERS = 3
UNSURE_FROM, LIKELY_FROM = 0.4, 0.7
# Below this many students nothing is said about the class as a whole.
SMALLEST_GROUP = 10
RETEACH_SHARE = 0.4


class State(StrEnum):
    """The words of a cell. `secure` is mastered and shown again on a later day."""

    NOT_MET = "not met"
    NOT_ENOUGH = "not enough evidence"
    WORKING = "working on it"
    UNSURE = "unsure"
    LIKELY = "likely"
    SECURE = "secure"


@dataclass(frozen=True, slots=True)
class SkillColumn:
    """One skill. name: the id, where no pack of this school knows the skill."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student (a random id; names are the page's business) with a state per column."""

    student: str
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class ClassTable:
    """skills: those that anybody met, in teaching order. reteach: None in a class under ten students.

    Else those skills that at least 40 % of the class work on or are unsure about; a skill with enough evidence
    on fewer than ten students is never among them.
    """

    skills: tuple[SkillColumn, ...]
    rows: tuple[StudentRow, ...]
    reteach: tuple[SkillColumn, ...] | None


def class_by_skill(connection: Connection, class_id: str, bank: ItemBank) -> ClassTable:
    """The active students of a class by the skills that they met; unknown skills of an imported log included."""
    by_student = class_mastery(connection, class_id)
    columns = _columns({skill for states in by_student.values() for skill in states}, bank)
    rows = tuple(
        StudentRow(student, tuple(state_of(states.get(column.id)) for column in columns))
        for student, states in by_student.items()
    )
    return ClassTable(columns, rows, _reteach(columns, rows) if len(rows) >= SMALLEST_GROUP else None)


def state_of(mastery: SkillMastery | None) -> State:
    """The word for what is known about one student and skill."""
    if mastery is None:
        return State.NOT_MET
    if mastery.attempts < ENOUGH_ANSWERS:
        return State.NOT_ENOUGH
    if mastery.mastered_at is not None:
        return State.SECURE if _shown_again(mastery) else State.LIKELY
    if mastery.p_known < UNSURE_FROM:
        return State.WORKING
    return State.UNSURE if mastery.p_known < LIKELY_FROM else State.LIKELY


def _shown_again(mastery: SkillMastery) -> bool:
    last, mastered = mastery.last_correct_day, mastery.mastered_at
    return last is not None and mastered is not None and last > mastered.date()


def _columns(met: set[str], bank: ItemBank) -> tuple[SkillColumn, ...]:
    known = [SkillColumn(skill.id, skill.name) for skill in bank.skills() if skill.id in met]
    strangers = sorted(met - {column.id for column in known})
    return (*known, *(SkillColumn(skill, skill) for skill in strangers))


def _reteach(columns: Sequence[SkillColumn], rows: Sequence[StudentRow]) -> tuple[SkillColumn, ...]:
    states: Mapping[str, list[State]] = {
        column.id: [row.states[place] for row in rows] for place, column in enumerate(columns)
    }
    return tuple(column for column in columns if _is_weak(states[column.id]))


def _is_weak(states: Sequence[State]) -> bool:
    """Of a class, and told only when at least ten students have enough evidence."""
    evidence = [state for state in states if state not in (State.NOT_MET, State.NOT_ENOUGH)]
    weak = sum(state in (State.WORKING, State.UNSURE) for state in evidence)
    return len(evidence) >= SMALLEST_GROUP and weak >= RETEACH_SHARE * len(states)
