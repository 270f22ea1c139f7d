"""Turns of bare commits, paced answers and answers as fast as they go, against one server process."""

import asyncio
import random
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from benchmarks.load.bare_commits import BareCommits, bare_commits
from benchmarks.load.device import Device
from benchmarks.load.pace import Pressed, closed_loop, open_all, paced
from benchmarks.load.report import Row, Used, bare_row, pressed_row
from benchmarks.load.school import LoadedSchool
from benchmarks.load.server import Server, serving


@dataclass(frozen=True, slots=True)
class Press:
    """seconds: of each part of a turn. a_second: paced answers. at_once: answers in flight as fast as they go."""

    turns: int
    seconds: float
    a_second: float
    at_once: int


def turns(
    school: LoadedSchool, devices: Sequence[Device], press: Press, *, chance: random.Random
) -> dict[str, list[Row]]:
    """The report's tables. Every device is connected all the time."""
    tables: dict[str, list[Row]] = {"bare_commits": [], "paced": [], "sustained": []}
    with serving(school.folder) as server:
        asyncio.run(_all_turns(_Course(school, server, devices, press, chance), tables))
    return tables


@dataclass(frozen=True, slots=True)
class _Course:
    school: LoadedSchool
    server: Server
    devices: Sequence[Device]
    press: Press
    chance: random.Random


async def _all_turns(course: _Course, tables: dict[str, list[Row]]) -> None:
    devices, press = course.devices, course.press
    for device in devices:
        device.port = course.server.port
    await open_all(devices, at_once=press.at_once)
    for turn in range(1, press.turns + 1):
        bare = await asyncio.to_thread(_bare, course)
        tables["bare_commits"].append(bare_row(bare, turn=turn))
        slow = paced(devices, a_second=press.a_second, seconds=press.seconds, chance=course.chance)
        tables["paced"].append(await _row(course, slow, turn=turn, bare=bare))
        fast = closed_loop(devices, at_once=press.at_once, seconds=press.seconds)
        tables["sustained"].append(await _row(course, fast, turn=turn, bare=bare))
    for device in devices:
        device.close()


def _bare(course: _Course) -> BareCommits:
    """A third as long: it knows no think time, and its figure settles sooner."""
    path = course.school.folder.path / "bare-commits.db"
    return bare_commits(path, rows_a_commit=course.press.at_once, seconds=course.press.seconds / 3)


async def _row(course: _Course, pressing: Awaitable[Pressed], *, turn: int, bare: BareCommits) -> Row:
    before = _used(course)
    pressed = await pressing
    used = Used(*(after - earlier for after, earlier in zip(_used(course), before, strict=True)))
    row = pressed_row(pressed, used, turn=turn, bare=bare)
    print(" ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    return row


def _used(course: _Course) -> Used:
    """Since the beginning."""
    requests = sum(device.requests for device in course.devices)
    return Used(course.server.cpu_seconds(), time.process_time(), requests)
