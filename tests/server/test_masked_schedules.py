"""Random lives of masked campaigns: schools fall silent, coordinators are killed, and no sum is ever wrong."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from server import evaluate
from server.campaign_records import CampaignState
from server.transport import Lost
from tests.support.masked_campaigns import FIVE, THREE, Killed, KilledAtWrite, MaskedWorld, masked_world
from tests.support.memory_transport import MemoryTransport

MOST_STARTS = 25
# After two rounds that ended with shares given away and nothing opened, a school takes no part any more.
HONEST_REFUSALS = {"unproven-too-often"}


@pytest.fixture(autouse=True)
def _few_simulated_students(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the coordinator thinks of the model doesn't matter here, and takes half of the time."""
    monkeypatch.setattr(evaluate, "_STUDENTS", 20)


class Moody(MemoryTransport):
    """Each school answers each message with a chance of its own, is lost, or isn't there when asked."""

    def __init__(self, world: MaskedWorld, rng: np.random.Generator, *, chance: float) -> None:
        super().__init__(dict(world.schools), sent=world.sent)
        self._rng, self._chance = rng, chance

    def send(self, requests: Mapping[str, bytes]) -> None:
        """Some replies never come."""
        MemoryTransport.send(self, requests)
        for school in sorted(self._arrived):
            if self._rng.random() > self._chance:
                if self._rng.random() < 0.5:
                    del self._arrived[school]
                else:
                    self._arrived[school] = Lost("node-unavailable")
        self.hidden = {school for school in self.schools if self._rng.random() > (1 + self._chance) / 2}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_no_sum_is_wrong(tmp_path: Path, seed: int) -> None:
    """What opens is the exact sum of its schools; nobody pays twice for a round or is told two things."""
    rng = np.random.default_rng(seed)
    names = FIVE if seed % 2 else THREE
    with masked_world(tmp_path, names, rounds=3) as world:
        for start in range(MOST_STARTS):
            # After a while the weather clears, so that the campaign comes to its end.
            chance = 0.93 if start < MOST_STARTS // 2 else 1.0
            store = KilledAtWrite(world.coordinator.store, left=int(rng.integers(1, 120)), after=bool(start % 2))
            try:
                record = world.run(Moody(world, rng, chance=chance), store.on(world.coordinator))
            except Killed:
                continue
            if record.state.is_final:
                break
        _assert_nothing_is_wrong(world)


def _assert_nothing_is_wrong(world: MaskedWorld) -> None:
    for record in world.rounds():
        if not record.state.is_over:
            continue
        opened = world.opened(record.plan.round)
        if opened.state == "opened":
            true = world.true_total(record.plan.round, tuple(opened.schools))
            np.testing.assert_array_equal(world.total(record.plan.round), true)
    for school in world.schools.values():
        assert set(school.faults) <= HONEST_REFUSALS
        assert school.charges == sorted(set(school.charges))
    different = {
        place: len(messages)
        for place, messages in world.messages().items()
        if len(messages) > 1 and not place[1].startswith("refill")
    }
    assert different == {}


def test_most_lives_end_in_a_release(tmp_path: Path) -> None:
    """Else the test above would look at nothing."""
    ends = []
    for seed in range(3):
        rng = np.random.default_rng(100 + seed)
        with masked_world(tmp_path / str(seed), FIVE, rounds=3) as world:
            for _ in range(MOST_STARTS):
                record = world.run(Moody(world, rng, chance=0.97))
                if record.state.is_final:
                    break
            ends.append(record.state)
            _assert_nothing_is_wrong(world)
    assert ends.count(CampaignState.RELEASED) >= 2
