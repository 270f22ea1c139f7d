"""After a round that silence spoilt nobody pays for another one before enough schools have answered a call."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from server.campaign_records import CampaignState
from server.round_records import RoundState
from tests.support.masked_campaigns import FIVE, START_DEADLINE_SECONDS, MaskedWorld, masked_world
from tests.support.memory_transport import MemoryTransport, SteppedTime

GHOSTS = ("ash", "birch")
EVERYTHING = {"round", "refill", "unmask"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MaskedWorld]:
    """Five schools, of which one may be missing."""
    with masked_world(tmp_path, rounds=2) as made:
        yield made


class Haunted(MemoryTransport):
    """Two programs die before the first round, and the transport goes on taking them for connected."""

    def __init__(self, world: MaskedWorld, back: Callable[[], bool]) -> None:
        super().__init__(dict(world.schools))
        self._world, self._back = world, back

    def send(self, requests: Mapping[str, bytes]) -> None:
        """They hear nothing until they are back."""
        if self._world.rounds():
            for name in GHOSTS:
                self._world.schools[name].silent = set() if self._back() else EVERYTHING
        MemoryTransport.send(self, requests)


def test_the_next_round_waits_for_the_dead_to_come_back(world: MaskedWorld) -> None:
    """One round is lost, not two, and the campaign comes to its end."""
    time = SteppedTime()
    record = world.run(Haunted(world, lambda: time.now_seconds > 40), time=time)
    assert record.state == CampaignState.RELEASED, record.reason
    states = [r.state for r in world.rounds()]
    assert states == [RoundState.VOID, RoundState.APPLIED, RoundState.MEASURED]
    assert world.opened(2).schools == list(FIVE)


def test_whoever_stays_away_costs_nobody_another_charge(world: MaskedWorld) -> None:
    """The campaign stops instead, within the start deadline, and names them."""
    time = SteppedTime()
    record = world.run(Haunted(world, lambda: False), time=time)
    assert record.state == CampaignState.STOPPED
    assert "Not connected: ash, birch." in record.reason
    assert [r.state for r in world.rounds()] == [RoundState.VOID]
    assert world.schools["elm"].charges == [1]
    # A round's deadline, and the call.
    assert time.now_seconds <= 30 + START_DEADLINE_SECONDS + 1


def test_one_that_stays_away_is_left_to_be_dropped(world: MaskedWorld) -> None:
    """Four answer the call: enough for a round in which one may be missing."""

    class OneStays(Haunted):
        """Ash is gone for good; birch comes back once the round is lost."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """As always."""
            if world.rounds():
                world.schools["ash"].silent = EVERYTHING
                world.schools["birch"].silent = set() if world.rounds()[0].state.is_over else EVERYTHING
            MemoryTransport.send(self, requests)

    record = world.run(OneStays(world, lambda: False))
    assert record.state == CampaignState.RELEASED, record.reason
    assert world.opened(2).schools == ["birch", "cedar", "dogwood", "elm"]


def test_a_round_that_nobody_spoilt_by_silence_calls_nobody(world: MaskedWorld) -> None:
    """Refusals are an answer."""
    for name in GHOSTS:
        world.schools[name].silent = set()
    world.run()
    assert world.schools["elm"].heard.count("refill") == 1  # the stock of the set-up
