"""Paused items: what staff took out of practice because something is wrong with it, until it is let back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from client.records.audit_trail import record_audit
from client.records.memory import WHOLE_SCHOOL, Kind, remember, remembered
from client.records.plain_sql import run
from client.records.tables import paused_item

# Built once, since each answer runs it and building costs more than running.
_ALL: Final = select(paused_item.c.item)


@dataclass(frozen=True, slots=True)
class PausedItem:
    """by: a staff id."""

    item: str
    by: str
    at: datetime


def paused_items(connection: Connection) -> frozenset[str]:
    """Item families that practice leaves out."""
    return remembered(connection, Kind.PAUSED, WHOLE_SCHOOL, read=lambda: _read(connection))


def _read(connection: Connection) -> frozenset[str]:
    return frozenset(item for (item,) in run(connection, _ALL, {}))


def all_paused(connection: Connection) -> list[PausedItem]:
    """With who and when, newest first."""
    rows = connection.execute(select(paused_item).order_by(paused_item.c.at.desc(), paused_item.c.item))
    return [PausedItem(row.item, row.by, row.at) for row in rows]


def pause_item(connection: Connection, item: str, *, by: str, now: datetime) -> bool:
    """Nobody is offered it from the next item on; False if that was so already. Call it in the writer."""
    if item in paused_items(connection):
        return False
    connection.execute(insert(paused_item).values(item=item, by=by, at=now))
    remember(connection, Kind.PAUSED, WHOLE_SCHOOL, value=_read(connection))
    record_audit(connection, actor=by, action="item-paused", subject=item, now=now)
    return True


def resume_item(connection: Connection, item: str, *, by: str, now: datetime) -> bool:
    """It may be offered again; False if it wasn't paused. Call it in the writer."""
    if connection.execute(delete(paused_item).where(paused_item.c.item == item)).rowcount == 0:
        return False
    remember(connection, Kind.PAUSED, WHOLE_SCHOOL, value=_read(connection))
    record_audit(connection, actor=by, action="item-resumed", subject=item, now=now)
    return True
