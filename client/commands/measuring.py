"""`measure`: all rungs fitted to this school's answers again, and the gate asked which one serves."""

from argparse import Namespace
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from client.commands.opened import folder_of, opened_store, written
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
from client.training.rung_report import RungReport
from common.clock import SystemClock
from common.models.ladder import RUNGS, Rung
from common.models.release import read_release
from common.skills import SkillMap


def measure(given: Namespace) -> None:
    """What serves from now on, and why. Needs no coordinator; nothing of it leaves the school."""
    folder, now = folder_of(given), SystemClock().now()
    with opened_store(folder) as store:
        with store.read() as connection:
            release, serving = active_release(connection), _serving(connection)
        skill_map, report = _measured(store, folder, release, serving=serving)
        digest = OWN if release is None else release.digest
        found = ServedLadder(digest, skill_map, report.rung, report.models, report.reason, report.figures())
        written(store, lambda c: _keep(c, found, report, folder=folder, now=now, by=given.by))
    print(report.reason)


def _measured(
    store: Store, folder: SchoolFolder, release: InstalledRelease | None, *, serving: Rung | None
) -> tuple[SkillMap, RungReport]:
    key = load_school_key(folder.split_key)
    if release is not None:
        held = read_release(release.path.read_bytes(), load_enrolment(folder.enrolment).coordinator_key)
        return held.skill_map, measure_here(store, key, held, serving=serving)
    with store.read() as connection:
        answered = skills_answered(connection)
    names = {*(skill.id for skill in built_in_bank().skills()), *answered}
    skill_map = SkillMap("own/1", tuple(sorted(names)))
    return skill_map, measure_alone(store, key, skill_map, serving=serving)


def _serving(connection: Connection) -> Rung | None:
    """The rung that was served before, if it is one of today's."""
    found = serving_now(connection)
    return next((rung for rung in RUNGS if found is not None and rung == found.rung), None)


def _keep(
    connection: Connection,
    found: ServedLadder,
    report: RungReport,
    *,
    folder: SchoolFolder,
    now: datetime,
    by: str,
) -> None:
    folder.releases.mkdir(exist_ok=True)
    save_bkt(connection, ServedBkt(found.skill_map, report.bkt), now=now)
    save_ladder(connection, found, folder.releases, now=now)
    release = active_release(connection)
    if release is not None:
        again = replace(release, rung=found.rung, reason=found.reason, figures=dict(found.figures))
        record_release(connection, again)
    record_audit(connection, actor=by, action="models-measured", subject=found.digest, now=now)
