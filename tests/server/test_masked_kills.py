"""A coordinator that is killed anywhere in a masked campaign goes on with the same bytes, to an exact end."""

from pathlib import Path

import numpy as np
import pytest

from common.trips import open_trip
from server import evaluate
from server.campaign_records import CampaignState
from tests.support.masked_campaigns import THREE, Killed, KilledAtSend, KilledAtWrite, MaskedWorld, masked_world
from tests.support.memory_transport import MemoryTransport

ROUNDS = 2  # of training, and one that measures
WRITES, SENDS = range(1, 45), range(1, 11)


@pytest.fixture(autouse=True)
def _few_simulated_students(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the coordinator thinks of the model doesn't matter here, and takes half of the time."""
    monkeypatch.setattr(evaluate, "_STUDENTS", 20)


def _assert_ended_exactly(world: MaskedWorld) -> None:
    """Released; every sum exact; nobody paid or masked twice; nobody was ever told two different things."""
    for number in range(1, ROUNDS + 2):
        opened = world.opened(number)
        assert opened.state == "opened"
        schools = tuple(opened.schools)
        np.testing.assert_array_equal(world.total(number), world.true_total(number, schools))
    for school in world.schools.values():
        assert school.faults == []
        assert school.charges == sorted(set(school.charges))
    different = {place: len(messages) for place, messages in world.messages().items() if len(messages) > 1}
    assert different == {}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("batch", SENDS)
def test_killed_around_sending(tmp_path: Path, batch: int, after: bool) -> None:
    """Every batch of messages: set-up, both trips of three rounds, confirmations."""
    with masked_world(tmp_path, THREE, rounds=ROUNDS) as world:
        with pytest.raises(Killed):
            world.run(KilledAtSend(world, batch, after=after))
        assert world.run().state == CampaignState.RELEASED
        _assert_ended_exactly(world)


@pytest.mark.parametrize("write", WRITES)
def test_killed_before_a_transaction_is_durable(tmp_path: Path, write: int) -> None:
    """Whatever wasn't written didn't happen, and happens again."""
    with masked_world(tmp_path, THREE, rounds=ROUNDS) as world:
        with pytest.raises(Killed):
            world.run(coordinator=KilledAtWrite(world.coordinator.store, left=write).on(world.coordinator))
        assert world.run().state == CampaignState.RELEASED
        _assert_ended_exactly(world)


def test_the_kills_above_are_all_there_are(tmp_path: Path) -> None:
    """A campaign that nobody kills writes and sends as often as the tests above kill it."""
    with masked_world(tmp_path, THREE, rounds=ROUNDS) as world:
        counting = KilledAtWrite(world.coordinator.store)
        world.run(coordinator=counting.on(world.coordinator))
        assert (counting.writes, len(world.sent)) == (WRITES[-1], SENDS[-1])


def test_survivors_never_change_once_they_are_decided(tmp_path: Path) -> None:
    """Birch is late for the list; after the kill it would answer, but the list that may have been seen stays."""
    with masked_world(tmp_path, THREE, rounds=ROUNDS) as world:
        world.schools["birch"].silent = {"round"}

        class KilledBeforeUnmasking(MemoryTransport):
            """Dies when the list is on disk and hasn't left."""

            def send(self, requests: object) -> None:
                """As always, until then."""
                if any(b'"trip":"unmask"' in message[:4000] for message in requests.values()):  # type: ignore[attr-defined]
                    raise Killed
                MemoryTransport.send(self, requests)  # type: ignore[arg-type]

        with pytest.raises(Killed):
            world.run(KilledBeforeUnmasking(dict(world.schools)))
        world.schools["birch"].silent.clear()
        assert world.run().state == CampaignState.RELEASED
        assert world.opened(1).schools == ["ash", "cedar"]
        assert world.opened(2).schools == ["ash", "birch", "cedar"]
        assert world.schools["birch"].heard.count("train 1") == 1
        _assert_ended_exactly(world)


def test_a_measuring_round_without_enough_schools_is_asked_for_again(tmp_path: Path) -> None:
    """No other round can stand in for it: the campaign stops, and later sends the very same bytes."""
    with masked_world(tmp_path, THREE, rounds=1) as world:

        class Leaving(MemoryTransport):
            """Two fall silent before the measuring round."""

            def send(self, requests: object) -> None:
                """As always."""
                if world.rounds() and world.rounds()[0].state.is_over:
                    for name in ("ash", "birch"):
                        world.schools[name].silent = {"round"}
                MemoryTransport.send(self, requests)  # type: ignore[arg-type]

        record = world.run(Leaving(dict(world.schools), sent=world.sent))
        assert record.state == CampaignState.STOPPED
        assert "Round 2 can do without 1 of its 3 schools" in record.reason
        for school in world.schools.values():
            school.silent.clear()
        assert world.run().state == CampaignState.RELEASED
        assert world.schools["cedar"].charges == [1, 2]
        assert all(len(messages) == 1 for messages in world.messages().values())


def test_confirmations_are_asked_for_again_where_they_are_missing(tmp_path: Path) -> None:
    """Two of three confirm a release here; whoever has confirmed isn't asked twice."""
    with masked_world(tmp_path, THREE, rounds=1) as world:
        world.schools["ash"].silent = {"confirm"}
        world.schools["birch"].silent = {"confirm"}
        record = world.run()
        assert record.state == CampaignState.STOPPED
        assert record.reason.startswith(
            "A release needs 2 schools whose own replay gives the candidate, and 1 confirmed."
        )
        assert "ash didn't answer before the deadline" in record.reason
        for name in ("ash", "birch"):
            world.schools[name].silent.clear()
        assert world.run().state == CampaignState.RELEASED
        assert world.schools["cedar"].heard.count("confirm") == 1


def test_a_model_that_schools_do_not_get_themselves_is_not_released(tmp_path: Path) -> None:
    """They say so, and are named."""
    with masked_world(tmp_path, THREE, rounds=1) as world:
        for name in ("ash", "birch"):
            world.schools[name].matches = False
        record = world.run()
        assert record.state == CampaignState.STOPPED
        assert "Another model came out at: ash, birch." in record.reason
        for name in ("ash", "birch"):
            world.schools[name].matches = True
        assert world.run().state == CampaignState.RELEASED


def test_the_set_up_names_who_is_missing_and_goes_on_where_it_was(tmp_path: Path) -> None:
    """Every member's box key is needed; whoever sent one isn't asked again."""
    with masked_world(tmp_path, THREE, rounds=1) as world:
        world.schools["birch"].silent = {"invite"}
        record = world.run()
        assert record.state == CampaignState.STOPPED
        assert "has sent its box key: birch is missing. birch didn't answer" in record.reason
        world.schools["birch"].silent = {"deal"}
        record = world.run()
        assert "has dealt: birch is missing" in record.reason
        world.schools["birch"].silent.clear()
        assert world.run().state == CampaignState.RELEASED
        assert world.schools["ash"].heard[:3] == ["invite", "deal", "train 1"]
        requests = [message for batch in world.sent for message in batch.values() if b'"trip":"deal"' in message]
        key = world.coordinator.identity.public_key
        assert len({open_trip(message, coordinator_key=key).parts["joins"] for message in requests}) == 1
