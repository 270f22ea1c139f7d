"""Mastery: what a student is thought to know, one row per skill, updated with each answer."""

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select

from client.records.memory import Kind, amend, remember, remembered
from client.records.plain_sql import run, upsert
from client.records.students import student_ids
from client.records.tables import mastery

_OF_STUDENT: Final = select(mastery).where(mastery.c.student == bindparam("of_student")).order_by(mastery.c.skill)
_SAVE: Final = upsert(mastery)
_COLUMNS: Final = tuple(column.name for column in mastery.columns)


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
    those after two right ones running, and the number of these. test: answers of the test under way, as "0" and
    "1"; tested_at, tested_out_at: when the last one ended, and when one was passed that no failure followed.
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
    test: str = ""
    tested_at: datetime | None = None
    tested_out_at: datetime | None = None


_PLAIN: Final = tuple(
    one.name for one in fields(SkillMastery) if one.name not in {"last_correct_day", "families_correct", "due_on"}
)


def save_mastery(connection: Connection, student: str, state: SkillMastery) -> None:
    """Replaces what was kept about the skill."""
    run(connection, _SAVE, {**_values_of(state), "student": student})
    amend(connection, Kind.MASTERY, student, change=lambda known: _with(known, state))


def mastery_of(connection: Connection, student: str) -> dict[str, SkillMastery]:
    """Every skill that a student has met, by skill."""
    return dict(remembered(connection, Kind.MASTERY, student, read=lambda: _read(connection, student)))


def _read(connection: Connection, student: str) -> dict[str, SkillMastery]:
    rows = run(connection, _OF_STUDENT, {"of_student": student})
    states = (_mastery_of(dict(zip(_COLUMNS, row, strict=True))) for row in rows)
    return {state.skill: state for state in states}


def _with(known: dict[str, SkillMastery], state: SkillMastery) -> dict[str, SkillMastery]:
    """In the order in which it would be read."""
    changed = {**known, state.skill: state}
    return changed if state.skill in known else dict(sorted(changed.items()))


def class_mastery(connection: Connection, class_id: str) -> dict[str, dict[str, SkillMastery]]:
    """{student: {skill: mastery}} for the active students of a class, those who haven't begun included."""
    ids = student_ids(connection, class_id=class_id)
    found: dict[str, dict[str, SkillMastery]] = {student: {} for student in ids}
    rows = connection.execute(select(mastery).where(mastery.c.student.in_(ids)).order_by(mastery.c.skill))
    for row in rows:
        found[row.student][row.skill] = _mastery_of(row._asdict())
    return found


def clear_mastery(connection: Connection, student: str) -> None:
    """Forgets all of a student's states, before they are worked out again from the history."""
    connection.execute(delete(mastery).where(mastery.c.student == student))
    remember(connection, Kind.MASTERY, student, value={})


def _values_of(state: SkillMastery) -> dict[str, Any]:
    values = {name: getattr(state, name) for name in _PLAIN}
    return values | {
        "last_correct_day": _text(state.last_correct_day),
        "families_correct": json.dumps(sorted(state.families_correct), ensure_ascii=False),
        "due_on": _text(state.due_on),
    }


def _mastery_of(values: dict[str, Any]) -> SkillMastery:
    """values: of a row, by column."""
    values.pop("student")
    values["families_correct"] = tuple(json.loads(values["families_correct"]))
    values["last_correct_day"], values["due_on"] = _day(values["last_correct_day"]), _day(values["due_on"])
    return SkillMastery(**values)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
