"""Rows of campaigns and start models: what was drafted, what state it is in, and what the operator wants."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from common.campaign_message import seal_campaign
from common.canonical import sha256_hex
from common.errors import ErrorCode, FixSettings, Refused
from common.log_entries import Proposed
from common.plan import CampaignPlan
from common.signing import Identity
from server import tables
from server.journal import JournalEntry, write_journal
from server.public_log import append_entry


class CampaignState(StrEnum):
    """Where a campaign stands. From stopped it can go on; released and rejected are final."""

    DRAFTED = "drafted"
    RUNNING = "running"
    STOPPED = "stopped"
    RELEASED = "released"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self in {CampaignState.RELEASED, CampaignState.REJECTED}


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """A campaign as the coordinator keeps it. wanted: the operator wants it to run. reason: a sentence."""

    plan: CampaignPlan
    state: CampaignState
    reason: str
    wanted: bool
    drafted_at: datetime
    envelope: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The plan's digest, which schools approve."""
        return self.plan.digest


def add_campaign(
    connection: Connection, plan: CampaignPlan, *, identity: Identity, start_model: bytes, at: datetime
) -> str:
    """Signs and keeps a drafted plan and its start model; returns the plan's digest.

    FixSettings if the name is taken or the start model isn't the plan's.
    """
    if sha256_hex(start_model) != plan.model.start_digest:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "The start model isn't the one that the plan names.")
    keep_model(connection, start_model)
    row = {
        "digest": plan.digest,
        "campaign": plan.campaign,
        "plan": plan.to_bytes(),
        "envelope": seal_campaign(identity, plan),
        "state": CampaignState.DRAFTED,
        "drafted_at": at,
        "changed_at": at,
    }
    try:
        connection.execute(tables.campaigns.insert().values(row))
    except IntegrityError as error:
        sentence = f"There is a campaign called {plan.campaign} already; choose another name."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence) from error
    write_journal(connection, JournalEntry("campaign-drafted", plan.digest, detail=plan.campaign), at=at)
    append_entry(connection, Proposed(campaign=plan.digest, name=plan.campaign))
    return plan.digest


def find_campaign(connection: Connection, name_or_digest: str) -> CampaignRecord:
    """By its name or its digest; FixSettings if there is none."""
    columns = tables.campaigns.c
    wanted = (columns.digest == name_or_digest) | (columns.campaign == name_or_digest)
    row = connection.execute(select(tables.campaigns).where(wanted)).one_or_none()
    if row is None:
        raise FixSettings(ErrorCode.NOT_FOUND, f"There is no campaign {name_or_digest}.")
    return _record(row)


def list_campaigns(connection: Connection) -> list[CampaignRecord]:
    """Newest first."""
    # SQLite numbers its rows: two drafts of one moment keep their order.
    query = select(tables.campaigns).order_by(tables.campaigns.c.drafted_at.desc(), text("rowid DESC"))
    return [_record(row) for row in connection.execute(query)]


def want_campaign(connection: Connection, digest: str, *, wanted: bool, at: datetime) -> None:
    """Writes down that the operator wants a campaign to run, or to stop after the round under way.

    Refused when it has ended for good.
    """
    record = find_campaign(connection, digest)
    if record.state.is_final:
        sentence = f"The campaign {record.plan.campaign} has ended ({record.state}); draft a new one."
        raise Refused(ErrorCode.CAMPAIGN_STOPPED, sentence)
    _update(connection, record.digest, {"wanted": wanted}, at=at)
    event = "campaign-start-wanted" if wanted else "campaign-stop-wanted"
    write_journal(connection, JournalEntry(event, record.digest), at=at)


def set_state(
    connection: Connection, digest: str, state: CampaignState, *, at: datetime, reason: str = ""
) -> None:
    """Moves a campaign on; any state but running also ends the operator's wish to run it."""
    values: dict[str, object] = {"state": state, "reason": reason}
    if state != CampaignState.RUNNING:
        values["wanted"] = False
    _update(connection, digest, values, at=at)
    write_journal(connection, JournalEntry(f"campaign-{state}", digest, detail=reason), at=at)


def keep_model(connection: Connection, arrays: bytes) -> str:
    """Keeps the bytes of a model under their digest, which it returns."""
    digest = sha256_hex(arrays)
    connection.execute(insert(tables.models).values(digest=digest, arrays=arrays).on_conflict_do_nothing())
    return digest


def read_model(connection: Connection, digest: str) -> bytes:
    """The bytes that `keep_model` kept; FixSettings if there are none."""
    query = select(tables.models.c.arrays).where(tables.models.c.digest == digest)
    arrays = connection.execute(query).scalar_one_or_none()
    if arrays is None:
        raise FixSettings(ErrorCode.NOT_FOUND, "The campaign's start model is missing from the database.")
    return bytes(arrays)


def _update(connection: Connection, digest: str, values: dict[str, object], *, at: datetime) -> None:
    table = tables.campaigns
    connection.execute(table.update().where(table.c.digest == digest).values(values | {"changed_at": at}))


def _record(row: Row[tuple[object, ...]]) -> CampaignRecord:
    return CampaignRecord(
        plan=CampaignPlan.from_bytes(row.plan),
        state=CampaignState(row.state),
        reason=row.reason,
        wanted=row.wanted,
        drafted_at=row.drafted_at,
        envelope=row.envelope,
    )
