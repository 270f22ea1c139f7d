"""Two ways to press: as fast as replies come, and at a given rate whether replies come or not."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.load.device import Device


@dataclass(frozen=True, slots=True)
class Pressed:
    """waits: seconds from the moment an answer was due until its page was there. seconds: of the whole run."""

    waits: tuple[float, ...]
    seconds: float

    @property
    def a_second(self) -> float:
        """Answers acknowledged in a second."""
        return len(self.waits) / self.seconds

    def wait_ms(self, share: float) -> float:
        """The wait that this share of the answers doesn't exceed, in milliseconds."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


async def open_all(devices: Sequence[Device], *, at_once: int) -> None:
    """Every device opens its connection and shows the practice page."""
    waiting = deque(devices)

    async def work() -> None:
        while waiting:
            device = waiting.popleft()
            await device.open_practice()
            await _moved_on(device)

    await asyncio.gather(*(work() for _ in range(at_once)))


async def closed_loop(devices: Sequence[Device], *, at_once: int, seconds: float) -> Pressed:
    """So many answers in flight all the time, each from the device that has waited longest."""
    idle, waits = deque(devices), list[float]()
    start = time.perf_counter()

    async def work() -> None:
        while time.perf_counter() - start < seconds:
            device = idle.popleft()
            await _answered(device, time.perf_counter(), waits)
            idle.append(device)

    await asyncio.gather(*(work() for _ in range(at_once)))
    return Pressed(tuple(waits), time.perf_counter() - start)


async def paced(devices: Sequence[Device], *, a_second: float, seconds: float, chance: random.Random) -> Pressed:
    """Answers at random moments, so many a second in the mean; a late reply delays no other answer.

    A wait counts from the moment at which the answer was due, so that a stall isn't hidden by what it held up.
    """
    waits, tasks = list[float](), list[asyncio.Task[None]]()
    idle = asyncio.Queue[Device]()
    for device in devices:
        idle.put_nowait(device)
    start = due = time.perf_counter()

    async def press(due: float) -> None:
        device = await idle.get()
        await _answered(device, due, waits)
        idle.put_nowait(device)

    while (due := due + chance.expovariate(a_second)) < start + seconds:
        await asyncio.sleep(max(due - time.perf_counter(), 0.0))
        tasks.append(asyncio.create_task(press(due)))
    await asyncio.gather(*tasks)
    return Pressed(tuple(waits), time.perf_counter() - start)


async def _answered(device: Device, due: float, waits: list[float]) -> None:
    """One answer. Past an item tried in vain, and between sets, the student goes on at once, unmeasured."""
    await device.answer()
    waits.append(time.perf_counter() - due)
    await _moved_on(device)


async def _moved_on(device: Device) -> None:
    while device.may_move_on():
        await device.move_on()
