"""How the load presses: so many at once, or at a given rate whatever the server does."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from benchmarks.load.device import Device
from benchmarks.load.pace import Pressed, closed_loop, open_all, paced


@dataclass
class Crowd:
    """How many wait for a reply now, and at most did."""

    now: int = 0
    most: int = 0


@dataclass
class FakeDevice:
    """Replies after a while; every second answer is wrong."""

    crowd: Crowd
    takes: float = 0.0
    answers: int = 0
    left: int = 0
    opened: int = field(default=0)

    async def open_practice(self) -> None:
        self.opened += 1

    async def answer(self) -> None:
        self.crowd.now += 1
        self.crowd.most = max(self.crowd.most, self.crowd.now)
        await asyncio.sleep(self.takes)
        self.crowd.now -= 1
        self.answers += 1

    def may_move_on(self) -> bool:
        return self.left < self.answers // 2

    async def move_on(self) -> None:
        self.left += 1


def devices(count: int, takes: float = 0.0) -> tuple[Crowd, list[FakeDevice]]:
    """All in one crowd."""
    crowd = Crowd()
    return crowd, [FakeDevice(crowd, takes) for _ in range(count)]


def as_devices(fakes: list[FakeDevice]) -> Sequence[Device]:
    """They answer to the same calls."""
    return cast("Sequence[Device]", fakes)


def test_every_device_is_opened_once() -> None:
    """However many may do so at a time."""
    _, fakes = devices(7)
    asyncio.run(open_all(as_devices(fakes), at_once=3))
    assert [one.opened for one in fakes] == [1] * 7


def test_a_closed_loop_keeps_so_many_in_flight_and_takes_turns() -> None:
    """No device answers twice before all others have answered once, and wrong items are left."""
    crowd, fakes = devices(10, takes=0.001)
    pressed = asyncio.run(closed_loop(as_devices(fakes), at_once=4, seconds=0.1))
    counts = [one.answers for one in fakes]
    assert crowd.most == 4
    assert sum(counts) == len(pressed.waits)
    assert max(counts) - min(counts) <= 1
    assert all(one.left == one.answers // 2 for one in fakes)


def test_a_paced_load_counts_the_wait_of_answers_that_were_held_up() -> None:
    """One device that takes 50 ms for 40 answers a second: the queue grows, and the waits say so."""
    _, fakes = devices(1, takes=0.05)
    pressed = asyncio.run(paced(as_devices(fakes), a_second=40, seconds=0.5, chance=random.Random(1)))
    assert len(pressed.waits) == fakes[0].answers > 10
    assert max(pressed.waits) > 4 * 0.05


def test_waits_and_rates_by_hand() -> None:
    """100 waits of 1 to 100 ms in 2 s."""
    pressed = Pressed(tuple(n / 1000 for n in range(100, 0, -1)), 2.0)
    assert pressed.a_second == 50
    assert pressed.wait_ms(0.5) == pytest.approx(51)
    assert pressed.wait_ms(0.99) == pytest.approx(100)
