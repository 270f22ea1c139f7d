"""Masked campaigns over real processes: the exact sums of five schools, also when each is killed at another stage.

Coordinator, SuperLink, gate and links are the product's own, over TLS on loopback; only the links' randomness is
seeded, so that the sums can be compared with what the schools added in memory.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from client.federation.school_link import open_school
from client.training.answer_message import answer_message
from common.opened_round import OpenedRound
from deploy.demo.processes import call
from server.campaign import run_campaign
from server.campaign_records import CampaignState, want_campaign
from server.published import read_opened
from tests.support.campaign_endings import CampaignRecords
from tests.support.consortium_folders import MASKED_STUDENTS, ConsortiumFolders
from tests.support.direct_record import DirectRecord
from tests.support.memory_transport import MemoryTransport, SteppedTime
from tests.support.running_consortium import RunningConsortium
from tests.support.seeded import SeededRandomness

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("flower")]

OVER_WITHIN_SECONDS = 300.0
ROUNDS = 4  # three that train and one that measures


def _opened(records: CampaignRecords, digest: str) -> list[OpenedRound]:
    """What is published of every round."""
    with records.coordinator.store.read() as connection:
        return [OpenedRound.from_bytes(read_opened(connection, digest, n)) for n in range(1, ROUNDS + 1)]


@pytest.fixture(scope="module")
def in_memory(masked_consortium: ConsortiumFolders, tmp_path_factory: pytest.TempPathFactory) -> list[OpenedRound]:
    """The same campaign in one process, without Flower or a network."""
    folders = masked_consortium.copy(tmp_path_factory.mktemp("memory") / "consortium")
    digest = folders.plans["masked"].digest
    with ExitStack() as stack:
        records = stack.enter_context(CampaignRecords(folders, "masked"))
        coordinator = records.coordinator
        schools = {
            name: stack.enter_context(
                open_school(
                    folders.school(name), randomness=SeededRandomness(name), record=DirectRecord(coordinator)
                )
            ).training
            for name in folders.schools
        }
        with coordinator.store.write() as connection:
            want_campaign(connection, digest, wanted=True, at=coordinator.clock.now())
        transport = MemoryTransport({n: partial(answer_message, school=s) for n, s in schools.items()})
        ended = run_campaign(transport, coordinator, digest, pace=SteppedTime().pace())
        assert ended.state == CampaignState.RELEASED, ended.reason
        return _opened(records, digest)


@pytest.fixture
def running(masked_consortium: ConsortiumFolders, tmp_path: Path) -> Iterator[RunningConsortium]:
    """A fresh copy, with nothing started yet."""
    with RunningConsortium(masked_consortium.copy(tmp_path / "consortium")) as made:
        yield made


def _start(running: RunningConsortium) -> str:
    call("server.cli", "--folder", running.folders.coordinator.root, "campaign", "start", "masked")
    running.serve()
    return running.folders.plans["masked"].digest


def test_sums_over_flower_are_the_ones_in_memory(running: RunningConsortium, in_memory: list[OpenedRound]) -> None:
    """Number for number, with other masks; every school pays once a round, confirms, installs and verifies."""
    with CampaignRecords(running.folders, "masked") as records:
        digest = _start(running)
        running.links()
        running.must_become(records.is_over, within_seconds=OVER_WITHIN_SECONDS)
        assert records.record().state == CampaignState.RELEASED, records.record().reason
        opened = _opened(records, digest)
        assert [one.total for one in opened] == [one.total for one in in_memory]
        assert [one.schools for one in opened] == [sorted(MASKED_STUDENTS)] * ROUNDS
        assert records.charges() == {school: [1, 2, 3, 4] for school in MASKED_STUDENTS}
        running.must_become(lambda: all(records.installed(school) for school in MASKED_STUDENTS))
        printed = call("client.cli", "verify", "--folder", running.folders.school("ash").path)
        assert "Nothing differs." in printed
        assert printed.count(", replayed") == ROUNDS


# Which school dies where, and what is durable by then. A link that is started again comes back within twenty
# seconds, when Flower has given its predecessor up (`tests.support.seeded_link`).
KILLS = {
    "ash": ("--hold-trip", "deal", "--hold-step", "before .state"),
    "cedar": ("--hold-round", "1", "--hold-step", "after charge"),
    "elm": ("--hold-trip", "unmask", "--hold-round", "2", "--hold-step", "after .state"),
}


def test_a_school_killed_at_each_stage_ends_in_exact_sums(running: RunningConsortium, tmp_path: Path) -> None:
    """kill -9 in the set-up, in a round after its charge, and while it helps to open a sum.

    The set-up stops with the school's name and goes on when it is back. A round ends in the exact sum, with the
    school's vector or without it, or in nothing: two that die one after the other may cost a round.
    """
    holds = {school: tmp_path / f"hold-{school}" for school in KILLS}
    with CampaignRecords(running.folders, "masked") as records:
        digest = _start(running)
        running.links("birch", "fir")
        for school, faults in KILLS.items():
            running.link(school, *faults, "--hold", str(holds[school]))
        _die(running, "ash", holds["ash"])
        running.must_become(lambda: records.record().state == CampaignState.STOPPED, within_seconds=120.0)
        assert "ash is missing" in records.record().reason
        _come_back(running, "ash")
        call("server.cli", "--folder", running.folders.coordinator.root, "campaign", "start", "masked")
        _die(running, "cedar", holds["cedar"])
        _come_back(running, "cedar")
        _die(running, "elm", holds["elm"])
        _come_back(running, "elm")
        running.must_become(records.is_over, within_seconds=OVER_WITHIN_SECONDS)
        assert records.record().state == CampaignState.RELEASED, records.record().reason
        opened = _opened(records, digest)
        assert opened[0].schools == ["ash", "birch", "elm", "fir"], "cedar had paid and sent nothing"
        exact = [one for one in opened if one.state == "opened"]
        assert len(exact) >= ROUNDS - 1
        charges = records.charges()
        assert charges["birch"] == charges["fir"] == [1, 2, 3, 4]
        assert 1 in charges["cedar"]
        printed = call("client.cli", "verify", "--folder", running.folders.school("birch").path)
        assert "Nothing differs." in printed
        assert printed.count(", replayed") == len(exact)


def _die(running: RunningConsortium, school: str, hold: Path) -> None:
    running.must_become(hold.exists, within_seconds=OVER_WITHIN_SECONDS)
    running.kill(school)


def _come_back(running: RunningConsortium, school: str) -> None:
    """The same school's link, without a fault."""
    before = running.log(school).count(" link-up ")
    running.link(school)
    running.must_become(lambda: running.log(school).count(" link-up ") > before)
