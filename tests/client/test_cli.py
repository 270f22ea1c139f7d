"""The school's command line: each command in words, errors as one sentence, and no torch where none is needed."""

import importlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.support.quiet_flower  # noqa: F401 - the link command imports flwr
from client.cli import COMMANDS, FAILED, main, parser
from client.records.consent import consenting_students
from client.records.inventory import Purpose
from client.records.staff import Role, all_staff
from client.records.store import open_school_store
from client.records.students import student_ids
from client.settings import SchoolFolder, load_settings
from common.campaign_message import seal_campaign
from common.clock import SystemClock
from tests.support.fake_coordinator import FakeCoordinator, fake_coordinator
from tests.support.plans import campaign_plan
from tests.support.stores import in_reader

LOG = """student\tschool\torder\titem\tskills\tcorrect\tts
s1\tHill\t0\tq1\tadd\t1\t10
s1\tHill\t1\tq2\tadd;multiply\t0\t20
s2\tHill\t0\tq1\tadd\t1\t10
s3\tDale\t0\tq1\tadd\t1\t10
"""


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A school that `init` has made."""
    path = str(tmp_path / "school")
    assert main(["init", "--folder", path, "--school", "east"]) == 0
    assert "vault.key" in capsys.readouterr().out
    return path


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[FakeCoordinator]:
    """A coordinator on loopback whose clock is this machine's."""
    with fake_coordinator(tmp_path) as running:
        running.now = SystemClock().now()
        yield running


def printed_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    """What a command prints as JSON."""
    capsys.readouterr()
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


