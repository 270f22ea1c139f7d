"""Approvals: the campaign plans a school has seen, and what its administrator decided about each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from client.records.tables import approved_campaign
from common.errors import ErrorCode, FixSettings


class Decided(StrEnum):
    """What the administrator said."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CampaignDecision:
    """A plan's canonical bytes and the decision. at: of the decision, or of arrival while waiting."""

    digest: str
    plan: bytes
    decided: Decided
    by: str | None
    at: datetime


def note_campaign(connection: Connection, digest: str, plan: bytes, *, now: datetime) -> bool:
    """Keeps a verified plan that waits for a decision; False if it was known already."""
    if decision_of(connection, digest) is not None:
        return False
    values = {"digest": digest, "plan": plan, "decided": str(Decided.WAITING), "by": None, "at": now}
    connection.execute(insert(approved_campaign).values(values))
    return True


def decide_campaign(connection: Connection, digest: str, *, decided: Decided, by: str, now: datetime) -> None:
    """Records the administrator's word; a later word replaces it. FixSettings for a plan that isn't known."""
    query = update(approved_campaign).where(approved_campaign.c.digest == digest)
    if connection.execute(query.values(decided=str(decided), by=by, at=now)).rowcount == 0:
        raise FixSettings(ErrorCode.NOT_FOUND, "This campaign plan hasn't reached the school.")


def decision_of(connection: Connection, digest: str) -> CampaignDecision | None:
    """The plan and its decision, or None for a plan that isn't known."""
    query = select(approved_campaign).where(approved_campaign.c.digest == digest)
    row = connection.execute(query).one_or_none()
    return None if row is None else _decision_of(row)


def is_approved(connection: Connection, digest: str) -> bool:
    """Whether exactly these terms were approved here."""
    found = decision_of(connection, digest)
    return found is not None and found.decided is Decided.APPROVED


def campaign_decisions(connection: Connection) -> list[CampaignDecision]:
    """Every known plan, newest first."""
    order = (approved_campaign.c.at.desc(), approved_campaign.c.digest)
    return [_decision_of(row) for row in connection.execute(select(approved_campaign).order_by(*order))]


def _decision_of(row: Row[Any]) -> CampaignDecision:
    return CampaignDecision(row.digest, bytes(row.plan), Decided(row.decided), row.by, row.at)
