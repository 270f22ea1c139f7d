"""A masked campaign opens exact sums and nothing else, with schools missing in either trip, and is released."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from common.envelope import peek_kind
from common.exchange import open_request
from common.log_entries import read_entry
from common.masking import attempt_of, secagg_terms
from common.models.release import read_release
from common.privacy.secagg.messages import unpack_deals
from common.privacy.secagg.replay import replay
from common.privacy.secagg.transcript import Transcript
from server import dealing, masked_round, masking_setup
from server.campaign_records import CampaignState
from server.checkpoint import load_checkpoint
from server.deals_store import read_vectors
from server.public_log import read_entries
from server.published import read_transcript
from server.registry import list_releases, read_release_file
from server.round_records import RoundState
from server.running import Running
from tests.support.masked_campaigns import FIVE, MaskedWorld, masked_world
from tests.support.memory_transport import MemoryTransport, SteppedTime


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MaskedWorld]:
    """Five schools; one may be missing; four open a sum."""
    with masked_world(tmp_path) as made:
        yield made


def _without(*schools: str) -> tuple[str, ...]:
    return tuple(school for school in FIVE if school not in schools)


def _assert_exact(world: MaskedWorld, round_number: int, schools: tuple[str, ...]) -> None:
    opened = world.opened(round_number)
    assert tuple(opened.schools) == schools
    np.testing.assert_array_equal(world.total(round_number), world.true_total(round_number, schools))


def test_five_schools_train_measure_confirm_and_release(world: MaskedWorld) -> None:
    """Every sum equals, bit for bit, the sum of what the schools added; nobody paid twice."""
    record = world.run()
    assert (record.state, record.reason) == (CampaignState.RELEASED, "")
    assert [r.state for r in world.rounds()] == [RoundState.APPLIED] * 3 + [RoundState.MEASURED]
    for number in (1, 2, 3, 4):
        _assert_exact(world, number, FIVE)
    for school in world.schools.values():
        assert school.charges == [1, 2, 3, 4]
        assert school.faults == []


def test_the_coordinator_never_holds_an_unmasked_vector(world: MaskedWorld) -> None:
    """No reply's vector is the school's own integers."""
    transport = world.transport()
    world.run(transport)
    everything = b"".join(message for batch in world.sent for message in batch.values())
    for school in world.schools.values():
        for integers in school.integers.values():
            assert (integers & 0xFFFFFF).astype("<u4").view(np.uint8).reshape(-1, 4)[
                :, :3
            ].tobytes() not in everything


def test_each_school_gets_its_own_deals(world: MaskedWorld) -> None:
    """The requests of a round differ by school, and each is sent once."""
    world.run()
    for names in world.messages().values():
        assert len(names) == 1
    first = {next(iter(messages)) for (_, name), messages in world.messages().items() if name == "train 1"}
    assert len(first) == len(FIVE)


@pytest.mark.parametrize("silent", ["ash", "elm"])
def test_a_school_silent_in_the_first_trip_is_dropped(world: MaskedWorld, silent: str) -> None:
    """The others' sum is exact in every round, though its program is there."""
    world.schools[silent].silent = {"round"}
    record = world.run()
    assert record.state == CampaignState.RELEASED, record.reason
    for number in (1, 2, 3, 4):
        _assert_exact(world, number, _without(silent))


def test_a_school_silent_in_the_second_trip_is_in_the_sum(world: MaskedWorld) -> None:
    """Four open what five sent."""
    world.schools["cedar"].silent = {"unmask"}
    world.run()
    _assert_exact(world, 1, FIVE)
    states = {answer.school: str(answer.state) for answer in world.rounds()[0].answers}
    assert states == dict.fromkeys(_without("cedar"), "helped") | {"cedar": "survived"}


