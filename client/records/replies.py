"""Replies: the exact bytes a school answered each round with, so that asking again costs no privacy."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from client.records.tables import round_reply
from common.errors import ErrorCode, Refused


@dataclass(frozen=True, slots=True)
class StoredReply:
    """The signed reply of one round; ctx is the round plan's digest."""

    ctx: str
    campaign_digest: str
    round: int
    reply: bytes = field(repr=False)
    at: datetime


def save_reply(connection: Connection, new: StoredReply) -> None:
    """Keeps a reply before it is sent. The same again changes nothing; other bytes for a round are Refused."""
    earlier = reply_of(connection, new.ctx)
    if earlier is not None and earlier.reply == new.reply:
        return
    if earlier is not None or last_round(connection, new.campaign_digest) >= new.round:
        raise Refused(
            ErrorCode.BAD_MESSAGE, "This round was answered already, and a second answer would cost privacy."
        )
    connection.execute(
        insert(round_reply).values(
            ctx=new.ctx, campaign_digest=new.campaign_digest, round=new.round, reply=new.reply, at=new.at
        )
    )


def reply_of(connection: Connection, ctx: str) -> StoredReply | None:
    """The reply to a round plan, or None if it wasn't answered."""
    return _stored(connection.execute(select(round_reply).where(round_reply.c.ctx == ctx)).one_or_none())


def reply_in(connection: Connection, campaign_digest: str, round_number: int) -> StoredReply | None:
    """The reply that was given in a round of a campaign, or None."""
    in_round = (round_reply.c.campaign_digest == campaign_digest) & (round_reply.c.round == round_number)
    return _stored(connection.execute(select(round_reply).where(in_round)).one_or_none())


def last_round(connection: Connection, campaign_digest: str) -> int:
    """The highest round of a campaign that was answered; 0 before the first."""
    query = select(func.max(round_reply.c.round)).where(round_reply.c.campaign_digest == campaign_digest)
    return connection.execute(query).scalar_one() or 0


def _stored(row: Row[Any] | None) -> StoredReply | None:
    if row is None:
        return None
    return StoredReply(row.ctx, row.campaign_digest, row.round, bytes(row.reply), row.at)
