"""Interactions: a student's evidence, append-only and numbered, and the histories that models read."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, func, insert, select

from client.records.memory import Kind, amend, forget_all, remembered
from client.records.plain_sql import append_to, run
from client.records.tables import interaction
from common.errors import ErrorCode, Refused
from common.interactions import History, Interaction

# Below the limits on bound values of both databases.
_STUDENTS_PER_QUERY = 500
_ROWS_PER_INSERT = 5_000

IMPORTED = "imported"
_NOT_IN_A_LOG: Final = {
    "item_seed": 0,
    "response": "",
    "hints_used": 0,
    "assisted": False,
    "latency_ms": None,
    "reason_code": IMPORTED,
    "model_version": "",
    "client_uuid": None,
    "offline": False,
}
_COLUMNS: Final = tuple(column.name for column in interaction.columns)
_APPEND: Final = append_to(interaction, number="id")
_BY_UUID: Final = select(interaction).where(interaction.c.client_uuid == bindparam("of_uuid"))
_RECENT: Final = (
    select(interaction)
    .where(interaction.c.student == bindparam("of_student"))
    .order_by(interaction.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
)
# So many of the newest are remembered: what the choice of the next item looks at.
_REMEMBERED: Final = 8


@dataclass(frozen=True, slots=True)
class NewInteraction:
    """One answered item, as practice hands it over. `correct` is the first unaided try's.

    item: item family. client_uuid: chosen by the device, so that a repeated submission counts once.
    reason_code: why the item was offered. model_version: what chose it ("bkt", or a release's digest).
    offline: given away from the server, so that nobody knows who helped.
    """

    student: str
    item: str
    item_seed: int
    skills: tuple[str, ...]
    correct: bool
    at: datetime
    response: str = field(default="", repr=False)
    hints_used: int = 0
    assisted: bool = False
    latency_ms: int | None = None
    weight: float = 1.0
    reason_code: str = ""
    model_version: str = ""
    client_uuid: str | None = None
    offline: bool = False


@dataclass(frozen=True, slots=True)
class StoredInteraction:
    """A row. `seq` counts a student's interactions from 1; at_seconds: since 1970, None if unknown."""

    id: int
    student: str
    seq: int
    item: str
    item_seed: int
    skills: tuple[str, ...]
    correct: bool
    response: str = field(repr=False)
    hints_used: int
    assisted: bool
    latency_ms: int | None
    at_seconds: float | None
    weight: float
    reason_code: str
    model_version: str
    client_uuid: str | None
    offline: bool = False


def append(connection: Connection, new: NewInteraction) -> StoredInteraction:
    """Adds one interaction; the same `client_uuid` again returns the row that is there and adds nothing.

    Call it in the writer, so that `seq` has no gap. Refused if another student used that `client_uuid`.
    """
    earlier = None if new.client_uuid is None else find_by_uuid(connection, new.client_uuid)
    if earlier is not None:
        if earlier.student != new.student:
            raise Refused(ErrorCode.BAD_MESSAGE, "This answer's number belongs to another sign-in.")
        return earlier
    # Validates skills and weight.
    evidence = Interaction(new.item, new.skills, new.correct, new.at.timestamp(), new.weight)
    seq = next((one.seq for one in recent(connection, new.student, count=1)), 0) + 1
    values = _values_of(new, seq)
    stored = StoredInteraction(id=run(connection, _APPEND, values)[0][0], **{**values, "skills": new.skills})
    amend(connection, Kind.NEWEST, new.student, change=lambda newest: (stored, *newest)[:_REMEMBERED])
    amend(
        connection,
        Kind.HISTORY,
        new.student,
        change=lambda history: History(new.student, (*history.interactions, evidence)),
    )
    return stored


def find_by_uuid(connection: Connection, client_uuid: str) -> StoredInteraction | None:
    """The interaction that a device submitted under this number, or None."""
    rows = run(connection, _BY_UUID, {"of_uuid": client_uuid})
    return _stored(rows[0]) if rows else None


def was_answered(connection: Connection, student: str, item: str, *, item_seed: int) -> bool:
    """Whether the student has tried this very item before."""
    found = select(interaction.c.id).where(
        interaction.c.student == student, interaction.c.item == item, interaction.c.item_seed == item_seed
    )
    return connection.execute(found.limit(1)).first() is not None


def offline_numbers(connection: Connection, students: Sequence[str]) -> dict[str, frozenset[int]]:
    """{student: `seq` of the answers given away from the server}; students without any are absent."""
    return _numbers(connection, students, interaction.c.offline)


def numbers_with_reason(connection: Connection, students: Sequence[str], code: str) -> dict[str, frozenset[int]]:
    """{student: `seq` of the answers to items that were offered for this reason}; the others are absent."""
    return _numbers(connection, students, interaction.c.reason_code == code)


def _numbers(
    connection: Connection, students: Sequence[str], which: ColumnElement[bool]
) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    query = select(interaction.c.student, interaction.c.seq).where(which)
    for some in _chunks(students, _STUDENTS_PER_QUERY):
        for student, seq in connection.execute(query.where(interaction.c.student.in_(some))):
            found.setdefault(student, set()).add(seq)
    return {student: frozenset(numbers) for student, numbers in found.items()}


def recent(connection: Connection, student: str, *, count: int) -> list[StoredInteraction]:
    """A student's newest interactions, newest first."""
    if count > _REMEMBERED:
        return list(_recent(connection, student, count))
    newest = remembered(connection, Kind.NEWEST, student, read=lambda: _recent(connection, student, _REMEMBERED))
    return list(newest[:count])


def _recent(connection: Connection, student: str, count: int) -> tuple[StoredInteraction, ...]:
    rows = run(connection, _RECENT, {"of_student": student, "most": count})
    return tuple(_stored(row) for row in rows)


def history_of(connection: Connection, student: str) -> History:
    """A student's whole history in order; empty for a student without one."""
    return remembered(connection, Kind.HISTORY, student, read=lambda: histories(connection, [student])[0])


def histories(connection: Connection, students: Sequence[str]) -> list[History]:
    """Whole histories in the order of `students`, in few queries."""
    found: dict[str, list[Interaction]] = {student: [] for student in students}
    hashes: dict[str, list[int]] = {student: [] for student in students}
    skills_of = _SkillReader()
    columns = interaction.c
    query = select(
        columns.student, columns.item, columns.skills, columns.correct, columns.at_seconds, columns.weight
    ).order_by(columns.student, columns.seq)
    for some in _chunks(found, _STUDENTS_PER_QUERY):
        rows = connection.execute(query.where(columns.student.in_(some)))
        for row in rows:
            student, item, skills, correct, at_seconds, weight = row
            found[student].append(Interaction(item, skills_of(skills), correct, at_seconds, weight))
            hashes[student].append(hash(row))  # a third of what hashing the interaction takes
    return [History(student, tuple(found[student]), tuple(hashes[student])) for student in students]


def interaction_counts(connection: Connection) -> dict[str, int]:
    """How many interactions each student has; students without any are absent."""
    query = select(interaction.c.student, func.count()).group_by(interaction.c.student)
    return {student: count for student, count in connection.execute(query)}


def wrong_responses(connection: Connection, items: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """{item: (seed, what was typed) of its wrong answers, oldest first}; an imported log has none."""
    columns = interaction.c
    query = select(columns.item, columns.item_seed, columns.response).order_by(columns.id)
    wrong = columns.item.in_(items) & ~columns.correct & (columns.response != "")
    found: dict[str, list[tuple[int, str]]] = {}
    for item, seed, response in connection.execute(query.where(wrong)):
        found.setdefault(item, []).append((seed, response))
    return found


def skills_answered(connection: Connection) -> set[str]:
    """Every skill that an answer here was about."""
    skills_of = _SkillReader()
    stored = connection.execute(select(interaction.c.skills).distinct()).scalars()
    return {skill for text in stored for skill in skills_of(text)}


def bulk_import(connection: Connection, imported: Iterable[History]) -> int:
    """Appends whole histories of students that are in the database; returns how many rows were added."""
    forget_all(connection)
    rows = _imported_values(imported, _last_seqs(connection))
    added = 0
    while some := list(islice(rows, _ROWS_PER_INSERT)):
        connection.execute(insert(interaction), some)
        added += len(some)
    return added


class _SkillReader:
    """Reads the skills column; a school has few combinations of skills and many rows."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> tuple[str, ...]:
        skills = self._seen.get(text)
        if skills is None:
            skills = self._seen[text] = tuple(json.loads(text))
        return skills


def _values_of(new: NewInteraction, seq: int) -> dict[str, Any]:
    return {
        "student": new.student,
        "seq": seq,
        "item": new.item,
        "item_seed": new.item_seed,
        "skills": _skills_text(new.skills),
        "correct": new.correct,
        "response": new.response,
        "hints_used": new.hints_used,
        "assisted": new.assisted,
        "latency_ms": new.latency_ms,
        "at_seconds": new.at.timestamp(),
        "weight": new.weight,
        "reason_code": new.reason_code,
        "model_version": new.model_version,
        "client_uuid": new.client_uuid,
        "offline": new.offline,
    }


def _imported_values(imported: Iterable[History], last_seqs: dict[str, int]) -> Iterable[dict[str, Any]]:
    for history in imported:
        start = last_seqs.get(history.student, 0) + 1
        last_seqs[history.student] = start - 1 + len(history)
        for seq, one in enumerate(history, start=start):
            yield {
                "student": history.student,
                "seq": seq,
                "item": one.item,
                "skills": _skills_text(one.skills),
                "correct": one.correct,
                "at_seconds": one.at_seconds,
                "weight": one.weight,
                **_NOT_IN_A_LOG,
            }


def _last_seqs(connection: Connection) -> dict[str, int]:
    query = select(interaction.c.student, func.max(interaction.c.seq)).group_by(interaction.c.student)
    return {student: last for student, last in connection.execute(query)}


def _skills_text(skills: tuple[str, ...]) -> str:
    return json.dumps(skills, ensure_ascii=False)


def _chunks(values: Iterable[str], size: int) -> Iterable[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _stored(row: tuple[Any, ...]) -> StoredInteraction:
    values = dict(zip(_COLUMNS, row, strict=True))
    return StoredInteraction(**{**values, "skills": tuple(json.loads(values["skills"]))})
