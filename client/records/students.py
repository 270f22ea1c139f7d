"""Students: a random id that the rest of the database uses, and a sealed name that only the school can open."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from client.records.tables import student, student_key
from client.records.vault import Vault
from common.errors import ErrorCode, FixSettings

FIRST_MONTH_OF_SCHOOL_YEAR = 8


@dataclass(frozen=True, slots=True)
class NewStudent:
    """Who to add. An empty `id` gets a random one; give one only for ids that name nobody."""

    display_name: str = field(repr=False)
    class_id: str
    avatar: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Student:
    """One student. `display_name` is None once the student's key has been destroyed."""

    id: str
    class_id: str
    display_name: str | None = field(repr=False)
    avatar: str
    active: bool


def add_student(connection: Connection, vault: Vault, new: NewStudent, *, now: datetime) -> str:
    """Adds one student; returns the id."""
    return add_students(connection, vault, [new], now=now)[0]


def add_students(connection: Connection, vault: Vault, new: Sequence[NewStudent], *, now: datetime) -> list[str]:
    """Adds students, each name sealed under a fresh key of its own; returns the ids in the same order."""
    if not new:
        return []
    ids = [one.id or secrets.token_hex(16) for one in new]
    keys = [vault.new_wrapped_key(each) for each in ids]
    rows = [
        {
            "id": each,
            "class_id": one.class_id,
            "sealed_name": vault.seal(each, key, one.display_name),
            "avatar": one.avatar,
            "created_at": now,
            "active": True,
            "cohort": cohort_of(now),
        }
        for each, key, one in zip(ids, keys, new, strict=True)
    ]
    connection.execute(insert(student), rows)
    connection.execute(
        insert(student_key), [{"student": e, "wrapped_key": k} for e, k in zip(ids, keys, strict=True)]
    )
    return ids


def cohort_of(at: datetime) -> str:
    """The school year of a moment, from 1 August in UTC: "2026/27". Who is added in one pays together."""
    day = at.astimezone(UTC)
    first = day.year if day.month >= FIRST_MONTH_OF_SCHOOL_YEAR else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def cohorts_by_student(connection: Connection) -> dict[str, str]:
    """The enrolment cohort of each active student. Sensitive, like every list of students."""
    rows = connection.execute(select(student.c.id, student.c.cohort).where(student.c.active))
    return {row.id: row.cohort for row in rows}


def student_by_id(connection: Connection, vault: Vault, student_id: str) -> Student:
    """FixSettings (not-found) for an id that isn't there."""
    row = connection.execute(_with_keys().where(student.c.id == student_id)).one_or_none()
    if row is None:
        raise _unknown()
    return student_of(row._mapping, vault)


def students_of_class(connection: Connection, vault: Vault, class_id: str) -> list[Student]:
    """The active students of a class by name."""
    rows = connection.execute(_with_keys().where(student.c.class_id == class_id, student.c.active))
    found = [student_of(row._mapping, vault) for row in rows]
    return sorted(found, key=lambda one: (one.display_name or "", one.id))


def student_ids(connection: Connection, *, class_id: str | None = None) -> list[str]:
    """Ids of active students, sorted; of one class if given."""
    query = select(student.c.id).where(student.c.active).order_by(student.c.id)
    if class_id is not None:
        query = query.where(student.c.class_id == class_id)
    return sorted(connection.execute(query).scalars())


def rename_student(connection: Connection, vault: Vault, student_id: str, *, display_name: str) -> None:
    """Seals another name under the student's key."""
    key = _wrapped_key(connection, student_id)
    sealed = vault.seal(student_id, key, display_name)
    connection.execute(update(student).where(student.c.id == student_id).values(sealed_name=sealed))


def set_active(connection: Connection, student_id: str, *, active: bool) -> None:
    """Whether the student still practises here; an inactive one enters no list and no training."""
    changed = connection.execute(update(student).where(student.c.id == student_id).values(active=active))
    if changed.rowcount == 0:
        raise _unknown()


def destroy_key(connection: Connection, student_id: str) -> bool:
    """Makes the student's name unreadable for good, also in copies of the database; True if there was a key."""
    return connection.execute(delete(student_key).where(student_key.c.student == student_id)).rowcount > 0


def _with_keys() -> Select[Any]:
    keyed = student.outerjoin(student_key, student_key.c.student == student.c.id)
    return select(student, student_key.c.wrapped_key).select_from(keyed)


def _wrapped_key(connection: Connection, student_id: str) -> bytes:
    found = connection.execute(select(student_key.c.wrapped_key).where(student_key.c.student == student_id))
    key = found.scalar_one_or_none()
    if key is None:
        raise _unknown()
    return bytes(key)


def student_of(row: RowMapping | Mapping[str, Any], vault: Vault) -> Student:
    """From a row of `student` by column, with the student's `wrapped_key` beside it."""
    key = row["wrapped_key"]
    name = None if key is None else vault.unseal(row["id"], key, row["sealed_name"])
    return Student(row["id"], row["class_id"], name, row["avatar"], row["active"])


def _unknown() -> FixSettings:
    return FixSettings(ErrorCode.NOT_FOUND, "This student isn't in the database.")
