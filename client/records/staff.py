"""Staff: teachers and administrators, their password hashes, and the classes a teacher may see."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, delete, insert, select, update

from client.records.tables import staff, staff_class
from common.errors import ErrorCode, FixSettings, Refused

MINIMUM_PASSWORD_LETTERS = 10
SIGN_IN_FAILED = "The name or the password is wrong."


class Role(StrEnum):
    """What a member of staff may do."""

    TEACHER = "teacher"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of staff. class_ids: the classes a teacher may see, sorted; an administrator needs none."""

    id: str
    name: str
    role: Role
    class_ids: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Whom to add. Make `password_hash` with `hash_password`, outside the writer's thread."""

    name: str
    role: Role
    password_hash: str = field(repr=False)
    class_ids: tuple[str, ...] = ()


def hash_password(password: str) -> str:
    """Argon2id, 19 MiB, two passes (OWASP's first choice): some 20 ms, so never in the writer's thread."""
    if len(password) < MINIMUM_PASSWORD_LETTERS:
        raise FixSettings(
            ErrorCode.BAD_PARAMETER, f"A password needs at least {MINIMUM_PASSWORD_LETTERS} letters."
        )
    return _hasher().hash(password)


def add_staff(connection: Connection, new: NewStaff, *, now: datetime) -> Staff:
    """Adds a member of staff with a random id; the name must be free."""
    taken = connection.execute(select(staff.c.id).where(staff.c.name == new.name)).one_or_none()
    if taken is not None:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "This sign-in name is taken. Choose another.")
    staff_id = secrets.token_hex(16)
    connection.execute(
        insert(staff).values(
            id=staff_id,
            name=new.name,
            role=str(new.role),
            password_hash=new.password_hash,
            created_at=now,
            active=True,
        )
    )
    set_classes(connection, staff_id, new.class_ids)
    return staff_by_id(connection, staff_id)


def sign_in(connection: Connection, name: str, password: str) -> Staff:
    """The member of staff with this password. Refused, in the same words and time, whatever was wrong."""
    row = connection.execute(select(staff).where(staff.c.name == name, staff.c.active)).one_or_none()
    if row is None:
        # The work of a check, so that the time taken doesn't tell which names exist.
        _hasher().hash(password)
        raise _wrong()
    try:
        _hasher().verify(row.password_hash, password)
    except (VerificationError, InvalidHashError) as error:
        raise _wrong() from error
    return _staff_of(connection, row)


def staff_by_id(connection: Connection, staff_id: str) -> Staff:
    """FixSettings (not-found) for an id that isn't there."""
    row = connection.execute(select(staff).where(staff.c.id == staff_id)).one_or_none()
    if row is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "This member of staff isn't in the database.")
    return _staff_of(connection, row)


def all_staff(connection: Connection) -> list[Staff]:
    """Everybody by name, those who left included."""
    rows = connection.execute(select(staff).order_by(staff.c.name)).all()
    return [_staff_of(connection, row) for row in rows]


def set_classes(connection: Connection, staff_id: str, class_ids: tuple[str, ...]) -> None:
    """Replaces the classes that a teacher may see."""
    connection.execute(delete(staff_class).where(staff_class.c.staff == staff_id))
    rows = [{"staff": staff_id, "class_id": one} for one in sorted(set(class_ids))]
    if rows:
        connection.execute(insert(staff_class), rows)


def set_password(connection: Connection, staff_id: str, password_hash: str) -> None:
    """Replaces the password; end the person's sessions with `close_sessions_of` as well."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


def set_staff_active(connection: Connection, staff_id: str, *, active: bool) -> None:
    """Whether the person may sign in."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(active=active))


def may_see_class(member: Staff, class_id: str) -> bool:
    """Teachers see their own classes, administrators all."""
    return member.role is Role.ADMINISTRATOR or class_id in member.class_ids


def _staff_of(connection: Connection, row: Row[Any]) -> Staff:
    query = select(staff_class.c.class_id).where(staff_class.c.staff == row.id)
    return Staff(row.id, row.name, Role(row.role), tuple(sorted(connection.execute(query).scalars())), row.active)


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _wrong() -> Refused:
    return Refused(ErrorCode.NOT_SIGNED_IN, SIGN_IN_FAILED)
