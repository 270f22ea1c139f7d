"""A campaign ends with a reason, and a killed one goes on to the very same model."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from common.errors import ErrorCode, RetryLater
from common.log_entries import read_entry
from common.models.release import read_release
from common.opened_round import OpenedRound
from common.plan import CampaignPlan, MetricTerms
from common.refusals import RefusalCode
from server.campaign import run_campaign
from server.campaign_records import CampaignRecord, CampaignState, find_campaign, want_campaign
from server.checkpoint import Checkpoint, load_checkpoint
from server.coordinator import Coordinator
from server.public_log import read_entries
from server.published import read_opened
from server.registry import list_releases, read_release_file
from server.round_records import RoundState, read_rounds
from server.schools import revoke
from server.transport import Lost, Transport
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools
from tests.support.fake_schools import FakeSchool
from tests.support.memory_transport import MemorySchool, MemoryTransport, SteppedTime

START_DEADLINE_SECONDS = 20


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path / "coordinator", start_deadline_seconds=START_DEADLINE_SECONDS)
    yield made
    made.close()


def _run(coordinator: Coordinator, plan: CampaignPlan, transport: Transport) -> CampaignRecord:
    return run_campaign(transport, coordinator, plan.digest, pace=SteppedTime().pace())


def _memory(schools: Mapping[str, MemorySchool]) -> MemoryTransport:
    return MemoryTransport(dict(schools))


def _checkpoint(coordinator: Coordinator, plan: CampaignPlan) -> Checkpoint:
    with coordinator.store.read() as connection:
        found = load_checkpoint(connection, plan)
    assert found is not None
    return found


def test_three_schools_train_a_model_that_is_released(coordinator: Coordinator) -> None:
    """Three rounds, one charge per round and school, one signed file."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools)
    record = _run(coordinator, plan, _memory(schools))
    assert record.state == CampaignState.RELEASED
    assert [school.charges for school in schools.values()] == [3, 3, 3]
    with coordinator.store.read() as connection:
        (release,) = list_releases(connection)
        rounds = read_rounds(connection, plan.digest)
    assert [r.state for r in rounds] == [RoundState.APPLIED] * 3
    assert [r.plan.previous_digest for r in rounds] == [plan.digest, rounds[0].plan.digest, rounds[1].plan.digest]
    opened = read_release(read_release_file(coordinator, release.digest), coordinator.identity.public_key)
    assert opened.card.epsilon == plan.epsilon
    assert "simulated students only" in opened.card.trained_on


@pytest.mark.parametrize("kill_in_round", [1, 2, 3])
@pytest.mark.parametrize("when", ["before sending", "after sending", "after the answers"])
def test_a_killed_campaign_ends_with_the_identical_model(
    coordinator: Coordinator, tmp_path: Path, kill_in_round: int, when: str
) -> None:
    """Bit for bit, with the same round plans and without a second charge."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools)

    class KilledTransport(MemoryTransport):
        """Dies once, at a chosen moment of a chosen round."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """Dies around sending."""
            if when == "before sending" and len(self.sent) == kill_in_round - 1:
                raise Killed
            super().send(requests)
            if when == "after sending" and len(self.sent) == kill_in_round:
                raise Killed

        def collect(self) -> dict[str, bytes | Lost]:
            """Dies with the answers in its hands."""
            if when == "after the answers" and len(self.sent) == kill_in_round:
                raise Killed
            return super().collect()

    with pytest.raises(Killed):
        _run(coordinator, plan, KilledTransport(dict(schools)))
    assert _run(coordinator, plan, _memory(schools)).state == CampaignState.RELEASED
    resumed = _checkpoint(coordinator, plan)
    assert [school.charges for school in schools.values()] == [3, 3, 3]

    # The same schools, keys and plan on a coordinator that nobody kills.
    undisturbed = new_coordinator(tmp_path / "undisturbed")
    twin = Coordinator(
        undisturbed.folder, undisturbed.settings, undisturbed.store, coordinator.identity, undisturbed.clock
    )
    add_test_campaign(twin, schools)
    for school in schools.values():
        school.sealed.clear()
    _run(twin, plan, _memory(schools))
    straight = _checkpoint(twin, plan)
    assert resumed.plan_digest == straight.plan_digest
    assert resumed.weights.model.tobytes() == straight.weights.model.tobytes()
    assert resumed.weights.memory.tobytes() == straight.weights.memory.tobytes()
    undisturbed.close()


def test_a_resumed_round_sends_the_same_bytes(coordinator: Coordinator) -> None:
    """A school that had answered returns its sealed reply."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, rounds=1)
    first = _memory({**schools, "east": lambda message: Lost("node-unavailable"), "west": lambda message: None})
    assert _run(coordinator, plan, first).state == CampaignState.STOPPED
    with coordinator.store.write() as connection:
        want_campaign(connection, plan.digest, wanted=True, at=coordinator.clock.now())
    second = _memory(schools)
    assert _run(coordinator, plan, second).state == CampaignState.RELEASED
    assert first.sent == second.sent[:1]
    assert schools["north"].charges == 1


