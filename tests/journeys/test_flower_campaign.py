"""Whole campaigns over real processes: the same bits as in memory, through kill -9, damage and absence.

Coordinator, SuperLink, gate and links are the product's own, over TLS on loopback; only the links' randomness is
seeded, so that two runs can be compared.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from client.federation.school_link import open_school
from client.training.answer_message import answer_message
from client.training.training_school import TrainingSchool
from common.models.release import release_digest
from deploy.demo.processes import call
from server.campaign import run_campaign
from server.campaign_records import CampaignState, want_campaign
from tests.support.campaign_endings import CampaignRecords, Ending
from tests.support.consortium_folders import STUDENTS, ConsortiumFolders
from tests.support.direct_record import DirectRecord
from tests.support.memory_transport import MemoryTransport, SteppedTime
from tests.support.running_consortium import RunningConsortium
from tests.support.seeded import SeededRandomness
from tests.support.seeded_link import released_file

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("flower")]

PATIENT_ROUNDS = [1, 2, 3, 4, 5, 6]
OVER_WITHIN_SECONDS = 180.0


@pytest.fixture(scope="module")
def undisturbed(consortium: ConsortiumFolders, tmp_path_factory: pytest.TempPathFactory) -> Ending:
    """The patient campaign in one process, without Flower or a network."""
    folders = consortium.copy(tmp_path_factory.mktemp("memory") / "consortium")
    with ExitStack() as stack:
        records = stack.enter_context(CampaignRecords(folders, "patient"))
        coordinator, digest = records.coordinator, folders.plans["patient"].digest
        record = DirectRecord(coordinator)
        schools = {
            name: stack.enter_context(
                open_school(folders.school(name), randomness=SeededRandomness(name), record=record)
            ).training
            for name in STUDENTS
        }
        with coordinator.store.write() as connection:
            want_campaign(connection, digest, wanted=True, at=coordinator.clock.now())
        transport = MemoryTransport({name: _answers(school) for name, school in schools.items()})
        run_campaign(transport, coordinator, digest, pace=SteppedTime().pace())
        ending = records.ending()
    assert ending.state == CampaignState.RELEASED, ending.reason
    return ending


def _answers(school: TrainingSchool) -> partial[bytes]:
    return partial(answer_message, school=school)


@pytest.fixture
def running(consortium: ConsortiumFolders, tmp_path: Path) -> Iterator[RunningConsortium]:
    """A fresh copy, with nothing started yet."""
    with RunningConsortium(consortium.copy(tmp_path / "consortium")) as made:
        yield made


def _start(running: RunningConsortium, campaign: str) -> None:
    """The operator's word."""
    call("server.cli", "--folder", running.folders.coordinator.root, "campaign", "start", campaign)


def _until_over(running: RunningConsortium, records: CampaignRecords) -> CampaignState:
    running.must_become(records.is_over, within_seconds=OVER_WITHIN_SECONDS)
    return records.record().state


def _every_school_once(rounds: list[int]) -> dict[str, list[int]]:
    return dict.fromkeys(STUDENTS, rounds)


def test_a_campaign_over_flower_ends_as_in_memory(running: RunningConsortium, undisturbed: Ending) -> None:
    """Bit for bit; each school pays once a round, and installs the release over HTTPS."""
    with CampaignRecords(running.folders, "patient") as records:
        _start(running, "patient")
        running.serve()
        running.links()
        _until_over(running, records)
        assert records.ending() == undisturbed
        assert records.charges() == _every_school_once(PATIENT_ROUNDS)
        running.must_become(lambda: all(records.installed(school) for school in STUDENTS))
        for school in STUDENTS:
            (installed,) = records.installed(school)
            assert installed.digest == records.release()
            assert installed.active
            assert release_digest(installed.path.read_bytes()) == installed.digest


def test_a_killed_coordinator_goes_on_to_the_same_model(
    running: RunningConsortium, undisturbed: Ending, tmp_path: Path
) -> None:
    """kill -9 in round 3 with two answers in and one school still at work; nobody pays twice for a round."""
    hold = tmp_path / "hold"
    with CampaignRecords(running.folders, "patient") as records:
        _start(running, "patient")
        running.serve()
        running.links("east", "north")
        running.link("west", "--hold-round", "3", "--hold", str(hold))
        two_answered = {"east": "answered", "north": "answered", "west": "invited"}
        running.must_become(lambda: hold.exists() and records.answers()[3] == two_answered)
        running.kill("coordinator")
        assert records.rounds_done() == 2
        assert records.charges() == {"east": [1, 2, 3], "north": [1, 2, 3], "west": [1, 2]}
        released_file(hold).touch()
        running.serve()
        _until_over(running, records)
        assert records.ending() == undisturbed
        assert records.charges() == _every_school_once(PATIENT_ROUNDS)
        assert [event for event in records.events() if event[0] == "round-sent-again"] == [
            ("round-sent-again", 3, "")
        ]


def test_a_school_that_is_cut_off_is_named_and_the_round_goes_on(
    running: RunningConsortium, tmp_path: Path
) -> None:
    """kill -9 of a link that has the message of round 2; the others finish the round and the campaign."""
    hold = tmp_path / "hold"
    with CampaignRecords(running.folders, "hasty") as records:
        _start(running, "hasty")
        running.serve()
        running.links("east", "north")
        running.link("west", "--hold-round", "2", "--hold", str(hold))
        running.must_become(hold.exists)
        running.kill("west")
        assert _until_over(running, records) == CampaignState.RELEASED
        answers = records.answers()
        assert answers[1] == {"east": "answered", "north": "answered", "west": "answered"}
        assert answers[2] == {"east": "answered", "north": "answered", "west": "late"}
        assert ("school-late", 2, "west") in records.events()
        assert (answers[3]["east"], answers[3]["north"]) == ("answered", "answered")
        assert records.charges() == {"east": [1, 2, 3], "north": [1, 2, 3], "west": [1]}


def test_too_few_schools_stop_it_and_damaged_replies_drop_one(
    consortium: ConsortiumFolders, tmp_path: Path
) -> None:
    """One school alone isn't enough; with all three it goes on, and leaves out what one of them damages."""
    folders = consortium.copy(tmp_path / "consortium", start_deadline_seconds=2.0)
    with RunningConsortium(folders) as running, CampaignRecords(folders, "hasty") as records:
        running.serve()
        running.links("east")
        _must_be_up(running, "east")
        _start(running, "hasty")
        assert _until_over(running, records) == CampaignState.STOPPED
        reason = records.record().reason
        assert reason.startswith("1 of the 2 schools that a round needs were connected after 2 seconds.")
        assert "Not connected: north, west." in reason
        running.links("north")
        running.link("west", "--flip-round", "1", "--shorten-round", "2")
        _must_be_up(running, "north", "west")
        _start(running, "hasty")
        running.must_become(lambda: records.record().state == CampaignState.RELEASED)
        assert [answers["west"] for answers in records.answers().values()] == [
            "rejected bad-message",
            "rejected wrong-length",
            "answered",
        ]
        assert {answers["east"] for answers in records.answers().values()} == {"answered"}
        assert ("school-rejected", 1, "west") in records.events()
        assert records.charges() == _every_school_once([1, 2, 3])


def _must_be_up(running: RunningConsortium, *schools: str) -> None:
    running.must_become(lambda: all(" link-up " in running.log(school) for school in schools))