def test_one_silent_in_each_trip_still_opens_with_three_dealt_shares(tmp_path: Path) -> None:
    """Three schools of which two open: one missing before the masks, none after."""
    with masked_world(tmp_path, ("ash", "birch", "cedar"), rounds=1) as small:
        small.schools["birch"].silent = {"round"}
        small.run()
        opened = small.opened(1)
        assert opened.schools == ["ash", "cedar"]
        np.testing.assert_array_equal(small.total(1), small.true_total(1, ("ash", "cedar")))


def test_too_many_missing_ends_the_round_before_any_share_is_asked_for(world: MaskedWorld) -> None:
    """Two of five: void, paid for, and the model stays; after two such rounds a person has to look."""
    for name in ("ash", "birch"):
        world.schools[name].silent = {"round"}
    record = world.run()
    assert record.state == CampaignState.STOPPED
    assert record.reason.startswith("2 rounds in a row gave no usable sum.")
    assert "ash didn't answer before the deadline" in record.reason
    assert [r.state for r in world.rounds()] == [RoundState.VOID] * 2
    assert world.schools["elm"].charges == [1, 2]
    assert not any("unmask" in heard for school in world.schools.values() for heard in school.heard)
    assert world.opened(1).state == "aborted"
    with world.coordinator.store.read() as connection:
        checkpoint = load_checkpoint(connection, world.plan)
    assert checkpoint is not None
    assert not checkpoint.weights.memory.any()


def test_too_few_shares_void_the_round_and_the_next_one_goes_on(world: MaskedWorld) -> None:
    """Two fall silent after masking once: three shares don't open anything, and nothing wrong is opened."""

    for name in ("ash", "birch"):
        world.schools[name].silent = {"unmask"}

    class Waking(MemoryTransport):
        """Both are back once the first round is over."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """As always."""
            if world.rounds() and world.rounds()[0].state == RoundState.VOID:
                for name in ("ash", "birch"):
                    world.schools[name].silent.clear()
            MemoryTransport.send(self, requests)

    transport = Waking(dict(world.schools))
    record = world.run(transport)
    states = [r.state for r in world.rounds()]
    assert states[0] == RoundState.VOID
    assert "4 are needed" in world.rounds()[0].reason
    assert record.state == CampaignState.RELEASED, record.reason
    assert states[1:] == [RoundState.APPLIED] * 2 + [RoundState.MEASURED]


def test_an_absent_school_fills_the_cohort_and_costs_no_time(world: MaskedWorld) -> None:
    """It had dealt before it left: it counts as dropped, and nobody waits a deadline for it."""

    class Leaving(MemoryTransport):
        """Dogwood's program ends after the first round."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """As always."""
            if world.rounds() and world.rounds()[0].state == RoundState.APPLIED:
                self.hidden.add("dogwood")
            MemoryTransport.send(self, requests)

    time = SteppedTime()
    record = world.run(Leaving(dict(world.schools)), time=time)
    assert record.state == CampaignState.RELEASED, record.reason
    _assert_exact(world, 1, FIVE)
    for number in (2, 3, 4):
        assert world.rounds()[number - 1].plan.cohort == FIVE
        _assert_exact(world, number, _without("dogwood"))
    assert time.now_seconds == 30.0  # the one round in which it left


