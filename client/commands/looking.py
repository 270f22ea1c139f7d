"""`releases` and `report`: what serves at this school, what it cost and what was refused."""

import json
from argparse import Namespace
from typing import Any

from sqlalchemy import Connection

from client.commands.opened import folder_of, opened_store
from client.records.consent import consenting_students
from client.records.interactions import interaction_counts
from client.records.inventory import Purpose
from client.records.refusals import recent_refusals
from client.records.releases import InstalledRelease, installed_releases
from client.records.serving_now import serving_now
from client.records.students import student_ids
from client.records.training_pause import is_paused
from client.settings import SchoolFolder, load_settings
from common.models.ladder import BKT, NAMES
from common.privacy.ledger_rows import charges_of, read_rows
from common.privacy.unit import NEIGHBOURING_RELATION, PRIVACY_UNIT

SHOWN_REFUSALS = 50


def releases(given: Namespace) -> None:
    """Every installed release, newest first."""
    with opened_store(folder_of(given)) as store, store.read() as connection:
        installed = installed_releases(connection)
    if given.json:
        print(json.dumps([_release_json(one) for one in installed], indent=2))
        return
    for one in installed:
        mark = "active" if one.active else "kept"
        print(f"{one.digest}  {one.installed_at:%Y-%m-%d %H:%M}  {mark}: {one.reason}")
    if not installed:
        print("No release is installed; the school's own models serve.")


def report(given: Namespace) -> None:
    """The school's part in the consortium; for its own eyes, since some figures say much about students."""
    folder = folder_of(given)
    with opened_store(folder) as store, store.read() as connection:
        found = {"school": load_settings(folder).school, **_from_records(connection), **_from_ledger(folder)}
    if given.json:
        print(json.dumps(found, indent=2))
        return
    serving = "its own model (BKT)" if found["rung"] == BKT else _above_bkt(found)
    print(
        f"{found['school']}: {found['students']} students, {found['answers']} answers.\n"
        f"{found['consenting']} consent to federated training"
        f"{', which is paused here' if found['paused'] else ''}.\n"
        f"Serving: {serving}. {found['reason']}\n"
        f"Epsilon charged: {found['epsilon']:.3f} at delta {found['delta']:g} in {found['rounds']} rounds; "
        f"{found['epsilon_alone']:.3f} if every other school colluded.\n"
        f"Unit: {PRIVACY_UNIT}; neighbours: {NEIGHBOURING_RELATION}."
    )
    for one in found["refusals"]:
        print(f"Refused {one['at']}, {one['campaign'] or 'no campaign'} round {one['round']}: {one['sentence']}")


def _above_bkt(found: dict[str, Any]) -> str:
    whose = f"with release {found['release']}" if found["release"] else "fitted by this school alone"
    return f"{NAMES.get(found['rung'], found['rung'])}, {whose}"


def _from_records(connection: Connection) -> dict[str, Any]:
    serving = serving_now(connection)
    release = serving.release if serving else None
    return {
        "students": len(student_ids(connection)),
        "consenting": len(consenting_students(connection, Purpose.FEDERATED_TRAINING)),
        "paused": is_paused(connection),
        "answers": sum(interaction_counts(connection).values()),
        "release": release.digest if release else "",
        "rung": serving.rung if serving else BKT,
        "reason": serving.reason if serving else "Nothing was measured here yet.",
        "figures": dict(serving.figures) if serving else {},
        "refusals": [
            {
                "at": one.at.isoformat(timespec="seconds"),
                "campaign": one.campaign,
                "round": one.round,
                "code": str(one.refusal.code),
                "sentence": one.refusal.sentence,
            }
            for one in recent_refusals(connection, count=SHOWN_REFUSALS)
        ],
    }


def _from_ledger(folder: SchoolFolder) -> dict[str, Any]:
    charges = charges_of(read_rows(folder.ledger))
    return {
        "rounds": len(charges),
        # Of the students who paid most: no cohort's figure is above the one of its own last row.
        "epsilon": max((row.epsilon_after for row in charges), default=0.0),
        "epsilon_alone": max((row.epsilon_alone_after for row in charges), default=0.0),
        "delta": min((row.delta for row in charges), default=0.0),
        "unit": PRIVACY_UNIT,
        "relation": NEIGHBOURING_RELATION,
    }


def _release_json(one: InstalledRelease) -> dict[str, Any]:
    return {
        "digest": one.digest,
        "rung": one.rung,
        "reason": one.reason,
        "figures": one.figures,
        "installed_at": one.installed_at.isoformat(timespec="seconds"),
        "active": one.active,
    }
