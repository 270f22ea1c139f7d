"""Class groups: a name for staff and a short code that a device signs in with."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select

from client.records.tables import class_group
from common.errors import ErrorCode, FixSettings

# Without letters and digits that look alike on a board.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """One class."""

    id: str
    name: str
    code: str


def new_class_code() -> str:
    """Six letters and digits that are easy to read aloud."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def add_class(connection: Connection, *, name: str, code: str) -> ClassGroup:
    """A new class with a random id; the code must be free."""
    if class_by_code(connection, code) is not None:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"The class code {code} is taken. Choose another.")
    added = ClassGroup(secrets.token_hex(16), name, code)
    connection.execute(insert(class_group).values(id=added.id, name=added.name, code=added.code))
    return added


def classes(connection: Connection) -> list[ClassGroup]:
    """All classes by name."""
    rows = connection.execute(select(class_group).order_by(class_group.c.name, class_group.c.id))
    return [_class_of(row) for row in rows]


def class_by_code(connection: Connection, code: str) -> ClassGroup | None:
    """The class that a device asked for, or None."""
    row = connection.execute(select(class_group).where(class_group.c.code == code)).one_or_none()
    return None if row is None else _class_of(row)


def class_by_id(connection: Connection, class_id: str) -> ClassGroup:
    """FixSettings (not-found) for an id that isn't there."""
    row = connection.execute(select(class_group).where(class_group.c.id == class_id)).one_or_none()
    if row is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "This class isn't in the database.")
    return _class_of(row)


def _class_of(row: Row[tuple[str, str, str]]) -> ClassGroup:
    return ClassGroup(row.id, row.name, row.code)
