"""Practice sets: the skill that a student chose for the set under way."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from client.records.memory import Kind, remember, remembered
from client.records.tables import practice_set

_OF_STUDENT: Final = select(practice_set).where(practice_set.c.student == bindparam("of_student"))


@dataclass(frozen=True, slots=True)
class ChosenSet:
    """skill: what was chosen, as which kind of choice. started_seq: number of the student's answers before it."""

    student: str
    skill: str
    kind: str
    started_seq: int


def chosen_set(connection: Connection, student: str) -> ChosenSet | None:
    """The newest choice, or None."""
    return remembered(connection, Kind.CHOSEN_SET, student, read=lambda: _read(connection, student))


def save_set(connection: Connection, chosen: ChosenSet) -> None:
    """Replaces the choice before. Call it in the writer."""
    connection.execute(delete(practice_set).where(practice_set.c.student == chosen.student))
    values = {"skill": chosen.skill, "kind": chosen.kind, "started_seq": chosen.started_seq}
    connection.execute(insert(practice_set).values(student=chosen.student, **values))
    remember(connection, Kind.CHOSEN_SET, chosen.student, value=chosen)


def _read(connection: Connection, student: str) -> ChosenSet | None:
    row = connection.execute(_OF_STUDENT, {"of_student": student}).one_or_none()
    return None if row is None else ChosenSet(row.student, row.skill, row.kind, row.started_seq)