def test_too_few_schools_stop_it_with_their_names(coordinator: Coordinator) -> None:
    """It waits for the start deadline and no longer."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools)
    time = SteppedTime()
    transport = MemoryTransport(dict(schools), hidden={"east", "west"})
    record = run_campaign(transport, coordinator, plan.digest, pace=time.pace())
    assert record.state == CampaignState.STOPPED
    assert "east, west" in record.reason
    assert time.pauses == START_DEADLINE_SECONDS
    assert transport.sent == []


def test_a_missing_school_is_left_out_of_the_cohort(coordinator: Coordinator) -> None:
    """After the start deadline the rest begins without it."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools)
    record = _run(coordinator, plan, MemoryTransport(dict(schools), hidden={"north"}))
    assert record.state == CampaignState.RELEASED
    with coordinator.store.read() as connection:
        rounds = read_rounds(connection, plan.digest)
    assert {r.plan.cohort for r in rounds} == {("east", "west")}


def test_refusals_below_the_quorum_stop_it_in_words(coordinator: Coordinator) -> None:
    """The operator reads who hasn't approved the plan."""
    schools = three_schools(coordinator)
    for name in ("east", "west"):
        schools[name].refusal = RefusalCode.PLAN_NOT_APPROVED
    plan = add_test_campaign(coordinator, schools)
    record = _run(coordinator, plan, _memory(schools))
    assert record.state == CampaignState.STOPPED
    assert "east refused: its administrator hasn't approved the plan yet" in record.reason
    assert not record.wanted


def test_the_operator_can_stop_it_between_rounds(coordinator: Coordinator) -> None:
    """The wish is read before each round; the checkpoint stays."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools)

    def stopping(message: bytes) -> bytes:
        with coordinator.store.write() as connection:
            want_campaign(connection, plan.digest, wanted=False, at=coordinator.clock.now())
        return schools["west"](message)

    record = _run(coordinator, plan, _memory({**schools, "west": stopping}))
    assert record.state == CampaignState.STOPPED
    assert record.reason == "The operator stopped the campaign after round 1."
    assert _checkpoint(coordinator, plan).round == 1


def test_nothing_runs_unless_the_operator_wants_it(coordinator: Coordinator) -> None:
    """A drafted plan that nobody started sends nothing."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, wanted=False)
    transport = _memory(schools)
    assert _run(coordinator, plan, transport).reason == "The operator stopped the campaign after round 0."
    assert transport.sent == []


def test_a_revoked_school_is_not_asked(coordinator: Coordinator) -> None:
    """Revocation holds from the next round on."""
    schools = three_schools(coordinator)
    enrol_schools(coordinator, schools)
    plan = add_test_campaign(coordinator, schools)

    def revoking(message: bytes) -> bytes:
        if not schools["west"].charges:
            revoke(coordinator, "north")
        return schools["west"](message)

    assert _run(coordinator, plan, _memory({**schools, "west": revoking})).state == CampaignState.RELEASED
    assert schools["north"].charges == 1