def test_a_long_absence_ends_when_the_stock_of_deals_does(
    world: MaskedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without deals ahead a cohort of everybody can't be: the campaign stops, says whom it misses, and goes on."""
    monkeypatch.setattr(masking_setup, "ASKED_AGAIN_BELOW", 0)
    monkeypatch.setattr(masked_round, "ASKED_AGAIN_BELOW", 0)

    class Leaving(MemoryTransport):
        """Dogwood's program ends after the set-up."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """As always."""
            if world.rounds():
                self.hidden.add("dogwood")
            MemoryTransport.send(self, requests)

    record = world.run(Leaving(dict(world.schools)))
    assert record.state == CampaignState.STOPPED
    assert [r.state for r in world.rounds()] == [RoundState.APPLIED] * 2
    assert "without deals for this round: dogwood" in record.reason
    record = world.run()
    assert record.state == CampaignState.RELEASED, record.reason
    _assert_exact(world, 3, FIVE)
    assert world.schools["dogwood"].heard[-5:] == ["train 3", "unmask", "evaluate 4", "unmask", "confirm"]


def test_deals_ride_on_the_second_trip(world: MaskedWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no stock is asked for, every round brings the deals for the one after the next."""
    monkeypatch.setattr(masking_setup, "ASKED_AGAIN_BELOW", 0)
    assert world.run().state == CampaignState.RELEASED
    heard = world.schools["ash"].heard
    rounds = ["train 1", "train 2", "train 3", "evaluate 4"]
    assert heard == ["invite", "deal", *(word for name in rounds for word in (name, "unmask")), "confirm"]


def test_what_is_published_replays(world: MaskedWorld) -> None:
    """Any school redoes each sum from the transcript and its own deals; the database keeps no vector."""
    deals = {}

    class Watching(MemoryTransport):
        """Keeps what birch was dealt."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """As always."""
            for message in requests.values():
                if peek_kind(message) == "round-request":
                    request = open_request(message, coordinator_key=world.coordinator.identity.public_key)
                    received = unpack_deals(request.parts["deals"])
                    if received[0].holder == 1:
                        deals[request.plan.round] = received
            MemoryTransport.send(self, requests)

    world.run(Watching(dict(world.schools)))
    for number in (1, 2, 3, 4):
        opened = world.opened(number)
        with world.coordinator.store.read() as connection:
            data = read_transcript(
                connection,
                world.coordinator.folder.transcripts,
                world.plan.digest,
                round_number=number,
                chunk=None,
            )
            assert read_vectors(connection, world.plan.digest, number) == {}
        replay(
            secagg_terms(world.plan),
            attempt_of(world.plan, opened.plan),
            Transcript.from_bytes(data),
            deals=deals[number],
            total=world.total(number),
        )


def test_the_log_tells_the_campaign_in_order(world: MaskedWorld) -> None:
    """Plan, commitments and outcome of every round, the confirmations, the release; each plan names its head."""
    world.run()
    with world.coordinator.store.read() as connection:
        kinds = [read_entry(data).kind for data in read_entries(connection, 0, 1000)]
        (release,) = list_releases(connection)
    assert kinds == ["enrolled"] * 5 + ["proposed"] + ["planned", "committed", "opened"] * 4 + [
        *["confirmed"] * 5,
        "released",
    ]
    sizes = [record.plan.log_size for record in world.rounds()]
    assert sizes == [6, 9, 12, 15]
    digests = [world.opened(number).digest for number in (1, 2, 3)]
    assert [record.plan.outcome_digest for record in world.rounds()] == [world.plan.digest, *digests]
    data = read_release_file(world.coordinator, release.digest)
    card = read_release(data, world.coordinator.identity.public_key).card
    assert card.confirmed_by == FIVE
    assert card.epsilon_alone == world.plan.epsilon_alone
    assert "at least 3 of the 5 schools" in card.assumption
    assert "pooled_students" in card.evaluation
    assert card.sight


def test_after_a_long_absence_a_school_deals_as_often_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be asked for so many rounds at a time only, here one: four times from round 2 to round 6."""
    monkeypatch.setattr(masking_setup, "ASKED_AGAIN_BELOW", 0)
    monkeypatch.setattr(dealing, "MOST_AHEAD", 1)
    with masked_world(tmp_path, rounds=8) as world:
        pace = SteppedTime().pace()
        running = Running(world.transport(), world.coordinator, world.plan, pace, b"")
        assert masking_setup.set_up_masks(running) == ""
        masking_setup.deal_again(running, 6)
        assert world.schools["ash"].heard == ["invite", "deal", *["refill"] * 4]
        assert dealing.short_of_deals(running, FIVE, 6) == frozenset()
        world.schools["elm"].silent = {"refill"}
        masking_setup.deal_again(running, 9)
        assert dealing.short_of_deals(running, FIVE, 9) == {"elm"}
