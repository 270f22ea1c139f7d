"""Offers: the one item that is open for each student, with the reason it was chosen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, delete, insert, select, update

from client.records.tables import offer
from common.errors import ErrorCode, FixSettings

Facts = dict[str, Any]

# Built once, since each answer runs them and building costs more than running.
_INSERT: Final = insert(offer)
_OF_STUDENT: Final = select(offer).where(offer.c.student == bindparam("student"))
_CLOSE: Final = delete(offer).where(offer.c.student == bindparam("student"))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A student's line, empty when the student wasn't sure, and what the tutor said to it, if in other words."""

    said: str = field(repr=False)
    reworded: str = ""


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """The open item. item: item family; reason_code with its facts (JSON values) says why.

    quick_hints, quick_tries: those that came before the one above could be read; helped_at, tried_at: the newest.
    talk: with the tutor; None when there was none.
    """

    student: str
    item: str
    item_seed: int
    reason_code: str
    facts: Facts
    model_version: str
    offered_at: datetime
    hints_used: int = 0
    quick_hints: int = 0
    helped_at: datetime | None = None
    quick_tries: int = 0
    tried_at: datetime | None = None
    talk: tuple[Exchange, ...] | None = None

    @property
    def helped(self) -> bool:
        """Whether a hint or the tutor helped, so that a right answer is no evidence of knowing alone."""
        return self.hints_used > 0 or self.talk is not None


def put_offer(connection: Connection, new: StoredOffer) -> None:
    """Opens an item for a student in place of the one that was open."""
    close_offer(connection, new.student)
    values = {
        "student": new.student,
        "item": new.item,
        "item_seed": new.item_seed,
        "reason_code": new.reason_code,
        "facts": json.dumps(new.facts, ensure_ascii=False, allow_nan=False),
        "hints_used": new.hints_used,
        "model_version": new.model_version,
        "offered_at": new.offered_at,
    }
    connection.execute(_INSERT, values)


def open_offer(connection: Connection, student: str) -> StoredOffer | None:
    """The item that a student has open, or None."""
    row = connection.execute(_OF_STUDENT, {"student": student}).one_or_none()
    if row is None:
        return None
    return StoredOffer(
        student=row.student,
        item=row.item,
        item_seed=row.item_seed,
        reason_code=row.reason_code,
        facts=json.loads(row.facts),
        model_version=row.model_version,
        offered_at=row.offered_at,
        hints_used=row.hints_used,
        quick_hints=row.quick_hints,
        helped_at=row.helped_at,
        quick_tries=row.quick_tries,
        tried_at=row.tried_at,
        talk=None if row.talk is None else tuple(Exchange(*pair) for pair in json.loads(row.talk)),
    )


def count_hint(connection: Connection, student: str, *, at: datetime | None = None, quick: bool = False) -> int:
    """Adds one to the hints used on the open item and returns the count; FixSettings if none is open."""
    quick_hints = offer.c.quick_hints + int(quick)
    values = {"hints_used": offer.c.hints_used + 1, "quick_hints": quick_hints, "helped_at": at}
    count = _changed(connection, student, values, counted=offer.c.hints_used)
    if count is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "No item is open. Ask for the next one.")
    return count


def count_try(connection: Connection, student: str, *, at: datetime, quick: bool) -> int:
    """Notes a try at the open item; returns how many came too quickly after the one before. 0 if none is open."""
    values = {"quick_tries": offer.c.quick_tries + int(quick), "tried_at": at}
    return _changed(connection, student, values, counted=offer.c.quick_tries) or 0


def keep_talk(connection: Connection, student: str, talk: Sequence[Exchange]) -> None:
    """Replaces what was said about the open item, if one is open. Call it in the writer."""
    said = json.dumps([[one.said, one.reworded] for one in talk], ensure_ascii=False)
    connection.execute(update(offer).where(offer.c.student == student).values(talk=said))


def _changed(connection: Connection, student: str, values: Facts, *, counted: Column[int]) -> int | None:
    """The counted column of the open item after the change; None if none is open."""
    query = update(offer).where(offer.c.student == student).values(**values).returning(counted)
    return connection.execute(query).scalar_one_or_none()


def close_offer(connection: Connection, student: str) -> None:
    """Forgets the open item, if any."""
    connection.execute(_CLOSE, {"student": student})