class Shouting(FakeSchool):
    """Ignores the clip and sends an enormous update."""

    def direction(self, count: int) -> NDArray[np.float64]:
        """A thousand clips long."""
        return 1000.0 * super().direction(count)


def test_enormous_sums_are_void_and_stop_it_after_two(coordinator: Coordinator) -> None:
    """A void round leaves the model where it was."""
    schools = three_schools(coordinator)
    schools["west"] = Shouting("west", coordinator.identity.public_key)
    plan = add_test_campaign(coordinator, schools)
    record = _run(coordinator, plan, _memory(schools))
    assert record.state == CampaignState.STOPPED
    assert record.reason.startswith("2 rounds in a row gave no usable sum.")
    with coordinator.store.read() as connection:
        assert [r.state for r in read_rounds(connection, plan.digest)] == [RoundState.VOID] * 2
    assert not _checkpoint(coordinator, plan).weights.memory.any()


def test_a_finished_campaign_stays_finished(coordinator: Coordinator) -> None:
    """Running it again sends nothing."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, rounds=1)
    _run(coordinator, plan, _memory(schools))
    again = _memory(schools)
    assert _run(coordinator, plan, again).state == CampaignState.RELEASED
    assert again.sent == []


def test_a_transport_that_fails_leaves_the_campaign_resumable(coordinator: Coordinator) -> None:
    """The error goes up; the campaign is still running and can be taken up again."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, rounds=1)

    class Broken(MemoryTransport):
        """Takes no message."""

        def send(self, requests: Mapping[str, bytes]) -> None:
            """As Flower when the SuperLink is gone."""
            raise RetryLater(ErrorCode.FLOWER_FAILED, "Flower didn't take every message of this round.")

    with pytest.raises(RetryLater):
        _run(coordinator, plan, Broken(dict(schools)))
    with coordinator.store.read() as connection:
        assert find_campaign(connection, plan.digest).state == CampaignState.RUNNING
    assert _run(coordinator, plan, _memory(schools)).state == CampaignState.RELEASED


def test_an_unmasked_campaign_is_measured_published_and_confirmed_too(coordinator: Coordinator) -> None:
    """One more round by the same rules; its figures stand on the card, and three schools confirm the model."""
    schools = three_schools(coordinator)
    metrics = MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=16)
    plan = add_test_campaign(coordinator, schools, rounds=1, metrics=metrics)
    assert _run(coordinator, plan, _memory(schools)).state == CampaignState.RELEASED
    with coordinator.store.read() as connection:
        rounds = read_rounds(connection, plan.digest)
        opened = [OpenedRound.from_bytes(read_opened(connection, plan.digest, number)) for number in (1, 2)]
        kinds = [read_entry(data).kind for data in read_entries(connection, 0, 1000)]
        (release,) = list_releases(connection)
    assert [r.state for r in rounds] == [RoundState.APPLIED, RoundState.MEASURED]
    assert [one.schools for one in opened] == [["east", "north", "west"]] * 2
    assert rounds[1].plan.outcome_digest == opened[0].digest
    assert kinds == ["proposed", *["planned", "committed", "opened"] * 2, *["confirmed"] * 3, "released"]
    card = read_release(read_release_file(coordinator, release.digest), coordinator.identity.public_key).card
    assert card.evaluation["pooled_students"] == 300.0
    assert card.confirmed_by == ("east", "north", "west")


def test_a_candidate_without_enough_confirmations_is_not_released(coordinator: Coordinator) -> None:
    """The plan's minimum cohort is the quorum without masks."""
    schools = three_schools(coordinator)
    for name in ("east", "west"):
        schools[name].matches = False
    plan = add_test_campaign(coordinator, schools, rounds=1)
    record = _run(coordinator, plan, _memory(schools))
    assert record.state == CampaignState.STOPPED
    assert "Another model came out at: east, west." in record.reason
    with coordinator.store.read() as connection:
        assert list_releases(connection) == []
