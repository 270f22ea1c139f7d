"""Offers: the one item that is open for each student, with the reason it was chosen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select

from client.records.memory import Kind, remember, remembered
from client.records.plain_sql import run, upsert
from client.records.tables import offer
from common.errors import ErrorCode, FixSettings

Facts = dict[str, Any]

_OF_STUDENT: Final = select(offer).where(offer.c.student == bindparam("of_student"))
_SAVE: Final = upsert(offer)
_COLUMNS: Final = tuple(column.name for column in offer.columns)
_CLOSE: Final = delete(offer).where(offer.c.student == bindparam("of_student"))


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
    values = {name: getattr(new, name) for name in _COLUMNS}
    values["facts"] = json.dumps(new.facts, ensure_ascii=False, allow_nan=False)
    if new.talk is not None:
        values["talk"] = json.dumps([[one.said, one.reworded] for one in new.talk], ensure_ascii=False)
    run(connection, _SAVE, values)
    remember(connection, Kind.OFFER, new.student, value=new)


def open_offer(connection: Connection, student: str) -> StoredOffer | None:
    """The item that a student has open, or None."""
    return remembered(connection, Kind.OFFER, student, read=lambda: _read(connection, student))


def count_hint(connection: Connection, student: str, *, at: datetime | None = None, quick: bool = False) -> int:
    """Adds one to the hints used on the open item and returns the count; FixSettings if none is open."""
    before = open_offer(connection, student)
    if before is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "No item is open. Ask for the next one.")
    after = replace(before, hints_used=before.hints_used + 1, quick_hints=before.quick_hints + quick, helped_at=at)
    put_offer(connection, after)
    return after.hints_used


def count_try(connection: Connection, student: str, *, at: datetime, quick: bool) -> int:
    """Notes a try at the open item; returns how many came too quickly after the one before. 0 if none is open."""
    before = open_offer(connection, student)
    if before is None:
        return 0
    after = replace(before, quick_tries=before.quick_tries + quick, tried_at=at)
    put_offer(connection, after)
    return after.quick_tries


def keep_talk(connection: Connection, student: str, talk: Sequence[Exchange]) -> None:
    """Replaces what was said about the open item, if one is open. Call it in the writer."""
    before = open_offer(connection, student)
    if before is not None:
        put_offer(connection, replace(before, talk=tuple(talk)))


def close_offer(connection: Connection, student: str) -> None:
    """Forgets the open item, if any."""
    run(connection, _CLOSE, {"of_student": student})
    remember(connection, Kind.OFFER, student, value=None)


def _read(connection: Connection, student: str) -> StoredOffer | None:
    rows = run(connection, _OF_STUDENT, {"of_student": student})
    if not rows:
        return None
    values = dict(zip(_COLUMNS, rows[0], strict=True))
    values["facts"] = json.loads(values["facts"])
    if values["talk"] is not None:
        values["talk"] = tuple(Exchange(*pair) for pair in json.loads(values["talk"]))
    return StoredOffer(**values)
