"""Answers from work packages of a week ago: shuffled, cut into batches, each batch sent twice at once."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from benchmarks.load.counted import counted
from benchmarks.load.device import RIGHT_SHARE, SYNC, Device, wrong_text
from benchmarks.load.school import LoadedSchool
from benchmarks.load.server import serving
from client.content.bank import built_in_bank
from client.content.key_text import key_text
from client.practice.desk import make_desk
from client.practice.work_package import WorkPackage, pack
from client.records.store import open_school_store
from client.settings import load_settings
from common.clock import StoppedClock, SystemClock

LATE = timedelta(days=7)
_BATCH = 10  # each answer carries its package's token, and a form has a limit


def week_late(school: LoadedSchool, devices: Sequence[Device], chance: random.Random) -> dict[str, Any]:
    """A row of the report."""
    packages = _packages(school, [device.who.student for device in devices])
    with serving(school.folder) as server:
        late = asyncio.run(_all_sent([replace(one, port=server.port) for one in devices], packages, chance))
    before = {number for device in devices for number in device.acknowledged}
    found = counted(school.folder, list(packages), expected=late | before)
    return {"check": "a week late, shuffled", "answers": 2 * len(late), "without_reply": 0, **asdict(found)}


def _packages(school: LoadedSchool, students: Sequence[str]) -> dict[str, WorkPackage]:
    """Handed out a week ago."""
    clock = StoppedClock(SystemClock().now() - LATE)
    desk = make_desk(built_in_bank(), school.folder, clock=clock)
    store = open_school_store(school.folder, load_settings(school.folder))

    def work(connection: Connection) -> dict[str, WorkPackage]:
        return {one: pack(connection, desk, store.vault, student=one) for one in students}

    try:
        return store.writer.submit(work).result()
    finally:
        store.close()


async def _all_sent(
    devices: Sequence[Device], packages: dict[str, WorkPackage], chance: random.Random
) -> set[str]:
    """The numbers of all answers sent."""
    numbers = set[str]()
    for device in devices:
        answers = _answers(packages[device.who.student], chance)
        chance.shuffle(answers)
        await device.open_practice()
        csrf = device.fields()["csrf"]
        second_tab = replace(device, acknowledged={})
        for start in range(0, len(answers), _BATCH):
            form = {"csrf": csrf, "answers": json.dumps(answers[start : start + _BATCH])}
            await asyncio.gather(*(one.exchange("POST", SYNC, form) for one in (device, second_tab)))
        device.close()
        second_tab.close()
        numbers |= {str(answer["answer_id"]) for answer in answers}
    return numbers


def _answers(package: WorkPackage, chance: random.Random) -> list[dict[str, Any]]:
    ago = LATE.total_seconds()
    return [
        {
            "token": package.token,
            "item": packed.item.family,
            "item_seed": packed.item.seed,
            "response": (key_text if chance.random() < RIGHT_SHARE else wrong_text)(packed.item),
            "answer_id": uuid4().hex,
            "sequence": place,
            "seconds_ago": ago - place,
        }
        for place, packed in enumerate(package.items)
    ]
