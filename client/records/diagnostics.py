"""Diagnostics: which skills a student was asked in the one under way or the last one, and what it said."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from client.records.memory import Kind, remember, remembered
from client.records.tables import diagnostic

_OF_STUDENT: Final = select(diagnostic).where(diagnostic.c.student == bindparam("of_student"))


@dataclass(frozen=True, slots=True)
class StoredDiagnostic:
    """asked: (skill, right) in order. known: P(known) by skill, empty while under way. start_grade: a guess."""

    student: str
    started_at: datetime
    asked: tuple[tuple[str, bool], ...] = ()
    known: tuple[tuple[str, float], ...] = ()
    start_grade: float | None = None
    finished_at: datetime | None = None


def diagnostic_of(connection: Connection, student: str) -> StoredDiagnostic | None:
    """The newest one, or None."""
    return remembered(connection, Kind.DIAGNOSTIC, student, read=lambda: _read(connection, student))


def save_diagnostic(connection: Connection, state: StoredDiagnostic) -> None:
    """Replaces what was kept of the student's diagnostic. Call it in the writer."""
    connection.execute(delete(diagnostic).where(diagnostic.c.student == state.student))
    values = {
        "student": state.student,
        "started_at": state.started_at,
        "asked": json.dumps(state.asked, ensure_ascii=False),
        "known": json.dumps(state.known, ensure_ascii=False, allow_nan=False),
        "start_grade": state.start_grade,
        "finished_at": state.finished_at,
    }
    connection.execute(insert(diagnostic).values(values))
    remember(connection, Kind.DIAGNOSTIC, state.student, value=state)


def _read(connection: Connection, student: str) -> StoredDiagnostic | None:
    row = connection.execute(_OF_STUDENT, {"of_student": student}).one_or_none()
    if row is None:
        return None
    return StoredDiagnostic(
        student=row.student,
        started_at=row.started_at,
        asked=tuple((skill, right) for skill, right in json.loads(row.asked)),
        known=tuple((skill, p) for skill, p in json.loads(row.known)),
        start_grade=row.start_grade,
        finished_at=row.finished_at,
    )
