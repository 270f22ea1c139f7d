"""The registry of releases: one signed file per release, a row that says whether it may still be used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.sqlite import insert

from common.arrays import Arrays, from_bytes
from common.canonical import sha256_hex
from common.errors import Corrupt, ErrorCode, FixSettings
from common.log_entries import Released, Withdrawn
from common.models.release import ModelRelease, release_digest, write_release
from common.models.release_content import released_families, released_part
from common.plan import CampaignPlan
from common.whole_file import write_whole
from server import tables
from server.campaign_records import CampaignState, find_campaign, read_model, set_state
from server.coordinator import Coordinator
from server.evaluate import Evaluation
from server.journal import JournalEntry, write_journal
from server.model_card import model_card
from server.public_log import append_entry


class ReleaseState(StrEnum):
    """A withdrawn release stays on record; schools go back one step."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A release as the coordinator keeps it. digest: SHA-256 of the file. campaign: the plan's digest."""

    digest: str
    campaign: str
    state: ReleaseState
    size_bytes: int
    released_at: datetime


def register_release(
    coordinator: Coordinator,
    campaign: CampaignPlan,
    *,
    model: bytes,
    evaluation: Evaluation,
    confirmed_by: Sequence[str] = (),
) -> str:
    """Signs the release, flushes its file, then writes its row and the campaign's end; returns its digest.

    A file without a row (killed in between) isn't a release; doing it again registers one.
    """
    now = coordinator.clock.now()
    arrays = {**earlier_model(coordinator, campaign), **released_part(campaign, model)}
    card = model_card(campaign, evaluation, confirmed_by=confirmed_by, created_at=now)
    release = ModelRelease(arrays, campaign.model.skill_map, card, released_families(campaign))
    data = write_release(release, coordinator.identity)
    digest = release_digest(data)
    write_whole(release_file(coordinator, digest), data)
    row = {"digest": digest, "campaign": campaign.digest, "state": ReleaseState.RELEASED}
    with coordinator.store.write() as connection:
        values = row | {"size_bytes": len(data), "released_at": now}
        connection.execute(insert(tables.releases).values(values))
        set_state(connection, campaign.digest, CampaignState.RELEASED, at=now)
        write_journal(connection, JournalEntry("release-registered", campaign.digest, detail=digest), at=now)
        append_entry(connection, Released(campaign=campaign.digest, release=digest, model=sha256_hex(model)))
    return digest


def earlier_model(coordinator: Coordinator, campaign: CampaignPlan) -> Arrays:
    """The logistic model that a campaign builds on, or no array; FixSettings if it is missing here."""
    if campaign.foundation is None:
        return {}
    with coordinator.store.read() as connection:
        return from_bytes(read_model(connection, campaign.foundation.model_digest))


def release_file(coordinator: Coordinator, digest: str) -> Path:
    """Where the file of a release lies."""
    return coordinator.folder.releases / f"{digest}.release"


def list_releases(connection: Connection) -> list[ReleaseRecord]:
    """Newest first, withdrawn ones too."""
    query = select(tables.releases).order_by(tables.releases.c.released_at.desc())
    return [_record(row) for row in connection.execute(query)]


def find_release(connection: Connection, digest: str) -> ReleaseRecord:
    """By its digest or the first eight or more digits of it; FixSettings if there isn't exactly one."""
    found = [r for r in list_releases(connection) if r.digest == digest or _is_start(digest, r.digest)]
    if len(found) != 1:
        raise FixSettings(ErrorCode.NOT_FOUND, "There is no such release.")
    return found[0]


def read_release_file(coordinator: Coordinator, digest: str) -> bytes:
    """The file's bytes; Corrupt if they aren't those that were registered."""
    with coordinator.store.read() as connection:
        record = find_release(connection, digest)
    try:
        data = release_file(coordinator, record.digest).read_bytes()
    except FileNotFoundError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, "The release's file is missing; restore it.") from error
    if release_digest(data) != record.digest:
        raise Corrupt(ErrorCode.BAD_RELEASE, "The release's file was changed after it was registered.")
    return data


def withdraw_release(coordinator: Coordinator, digest: str, *, reason: str) -> ReleaseRecord:
    """Marks a release as withdrawn, with the reason in the journal; schools see it at their next look."""
    now, table = coordinator.clock.now(), tables.releases
    with coordinator.store.write() as connection:
        record = find_release(connection, digest)
        values = {"state": ReleaseState.WITHDRAWN, "withdrawn_at": now}
        connection.execute(table.update().where(table.c.digest == record.digest).values(values))
        append_entry(connection, Withdrawn(release=record.digest, reason=reason))
        entry = JournalEntry("release-withdrawn", record.campaign, detail=f"{record.digest}: {reason}")
        write_journal(connection, entry, at=now)
        return find_release(connection, record.digest)


def campaign_name(connection: Connection, record: ReleaseRecord) -> str:
    """The name of the campaign that a release comes from."""
    return find_campaign(connection, record.campaign).plan.campaign


def _is_start(text: str, digest: str) -> bool:
    return len(text) >= 8 and digest.startswith(text)


def _record(row: Row[tuple[object, ...]]) -> ReleaseRecord:
    return ReleaseRecord(row.digest, row.campaign, ReleaseState(row.state), row.size_bytes, row.released_at)
