"""Releases at a school: fetched, verified against an approved campaign, measured here, then served."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from client.federation.approvals import known_campaigns
from client.federation.coordinator_api import CoordinatorApi, fetch_offers, fetch_release
from client.federation.serving import roll_back
from client.records.approvals import Decided, decision_of
from client.records.audit_trail import record_audit
from client.records.releases import InstalledRelease, active_release, installed_releases, record_release
from client.records.serving import ServedBkt, ServedLadder, save_bkt, save_ladder
from client.records.store import Store
from client.settings import SchoolFolder
from common.errors import Corrupt, ErrorCode, Refused
from common.logs import EventLog
from common.models.bkt import BktParameters
from common.models.ladder import LadderModels, Rung
from common.models.release import ModelRelease, read_release, release_digest
from common.models.release_content import content_fault
from common.plan import CampaignPlan
from common.skills import SkillMap
from common.whole_file import write_whole

_log = EventLog("releases")


@dataclass(frozen=True, slots=True, eq=False)
class ServingChoice:
    """What the school's own gate found. reason: sentences for the administrator; figures: measured, never sent.

    bkt, models: every rung as adapted to this school.
    """

    rung: Rung
    reason: str
    figures: Mapping[str, float]
    bkt: BktParameters = field(repr=False)
    models: LadderModels = field(repr=False)


@dataclass(frozen=True, slots=True)
class Installer:
    """Where releases come from and go to. measure: the school's own gate on a verified release.

    recompute: bytes of the model that this school computes itself from a campaign's published sums. It raises
    Refused if they contradict each other or this school, RetryLater if they can't be read.
    """

    api: CoordinatorApi = field(repr=False)
    store: Store = field(repr=False)
    folder: SchoolFolder
    measure: Callable[[ModelRelease], ServingChoice] = field(repr=False)
    recompute: Callable[[CampaignPlan], bytes] = field(repr=False)


# A digest that was refused, and the campaigns that were approved then: another approval is worth another look.
SetAside = set[tuple[str, frozenset[str]]]


def install_new(installer: Installer, set_aside: SetAside) -> list[str]:
    """Installs every offered release that isn't here yet, oldest first; returns the digests that were installed.

    A release that was withdrawn stops serving, and the one before it does. set_aside: the caller keeps it
    between calls, so that a release that was refused is fetched once.
    """
    with installer.store.read() as connection:
        known = {one.digest for one in installed_releases(connection)}
        approved = frozenset(one.digest for one in known_campaigns(connection) if one.approved)
    installed: list[str] = []
    if not approved:
        return installed
    offers = fetch_offers(installer.api)
    _leave_withdrawn(installer, frozenset(offers.withdrawn))
    for digest in reversed(offers.releases):
        if digest in known or (digest, approved) in set_aside:
            continue
        try:
            install(installer, digest, fetch_release(installer.api, digest))
        except (Corrupt, Refused) as error:
            set_aside.add((digest, approved))
            _note_refusal(installer, digest, error)
        else:
            installed.append(digest)
    return installed


def install(installer: Installer, digest: str, data: bytes) -> InstalledRelease:
    """Verifies, measures and serves one release. Corrupt or Refused leaves everything as it was."""
    started = time.monotonic()
    release = verify(installer, digest, data)
    choice = installer.measure(release)
    path = installer.folder.releases / f"{digest}.release"
    write_whole(path, data)
    new = InstalledRelease(
        digest, path, choice.rung, choice.reason, dict(choice.figures), installer.api.clock.now(), active=True
    )
    installer.store.writer.submit(
        lambda connection: _serve(
            connection, new, choice, skill_map=release.skill_map, folder=installer.folder.releases
        )
    ).result()
    seconds = round(time.monotonic() - started, 3)
    _log.info("release-installed", release=digest, rung=choice.rung, seconds=seconds)
    return new


def verify(installer: Installer, digest: str, data: bytes) -> ModelRelease:
    """The release in `data`: the bytes asked for, signed by our coordinator, out of a campaign approved here.

    Its numbers are, to the bit, what this school computes from the campaign's published sums. RetryLater if those
    can't be read now: then nothing is installed.
    """
    if release_digest(data) != digest:
        raise Corrupt(ErrorCode.BAD_RELEASE, "The release's file isn't the one that was asked for.")
    release = read_release(data, installer.api.enrolment.coordinator_key)
    with installer.store.read() as connection:
        decision = decision_of(connection, release.card.campaign_digest)
    if decision is None or decision.decided is not Decided.APPROVED:
        raise Refused(
            ErrorCode.BAD_RELEASE, "The release comes out of a campaign that nobody at this school approved."
        )
    plan = CampaignPlan.from_bytes(decision.plan)
    fault = content_fault(release, plan, installer.recompute(plan))
    if fault:
        raise Refused(ErrorCode.BAD_RELEASE, f"The release was refused: {fault}.")
    return release


def _serve(
    connection: Connection, new: InstalledRelease, choice: ServingChoice, *, skill_map: SkillMap, folder: Path
) -> None:
    save_bkt(connection, ServedBkt(skill_map, choice.bkt), now=new.installed_at)
    served = ServedLadder(new.digest, skill_map, choice.rung, choice.models)
    save_ladder(connection, served, folder, now=new.installed_at)
    record_release(connection, new)
    record_audit(connection, actor="system", action="release-installed", subject=new.digest, now=new.installed_at)


def _leave_withdrawn(installer: Installer, withdrawn: frozenset[str]) -> None:
    """Steps back until nothing that was withdrawn serves."""
    now = installer.api.clock.now()

    def work(connection: Connection) -> None:
        while (active := active_release(connection)) is not None and active.digest in withdrawn:
            _log.warning("release-withdrawn", release=active.digest)
            roll_back(connection, by="coordinator", now=now)

    installer.store.writer.submit(work).result()


def _note_refusal(installer: Installer, digest: str, error: Corrupt | Refused) -> None:
    _log.warning("release-refused", release=digest, code=str(error.code), reason=error.sentence)
    now = installer.api.clock.now()
    installer.store.writer.submit(
        lambda connection: record_audit(
            connection, actor="system", action="release-refused", subject=digest, now=now
        )
    ).result()
