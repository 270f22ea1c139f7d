"""Picture PINs: three of twelve pictures in order, so that a child who can't read yet signs in alone.

1,320 orders are few, so tries are counted for each student on each device. Nobody can lock another student out:
a device on which the student has signed in before is never held up by what happens on others.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from client.records.tables import picture_pin, picture_try
from client.records.vault import Vault
from common.errors import ErrorCode, FixSettings

PICTURES, LENGTH = 12, 3
TRIES_BEFORE_PAUSE, PAUSE = 5, timedelta(minutes=1)
TRIES_BEFORE_TEACHER = 10
# Of all devices together on which the student never signed in, within the hour.
STRANGERS_TRIES, STRANGERS_WINDOW = 20, timedelta(hours=1)


class PinAnswer(StrEnum):
    """What a try came to. PAUSED: wait a minute. ASK_TEACHER: held up here until the pictures are reset."""

    RIGHT = "right"
    WRONG = "wrong"
    PAUSED = "paused"
    ASK_TEACHER = "ask-teacher"


@dataclass(frozen=True, slots=True)
class PinTry:
    """Somebody's pictures for a student, on a device that has a random name of its own."""

    student: str
    device: str
    pictures: tuple[int, ...]


def has_pin(connection: Connection, student: str) -> bool:
    """Whether the student has chosen pictures."""
    return (
        connection.execute(select(picture_pin.c.student).where(picture_pin.c.student == student)).first()
        is not None
    )


def students_with_pin(connection: Connection, students: Sequence[str]) -> set[str]:
    """Those who have chosen pictures."""
    query = select(picture_pin.c.student).where(picture_pin.c.student.in_(students))
    return set(connection.execute(query).scalars())


def set_pin(connection: Connection, vault: Vault, chosen: PinTry, *, now: datetime) -> None:
    """A student's first pictures, chosen on a device that is known from then on.

    FixSettings if there are some already, or these aren't three different ones of the twelve.
    """
    if not is_complete(chosen.pictures):
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"A picture PIN is {LENGTH} different pictures.")
    if has_pin(connection, chosen.student):
        raise FixSettings(ErrorCode.BAD_PARAMETER, "There are pictures already. Ask your teacher to reset them.")
    connection.execute(insert(picture_pin).values(student=chosen.student, mac=_mac(vault, chosen), set_at=now))
    _note(connection, chosen, failed=0, known=True, now=now)


def forget_pin(connection: Connection, student: str) -> None:
    """The student chooses again at the next sign-in, and no device is held up any longer."""
    connection.execute(delete(picture_pin).where(picture_pin.c.student == student))
    connection.execute(delete(picture_try).where(picture_try.c.student == student))


def try_pin(connection: Connection, vault: Vault, given: PinTry, *, now: datetime) -> PinAnswer:
    """Counts the try before it is looked at. Call it in the writer."""
    row = connection.execute(select(picture_try).where(_same(given))).one_or_none()
    held_up = _held_up(connection, row, given, now=now)
    if held_up is not None:
        return held_up
    known, failed = (False, 0) if row is None else (row.known, row.failed)
    stored = connection.execute(
        select(picture_pin.c.mac).where(picture_pin.c.student == given.student)
    ).scalar_one_or_none()
    right = stored is not None and hmac.compare_digest(bytes(stored), _mac(vault, given))
    _note(connection, given, failed=0 if right else failed + 1, known=known or right, now=now)
    return PinAnswer.RIGHT if right else PinAnswer.WRONG


def is_complete(pictures: Sequence[int]) -> bool:
    """Three different pictures of the twelve."""
    return len(pictures) == LENGTH == len(set(pictures)) and all(0 <= one < PICTURES for one in pictures)


def _held_up(
    connection: Connection, row: Row[tuple[str, str, int, bool, datetime]] | None, given: PinTry, *, now: datetime
) -> PinAnswer | None:
    if row is not None and row.failed >= TRIES_BEFORE_TEACHER:
        return PinAnswer.ASK_TEACHER
    pauses = row is not None and row.failed > 0 and row.failed % TRIES_BEFORE_PAUSE == 0
    if pauses and row is not None and now - row.last_at < PAUSE:
        return PinAnswer.PAUSED
    if row is not None and row.known:
        return None
    strangers = select(func.coalesce(func.sum(picture_try.c.failed), 0)).where(
        picture_try.c.student == given.student,
        picture_try.c.known.is_(False),
        picture_try.c.last_at > now - STRANGERS_WINDOW,
    )
    tried = int(connection.execute(strangers).scalar_one())
    return PinAnswer.ASK_TEACHER if tried >= STRANGERS_TRIES else None


def _note(connection: Connection, given: PinTry, *, failed: int, known: bool, now: datetime) -> None:
    values = {"failed": failed, "known": known, "last_at": now}
    if connection.execute(update(picture_try).where(_same(given)).values(**values)).rowcount == 0:
        connection.execute(insert(picture_try).values(student=given.student, device=given.device, **values))


def _same(given: PinTry) -> ColumnElement[bool]:
    return (picture_try.c.student == given.student) & (picture_try.c.device == given.device)


def _mac(vault: Vault, given: PinTry) -> bytes:
    return vault.mac(given.student, "picture-pin", "-".join(map(str, given.pictures)))
