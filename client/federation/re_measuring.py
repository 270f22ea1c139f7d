"""The ladder measured again with the answers of today: by a command, and once a month by the link."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from client.content.bank import built_in_bank
from client.federation.enrolment import load_enrolment
from client.records.audit_trail import record_audit
from client.records.interactions import skills_answered
from client.records.releases import InstalledRelease, active_release, record_release
from client.records.serving import OWN, ServedBkt, ServedLadder, save_bkt, save_ladder
from client.records.serving_now import serving_now
from client.records.store import Store
from client.settings import SchoolFolder, load_school_key
from client.training.measure_release import measure_alone, measure_here
from client.training.own_network import with_own_network
from client.training.rung_report import RungReport
from common.models.ladder import RUNGS, Rung
from common.models.release import read_release
from common.skills import SkillMap

EVERY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was found, and what it was found for. digest: of the release, or OWN."""

    digest: str
    skill_map: SkillMap
    report: RungReport = field(repr=False)


def measure_again(store: Store, folder: SchoolFolder, *, by: str, now: datetime) -> str:
    """Fits every rung and lets the gate choose; the reason, in sentences. by: for the audit trail.

    A release without a network gets one that is distilled here, which takes about a minute more. The rung that
    serves is dropped only if the one below it is clearly better. Needs no coordinator, and nothing
    of it leaves the school. A release that was rolled back or installed meanwhile leaves everything as it is.
    """
    with store.read() as connection:
        release, serving = active_release(connection), _serving(connection)
    found = _measured(store, folder, release, serving=serving)
    kept = store.writer.submit(lambda connection: _keep(connection, found, folder, by=by, now=now)).result()
    return found.report.reason if kept else "Another release was installed or taken back meanwhile; measure again."


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether what serves was measured a month ago or longer; a school that never measured isn't due."""
    found = serving_now(connection)
    return found is not None and now - found.measured_at >= EVERY


def _measured(
    store: Store, folder: SchoolFolder, release: InstalledRelease | None, *, serving: Rung | None
) -> _Measured:
    key = load_school_key(folder.split_key)
    if release is not None:
        signed = read_release(release.path.read_bytes(), load_enrolment(folder.enrolment).coordinator_key)
        held = with_own_network(signed)
        return _Measured(release.digest, held.skill_map, measure_here(store, key, held, serving=serving))
    with store.read() as connection:
        answered = skills_answered(connection)
    names = {*(skill.id for skill in built_in_bank().skills()), *answered}
    skill_map = SkillMap("own/1", tuple(sorted(names)))
    return _Measured(OWN, skill_map, measure_alone(store, key, skill_map, serving=serving))


def _serving(connection: Connection) -> Rung | None:
    """The rung that was served before, if it is one of today's."""
    found = serving_now(connection)
    return next((rung for rung in RUNGS if found is not None and rung == found.rung), None)


def _keep(connection: Connection, found: _Measured, folder: SchoolFolder, *, by: str, now: datetime) -> bool:
    """False, and nothing is changed, if what was measured isn't what is active any more."""
    release, report = active_release(connection), found.report
    if (OWN if release is None else release.digest) != found.digest:
        return False
    served = ServedLadder(
        found.digest, found.skill_map, report.rung, report.models, report.reason, report.figures()
    )
    folder.releases.mkdir(mode=0o700, exist_ok=True)
    save_bkt(connection, ServedBkt(found.skill_map, report.bkt), now=now)
    save_ladder(connection, served, folder.releases, now=now)
    if release is not None:
        record_release(
            connection, replace(release, rung=report.rung, reason=report.reason, figures=report.figures())
        )
    record_audit(connection, actor=by, action="models-measured", subject=found.digest, now=now)
    return True
