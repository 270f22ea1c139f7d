"""Mastery: what a student is thought to know, one row per skill, updated with each answer."""

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from client.records.students import student_ids
from client.records.tables import mastery

# Built once, since each answer runs them and building costs more than running.
_OF_STUDENT: Final = select(mastery).where(mastery.c.student == bindparam("of_student")).order_by(mastery.c.skill)
_UPDATE: Final = update(mastery).where(
    mastery.c.student == bindparam("of_student"), mastery.c.skill == bindparam("of_skill")
)
_INSERT: Final = insert(mastery)


@dataclass(frozen=True, slots=True)
class SkillMastery:
    """One skill of one student.

    p_known: probability in [0, 1], p_peak its highest so far. days_correct: different days with an unaided correct
    answer, the newest of them last_correct_day; families_correct: item families answered so, sorted; both begin
    anew when a re-check fails. streak, failures: unaided right and wrong answers running. tries, right, recent:
    since the last fresh start; recent holds the last three as "0" and "1". check_step, check_right, due_on:
    re-checks passed, right answers in the one under way, and the day of the next. rest_until: left alone so long
    by the exit rule. run_today: right answers running on last_correct_day. enough_run: so many running are enough
    for a day. surprise, thirds, thirds_surprise: right answers less their predicted chance, of all answers and of
    those after two right ones running, and the number of these.
    """

    skill: str
    p_known: float
    attempts: int
    correct_unaided: int
    days_correct: int
    last_correct_day: date | None
    families_correct: tuple[str, ...]
    mastered_at: datetime | None
    last_at: datetime
    streak: int = 0
    failures: int = 0
    tries: int = 0
    right: int = 0
    recent: str = ""
    p_peak: float = 0.0
    check_step: int = 0
    check_right: int = 0
    due_on: date | None = None
    rest_until: datetime | None = None
    run_today: int = 0
    enough_run: int = 3
    surprise: float = 0.0
    thirds: int = 0
    thirds_surprise: float = 0.0


_PLAIN: Final = tuple(
    one.name for one in fields(SkillMastery) if one.name not in {"last_correct_day", "families_correct", "due_on"}
)


def save_mastery(connection: Connection, student: str, state: SkillMastery) -> None:
    """Replaces what was kept about the skill."""
    values = _values_of(state)
    which = {"of_student": student, "of_skill": state.skill}
    if connection.execute(_UPDATE, {**values, **which}).rowcount == 0:
        connection.execute(_INSERT, {**values, "student": student})


def mastery_of(connection: Connection, student: str) -> dict[str, SkillMastery]:
    """Every skill that a student has met, by skill."""
    rows = connection.execute(_OF_STUDENT, {"of_student": student})
    return {row.skill: _mastery_of(row) for row in rows}


def class_mastery(connection: Connection, class_id: str) -> dict[str, dict[str, SkillMastery]]:
    """{student: {skill: mastery}} for the active students of a class, those who haven't begun included."""
    ids = student_ids(connection, class_id=class_id)
    found: dict[str, dict[str, SkillMastery]] = {student: {} for student in ids}
    rows = connection.execute(select(mastery).where(mastery.c.student.in_(ids)).order_by(mastery.c.skill))
    for row in rows:
        found[row.student][row.skill] = _mastery_of(row)
    return found


def clear_mastery(connection: Connection, student: str) -> None:
    """Forgets all of a student's states, before they are worked out again from the history."""
    connection.execute(delete(mastery).where(mastery.c.student == student))


def _values_of(state: SkillMastery) -> dict[str, Any]:
    values = {name: getattr(state, name) for name in _PLAIN}
    return values | {
        "last_correct_day": _text(state.last_correct_day),
        "families_correct": json.dumps(sorted(state.families_correct), ensure_ascii=False),
        "due_on": _text(state.due_on),
    }


def _mastery_of(row: Row[Any]) -> SkillMastery:
    values = row._asdict()
    values.pop("student")
    values["families_correct"] = tuple(json.loads(row.families_correct))
    values["last_correct_day"], values["due_on"] = _day(row.last_correct_day), _day(row.due_on)
    return SkillMastery(**values)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
