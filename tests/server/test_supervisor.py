"""The supervisor keeps Flower up, its roster true and one wanted campaign running, and knows when to give up."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from common.errors import ErrorCode, RetryLater
from server.campaign_records import CampaignState, find_campaign, set_state, want_campaign
from server.coordinator import Coordinator
from server.schools import find_school, revoke
from server.supervisor import LOOKS_BETWEEN_QUESTIONS, MOST_STARTS_WITHOUT_A_ROUND, Supervisor
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools
from tests.support.fake_schools import FakeSchool


class FakeFlower:
    """A FlowerHost without processes; tests end its runs and its life."""

    address = "127.0.0.1:8850"

    def __init__(self) -> None:
        self.alive = False
        self.events: list[str] = []
        self.rosters: list[dict[str, str]] = []
        self.runs: list[str] = []
        self.fails = False

    def start(self) -> None:
        """Up, with nothing registered and nothing running."""
        self.alive, self.runs = True, []
        self.events.append("start")

    def register(self, keys: Mapping[str, str]) -> Mapping[str, int]:
        """Keeps the roster."""
        if self.fails:
            raise RetryLater(ErrorCode.FLOWER_FAILED, "Flower doesn't answer.")
        self.rosters.append(dict(keys))
        return {school: number for number, school in enumerate(sorted(keys))}

    def start_campaign(self, plan_id: str) -> str:
        """One more run."""
        self.runs.append(plan_id)
        self.events.append(f"campaign {plan_id[:8]}")
        return str(len(self.runs))

    def running(self) -> list[str]:
        """Runs that tests haven't ended."""
        return self.runs

    def stop(self) -> None:
        """Down."""
        self.alive = False
        self.events.append("stop")


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator with three enrolled schools."""
    made = new_coordinator(tmp_path)
    enrol_schools(made, three_schools(made))
    yield made
    made.close()


@pytest.fixture
def flower() -> FakeFlower:
    """Down at first."""
    return FakeFlower()


@pytest.fixture
def supervisor(coordinator: Coordinator, flower: FakeFlower) -> Supervisor:
    """Started."""
    made = Supervisor(coordinator, flower)
    made.start()
    return made


def _draft(coordinator: Coordinator, name: str = "autumn", *, wanted: bool = True) -> str:
    plan = add_test_campaign(coordinator, three_schools(coordinator), campaign=name, wanted=wanted)
    return plan.digest


def test_the_roster_is_registered_at_the_start_and_when_it_changes(
    coordinator: Coordinator, supervisor: Supervisor, flower: FakeFlower
) -> None:
    """Not at every look."""
    supervisor.look()
    assert [set(roster) for roster in flower.rosters] == [{"east", "north", "west"}]
    revoke(coordinator, "north")
    supervisor.look()
    assert set(flower.rosters[-1]) == {"east", "west"}


def test_a_new_school_is_registered_before_it_hears_back(
    coordinator: Coordinator, supervisor: Supervisor, flower: FakeFlower
) -> None:
    """And when Flower fails just then, at the next look."""
    enrol_schools(coordinator, {"south": FakeSchool("south", "")})
    with coordinator.store.read() as connection:
        south = find_school(connection, "south")
    assert south is not None
    flower.fails = True
    supervisor.on_enrol(south)
    flower.fails = False
    assert "south" not in flower.rosters[-1]
    supervisor.look()
    assert flower.rosters[-1]["south"] == south.node_key


def test_a_wanted_campaign_is_started_once(
    coordinator: Coordinator, supervisor: Supervisor, flower: FakeFlower
) -> None:
    """Not before it is wanted, and not again while it runs."""
    digest = _draft(coordinator, wanted=False)
    supervisor.look()
    assert flower.runs == []
    with coordinator.store.write() as connection:
        want_campaign(connection, digest, wanted=True, at=coordinator.clock.now())
    for _ in range(3 * LOOKS_BETWEEN_QUESTIONS):
        supervisor.look()
    assert flower.runs == [digest]


def test_campaigns_run_one_after_the_other(
    coordinator: Coordinator, supervisor: Supervisor, flower: FakeFlower
) -> None:
    """The second waits until the first has ended and its process is gone."""
    first, second = _draft(coordinator), _draft(coordinator, "winter")
    supervisor.look()
    assert flower.runs == [first]
    with coordinator.store.write() as connection:
        set_state(connection, first, CampaignState.STOPPED, at=coordinator.clock.now(), reason="for a test")
    supervisor.look()
    assert flower.runs == [first]
    flower.runs.clear()
    supervisor.look()
    assert flower.runs == [second]


def test_flower_is_started_again_and_the_campaign_goes_on(
    coordinator: Coordinator, supervisor: Supervisor, flower: FakeFlower
) -> None:
    """Its memory is gone, so the roster is registered anew."""
    digest = _draft(coordinator)
    supervisor.look()
    flower.alive = False
    supervisor.look()
    assert flower.events == ["start", f"campaign {digest[:8]}", "start", f"campaign {digest[:8]}"]
    assert len(flower.rosters) == 2


def test_a_campaign_that_dies_again_and_again_is_given_up(
    coordinator: Coordinator, supervisor: Supervisor, flower: FakeFlower
) -> None:
    """Three starts without a finished round; then it is stopped with a sentence, and may be started anew."""
    digest = _draft(coordinator)
    for _ in range((MOST_STARTS_WITHOUT_A_ROUND + 1) * LOOKS_BETWEEN_QUESTIONS + 1):
        supervisor.look()
        flower.runs.clear()
    assert flower.events.count(f"campaign {digest[:8]}") == MOST_STARTS_WITHOUT_A_ROUND
    with coordinator.store.read() as connection:
        record = find_campaign(connection, digest)
    assert record.state == CampaignState.STOPPED
    assert "campaign.log" in record.reason
    with coordinator.store.write() as connection:
        want_campaign(connection, digest, wanted=True, at=coordinator.clock.now())
    supervisor.look()
    assert flower.runs == [digest]


def test_the_loop_outlives_a_failing_look(supervisor: Supervisor, flower: FakeFlower) -> None:
    """One error is one log line."""
    stopping, looks = threading.Event(), 0
    flower.alive = False
    flower.fails = True

    def pause() -> None:
        nonlocal looks
        looks += 1
        flower.fails = False
        if looks == 3:
            stopping.set()

    supervisor.run(stopping=stopping, pause=pause)
    assert looks == 3
    assert flower.alive


def test_stopping_ends_flower(supervisor: Supervisor, flower: FakeFlower) -> None:
    """The processes go with the coordinator."""
    supervisor.stop()
    assert not flower.alive