class TestSettingUp:
    """From an empty folder to a school with students."""

    def test_a_second_init_leaves_the_school_alone(self, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
        """One sentence, the remedy and the code on standard error; exit code 2."""
        assert main(["init", "--folder", folder, "--school", "west"]) == FAILED
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 2
        assert "already holds a school" in lines[0]
        assert lines[1].endswith("[bad-settings]")
        assert load_settings(SchoolFolder(Path(folder))).school == "east"

    def test_an_administrator_is_added_without_a_password_on_the_command_line(
        self, folder: str, tmp_path: Path
    ) -> None:
        """The password comes from a file or the terminal."""
        secret = tmp_path / "secret"
        secret.write_text("correct horse battery\n")
        added = ["add-staff", "Mr Abe", "--role", "administrator", "--folder", folder]
        assert main([*added, "--password-file", str(secret)]) == 0
        store = open_school_store(SchoolFolder(Path(folder)), load_settings(SchoolFolder(Path(folder))))
        try:
            [member] = in_reader(store, all_staff)
        finally:
            store.close()
        assert (member.name, member.role) == ("Mr Abe", Role.ADMINISTRATOR)
        with pytest.raises(SystemExit):
            parser().parse_args([*added, "--password", "correct horse battery"])

    @pytest.mark.parametrize("consents", [True, False])
    def test_a_log_brings_one_schools_students(self, folder: str, tmp_path: Path, consents: bool) -> None:
        """Consent to training is stated, never assumed."""
        log = tmp_path / "log.tsv"
        log.write_text(LOG)
        flag = ["--training-consent"] if consents else []
        assert main(["import-log", str(log), "--school", "Hill", "--folder", folder, *flag]) == 0
        store = open_school_store(SchoolFolder(Path(folder)), load_settings(SchoolFolder(Path(folder))))
        try:
            assert in_reader(store, student_ids) == ["s1", "s2"]
            training = in_reader(store, lambda c: consenting_students(c, Purpose.FEDERATED_TRAINING))
            assert training == (["s1", "s2"] if consents else [])
            assert in_reader(store, lambda c: consenting_students(c, Purpose.PRACTICE)) == ["s1", "s2"]
        finally:
            store.close()

    def test_a_log_is_imported_once(self, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Nobody's answers are doubled."""
        log = tmp_path / "log.tsv"
        log.write_text(LOG)
        again = ["import-log", str(log), "--school", "Hill", "--folder", folder]
        assert (main(again), main(again)) == (0, FAILED)
        assert "Nothing was added" in capsys.readouterr().err

    def test_a_school_that_the_log_does_not_hold(
        self, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The sentence names those that it does."""
        log = tmp_path / "log.tsv"
        log.write_text(LOG)
        assert main(["import-log", str(log), "--school", "Moon", "--folder", folder]) == FAILED
        assert "Dale, Hill" in capsys.readouterr().err

    def test_simulated_students_are_the_same_for_the_same_seed(
        self, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """In classes of 25."""
        simulated = ["simulate", "--students", "30", "--answers", "10", "--seed", "7", "--folder"]
        assert main(["init", "--folder", str(tmp_path / "twin"), "--school", "east"]) == 0
        capsys.readouterr()
        assert main([*simulated, folder]) == 0
        first = capsys.readouterr().out
        assert main([*simulated, str(tmp_path / "twin")]) == 0
        assert capsys.readouterr().out == first
        assert first.startswith("Added 30 students in 2 classes")


class TestConsortium:
    """Joining and deciding."""

    def test_join_campaigns_approve_report(
        self, folder: str, coordinator: FakeCoordinator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The administrator's way through a campaign's beginning."""
        main(["simulate", "--students", "12", "--answers", "8", "--folder", folder])
        assert main(["join", str(coordinator.invitation(tmp_path)), "--folder", folder]) == 0
        assert "with 20 students" in capsys.readouterr().out
        plan = campaign_plan(coordinator_key=coordinator.identity.public_key)
        coordinator.campaigns = [seal_campaign(coordinator.identity, plan)]
        assert main(["campaigns", "--folder", folder]) == 0
        text = capsys.readouterr().out
        assert "waiting for your decision" in text
        assert plan.digest in text
        assert main(["approve", plan.digest[:12], "--folder", folder]) == 0
        listed = printed_json(capsys, "campaigns", "--json", "--folder", folder)
        assert isinstance(listed, list)
        assert [one["decided"] for one in listed] == ["approved"]
        assert main(["refuse", plan.digest[:12], "--folder", folder]) == 0
        report = printed_json(capsys, "report", "--json", "--folder", folder)
        assert isinstance(report, dict)
        assert (report["school"], report["students"], report["rounds"]) == ("east", 12, 0)
        assert (report["rung"], report["epsilon"]) == ("bkt", 0.0)

    def test_training_is_paused_and_goes_on(self, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
        """At once, by name, and a second time it is said to be so already."""
        deeds = [("pause", "is paused."), ("pause", "paused already"), ("resume", "goes on"), ("resume", "wasn't")]
        states = []
        for command, said in deeds:
            capsys.readouterr()
            assert main([command, "--by", "Mr Abe", "--folder", folder]) == 0
            assert said in capsys.readouterr().out
            report = printed_json(capsys, "report", "--json", "--folder", folder)
            assert isinstance(report, dict)
            states.append(report["paused"])
        assert states == [True, True, False, False]
        main(["pause", "--folder", folder])
        assert main(["report", "--folder", folder]) == 0
        assert "which is paused here" in capsys.readouterr().out

    def test_a_second_plan_is_printed_with_what_it_changes(
        self, folder: str, coordinator: FakeCoordinator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Against the one that was approved before."""
        main(["join", str(coordinator.invitation(tmp_path)), "--students", "20", "--folder", folder])
        first = campaign_plan(coordinator_key=coordinator.identity.public_key)
        second = first.model_copy(update={"campaign": "spring", "epsilon": 4.0})
        coordinator.campaigns = [seal_campaign(coordinator.identity, plan) for plan in (first, second)]
        assert main(["campaigns", "--folder", folder]) == 0
        assert main(["approve", first.digest, "--folder", folder]) == 0
        capsys.readouterr()
        assert main(["campaigns", "--folder", folder]) == 0
        text = capsys.readouterr().out
        assert "Against autumn, which was approved before:" in text
        assert "Epsilon of all rounds: 4, was 2 (less privacy)." in text

    def test_without_a_consortium(self, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Practice needs none; the commands that do say so."""
        for command in (["campaigns"], ["link"]):
            assert main([*command, "--folder", folder]) == FAILED
            assert "hasn't joined a consortium" in capsys.readouterr().err

    def test_nothing_to_roll_back(self, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The school's own model is the last step."""
        assert main(["rollback", "--folder", folder]) == 0
        assert "own model" in capsys.readouterr().out
        assert main(["releases", "--folder", folder]) == 0
        assert printed_json(capsys, "releases", "--json", "--folder", folder) == []


class TestRunning:
    """Serving and checking."""

    def test_serve_refuses_a_port_in_use(self, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Before anything is opened, with the port's number."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            assert main(["serve", "--port", port, "--folder", folder]) == FAILED
        error = capsys.readouterr().err
        assert port in error
        assert "[port-in-use]" in error

    def test_doctor_finds_a_sound_school_sound(self, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit code 0 and one line per check."""
        assert main(["doctor", "--folder", folder]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert all(line.startswith("ok") for line in lines)
        assert len(lines) == 9

    def test_doctor_names_what_to_mend(
        self, folder: str, coordinator: FakeCoordinator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A key that others may read, a damaged ledger, and a clock that is off."""
        assert main(["join", str(coordinator.invitation(tmp_path)), "--students", "20", "--folder", folder]) == 0
        (Path(folder) / "vault.key").chmod(0o644)
        (Path(folder) / "ledger.jsonl").write_text("{}\n")
        coordinator.enrolled[0]["identity_key"] = "0" * 64
        capsys.readouterr()
        assert main(["doctor", "--folder", folder]) == 1
        wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("MEND")]
        assert [line.split()[1] for line in wrong] == ["files:", "ledger:", "coordinator:"]
        assert "vault.key" in wrong[0]
        assert "clocks" in wrong[2]

    def test_a_folder_without_a_school(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Every command says it in one sentence and leaves no file behind."""
        nowhere = str(tmp_path / "nowhere")
        for command in (["report"], ["serve"], ["releases"], ["simulate", "--students", "3"]):
            assert main([*command, "--folder", nowhere]) == FAILED
            assert "Set the school up first" in capsys.readouterr().err
        assert not Path(nowhere).exists()

    def test_every_command_is_described(self) -> None:
        """And its function exists, which the lazy look-up would find out late."""
        for text, target in COMMANDS.values():
            module, _, name = target.partition(":")
            assert callable(getattr(importlib.import_module(module), name))
            assert text

    def test_pages_and_decisions_load_neither_torch_nor_flwr(self) -> None:
        """A school without training installs neither; `link`, `verify` and `measure` are for one that does."""
        light = [
            target.partition(":")[0]
            for _, target in COMMANDS.values()
            if not target.endswith((":link", ":verify", ":measure"))
        ]
        code = (
            f"import importlib, sys; import client.cli\nfor m in {light!r}: importlib.import_module(m)\n"
            "print([m for m in ('torch', 'flwr', 'dp_accounting') if m in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
