"""Refusal log: every time this school said no to a round, with the reason that stays here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from client.records.tables import refusal_log
from common.refusals import Refusal, RefusalCode


@dataclass(frozen=True, slots=True)
class StoredRefusal:
    """One refusal. round: 0 when the campaign as a whole was refused."""

    campaign: str
    round: int
    refusal: Refusal
    at: datetime


def record_refusal(connection: Connection, new: StoredRefusal) -> None:
    """Adds one refusal."""
    connection.execute(
        insert(refusal_log).values(
            at=new.at,
            campaign=new.campaign,
            round=new.round,
            code=str(new.refusal.code),
            sentence=new.refusal.sentence,
            local_reason=new.refusal.local_reason,
        )
    )


def recent_refusals(connection: Connection, *, count: int) -> list[StoredRefusal]:
    """The newest refusals, newest first."""
    rows = connection.execute(select(refusal_log).order_by(refusal_log.c.id.desc()).limit(count))
    return [
        StoredRefusal(r.campaign, r.round, Refusal(RefusalCode(r.code), r.sentence, r.local_reason), r.at)
        for r in rows
    ]
