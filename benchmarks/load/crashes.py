"""A server killed in the midst of answers: what was acknowledged stays, and what wasn't is sent again."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

from benchmarks.load.counted import counted
from benchmarks.load.device import ANSWER, Device, Gone
from benchmarks.load.pace import open_all
from benchmarks.load.school import LoadedSchool
from benchmarks.load.server import Server, serving

# So that the kill meets the server at any point of its work.
_WITHIN_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Kills:
    """times: how often the server is killed, each time some moments after so many answers were acknowledged."""

    times: int
    after_answers: int
    at_once: int


def killed(
    school: LoadedSchool, devices: Sequence[Device], kills: Kills, *, chance: random.Random
) -> dict[str, Any]:
    """A row of the report. At the end every answer without a reply has been sent again."""
    unanswered = 0
    for _ in range(kills.times):
        with serving(school.folder) as server:
            asyncio.run(_life(devices, server, kills, chance=chance))
        unanswered += sum(device.unanswered is not None for device in devices)
    with serving(school.folder) as server:
        asyncio.run(_end(devices, server, at_once=kills.at_once))
    row = {"check": f"killed {kills.times} times", "answers": _acknowledged(devices), "without_reply": unanswered}
    return {**row, **_counted(school, devices)}


def sent_again(school: LoadedSchool, devices: Sequence[Device]) -> dict[str, Any]:
    """A row: each device's newest answer twice at once, an older one, and the older item answered once more."""
    with serving(school.folder) as server:
        sent = asyncio.run(_again(devices, server))
    row = {"check": "sent again, old before new", "answers": sent, "without_reply": 0}
    return {**row, **_counted(school, devices)}


async def _life(devices: Sequence[Device], server: Server, kills: Kills, *, chance: random.Random) -> None:
    await _begin(devices, server, at_once=kills.at_once)
    idle, until = deque(devices), _acknowledged(devices) + kills.after_answers
    enough = asyncio.Event()

    async def work() -> None:
        while True:
            device = idle.popleft()
            try:
                await (device.move_on if device.may_move_on() else device.answer)()
            except Gone:
                return
            idle.append(device)
            if _acknowledged(devices) >= until:
                enough.set()

    workers = [asyncio.create_task(work()) for _ in range(kills.at_once)]
    await enough.wait()
    await asyncio.sleep(chance.uniform(0, _WITHIN_SECONDS))
    server.kill()
    await asyncio.gather(*workers)
    _close(devices)


async def _begin(devices: Sequence[Device], server: Server, *, at_once: int) -> None:
    """As browsers that kept their forms: first what got no reply, then the page."""
    for device in devices:
        device.port = server.port
        if device.unanswered is not None:
            await device.send(device.unanswered)
    await open_all(devices, at_once=at_once)


async def _again(devices: Sequence[Device], server: Server) -> int:
    sent = 0
    for device in (one for one in devices if one.acknowledged):
        device.port = server.port
        forms = list(device.acknowledged.values())
        second_tab = replace(device, acknowledged={})
        await asyncio.gather(device.send(forms[-1]), second_tab.send(forms[-1]))
        await device.send(forms[0])
        await device.exchange("POST", ANSWER, {**forms[0], "answer_id": uuid4().hex})
        second_tab.close()
        sent += 4
    _close(devices)
    return sent


async def _end(devices: Sequence[Device], server: Server, *, at_once: int) -> None:
    await _begin(devices, server, at_once=at_once)
    _close(devices)


def _close(devices: Sequence[Device]) -> None:
    """While the loop that opened the connections still runs."""
    for device in devices:
        device.close()


def _acknowledged(devices: Sequence[Device]) -> int:
    return sum(len(device.acknowledged) for device in devices)


def _counted(school: LoadedSchool, devices: Sequence[Device]) -> dict[str, Any]:
    expected = {number for device in devices for number in device.acknowledged}
    return asdict(counted(school.folder, [device.who.student for device in devices], expected=expected))
