"""The operator's commands: what they print, and one sentence with exit code 2 when they can't."""

import socket
from pathlib import Path

import pytest

from common.arrays import to_bytes
from common.clock import SystemClock
from common.invitation import load_invitation
from common.models.release import read_release
from common.skills import SkillMap
from server.campaign import run_campaign
from server.campaign_records import find_campaign
from server.cli import main
from server.coordinator import Coordinator, open_coordinator
from server.operators import sign_in
from server.schools import Enrolment, enrol
from server.settings import CoordinatorFolder
from tests.support.coordinators import SCHOOLS, start_arrays
from tests.support.fake_schools import FakeSchool, node_key
from tests.support.memory_transport import MemoryTransport, SteppedTime

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, capsys: Printed) -> Path:
    """A coordinator that `init` made."""
    made = tmp_path / "hub"
    url = "https://127.0.0.1:8443"
    assert main(["--folder", str(made), "init", "--consortium", "Valley schools", "--url", url]) == 0
    assert "Its key begins" in capsys.readouterr().out
    return made


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    """A skill map and a start model for `plan draft`, so that nothing is trained."""
    skills, model = tmp_path / "skills.json", tmp_path / "start.model"
    skills.write_bytes(SkillMap("test/1", ("add", "multiply")).to_bytes())
    model.write_bytes(to_bytes(start_arrays(3, 8)))
    digest = "b" * 64
    return ["--skills", str(skills), "--start-model", str(model), "--hidden", "8", "--bundle-digest", digest]


def _run(folder: Path, *arguments: str) -> int:
    return main(["--folder", str(folder), *arguments])


def _fails(folder: Path, capsys: Printed, *arguments: str) -> str:
    """The sentences of a command that must fail."""
    capsys.readouterr()
    assert _run(folder, *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def _enrol_three(folder: Path, tmp_path: Path) -> tuple[Coordinator, dict[str, FakeSchool]]:
    coordinator = open_coordinator(CoordinatorFolder(folder))
    schools = {}
    for name in SCHOOLS:
        path = tmp_path / f"{name}.json"
        assert _run(folder, "invite", name, "--out", str(path)) == 0
        school = FakeSchool(name, coordinator.identity.public_key)
        keys = Enrolment(school.identity.public_key, node_key(), school.students)
        enrol(coordinator, load_invitation(path).token, keys)
        schools[name] = school
    return coordinator, schools


def test_from_the_first_command_to_a_release(
    folder: Path, inputs: list[str], tmp_path: Path, capsys: Printed
) -> None:
    """Invite, list, draft, start, train, status, export, withdraw."""
    coordinator, schools = _enrol_three(folder, tmp_path)
    assert _run(folder, "schools") == 0
    assert "north\t100 students\t" in capsys.readouterr().out
    draft = ["plan", "draft", "autumn", "--rounds", "2", "--epsilon", "8", "--learning-rate", "0.05"]
    draft += ["--no-secure-aggregation", "--no-measuring"]
    assert _run(folder, *draft, *inputs) == 0
    assert "Campaign autumn: 2 rounds, epsilon 7.99" in capsys.readouterr().out
    assert _run(folder, "campaign", "start", "autumn") == 0
    with coordinator.store.read() as connection:
        plan = find_campaign(connection, "autumn").plan
    run_campaign(MemoryTransport(dict(schools)), coordinator, plan.digest, pace=SteppedTime().pace())
    capsys.readouterr()
    assert _run(folder, "status") == 0
    assert capsys.readouterr().out.splitlines() == [
        "autumn: released, round 2 of 2.",
        "  east sent its update",
        "  north sent its update",
        "  west sent its update",
    ]
    assert _run(folder, "release", "list") == 0
    digest = capsys.readouterr().out.split("\t")[0]
    out = tmp_path / "model.release"
    assert _run(folder, "release", "export", digest[:8], "--out", str(out)) == 0
    assert read_release(out.read_bytes(), coordinator.identity.public_key).card.campaign == "autumn"
    assert _run(folder, "release", "withdraw", digest[:8], "--reason", "too weak") == 0
    assert _run(folder, "release", "list") == 0
    assert "withdrawn" in capsys.readouterr().out
    coordinator.close()


def test_an_invitation_is_private_and_never_overwritten(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    """Mode 0600; a second one needs another file."""
    out = tmp_path / "alder.json"
    assert _run(folder, "invite", "Alder", "--out", str(out)) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert "exists already" in _fails(folder, capsys, "invite", "Alder", "--out", str(out))


def test_an_operator_is_added_from_a_password_file(folder: Path, tmp_path: Path) -> None:
    """The first line counts."""
    file = tmp_path / "password"
    file.write_text("a long enough sentence\n")
    assert _run(folder, "operator", "add", "Ada", "--password-file", str(file)) == 0
    coordinator = open_coordinator(CoordinatorFolder(folder))
    assert sign_in(coordinator, "Ada", "a long enough sentence")
    coordinator.close()


def test_a_typed_password_has_to_be_typed_twice(
    folder: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two different ones change nothing."""
    typed = iter(["a long enough sentence", "a long enough sentense"])
    monkeypatch.setattr("server.commands.getpass", lambda prompt: next(typed))
    assert "differ" in _fails(folder, capsys, "operator", "add", "Ada")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["status", "winter"], "There is no campaign winter."),
        (["campaign", "start", "winter"], "There is no campaign winter."),
        (["revoke", "Alder"], "No school called Alder is enrolled."),
        (["invite", "a/b"], "A school's name has"),
        (["release", "export", "aaaaaaaa", "--out", "x"], "There is no such release."),
        (["plan", "draft", "x", "--skills", "absent.json"], "absent.json can't be read."),
        (["operator", "add", "Ada", "--password-file", "absent"], "absent can't be read."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    folder: Path, capsys: Printed, arguments: list[str], sentence: str
) -> None:
    """And what to do; never a traceback."""
    printed = _fails(folder, capsys, *arguments)
    assert sentence in printed
    assert "Traceback" not in printed


def test_a_plan_is_masked_and_measured_unless_the_operator_says_otherwise(
    folder: Path, inputs: list[str], tmp_path: Path, capsys: Printed
) -> None:
    """The operator reads what was chosen, at epsilon 3; what isn't safe is refused in a sentence."""
    coordinator, _ = _enrol_three(folder, tmp_path)
    coordinator.close()
    capsys.readouterr()
    assert _run(folder, "plan", "draft", "autumn", "--rounds", "2", *inputs) == 0
    printed = capsys.readouterr().out
    assert "2 rounds and one that measures, epsilon 3.000 at 1e-05" in printed
    assert "A round needs 3 schools, of which 1 may fall silent; 2 schools open it." in printed
    assert "as long as no school helps a malicious coordinator" in printed
    assert "Every school adds all the noise itself" in printed
    printed = _fails(folder, capsys, "plan", "draft", "winter", "--honest-schools", "2", *inputs)
    assert "honest_schools is at most 1" in printed
    printed = _fails(folder, capsys, "plan", "draft", "winter", "--max-dropped", "2", *inputs)
    assert "can't reach the threshold" in printed


def test_a_plan_for_too_few_schools_is_refused(folder: Path, inputs: list[str], capsys: Printed) -> None:
    """Nobody is enrolled yet."""
    printed = _fails(folder, capsys, "plan", "draft", "autumn", *inputs)
    assert "needs at least 3 schools, and 0 are enrolled" in printed
    assert "[too-few-schools]" in printed


def test_a_folder_without_a_coordinator_says_so(tmp_path: Path, capsys: Printed) -> None:
    """The next command is in the sentence."""
    assert "run `homeroom-coordinator init` first" in _fails(tmp_path / "nowhere", capsys, "schools")


def test_a_second_init_changes_nothing(folder: Path, capsys: Printed) -> None:
    """Its key and its CA are what every school trusts."""
    key = (folder / "identity.key").read_bytes()
    again = ["init", "--consortium", "Other", "--url", "https://x"]
    assert "exists already" in _fails(folder, capsys, *again)
    assert (folder / "identity.key").read_bytes() == key


def test_a_poor_address_is_refused_before_anything_is_made(tmp_path: Path, capsys: Printed) -> None:
    """The sentence names the setting."""
    init = ["init", "--consortium", "A", "--url", "http://x"]
    assert "public_url" in _fails(tmp_path / "hub", capsys, *init)
    assert not (tmp_path / "hub").exists()


def test_a_taken_port_is_named(tmp_path: Path, capsys: Printed) -> None:
    """PORT_IN_USE, before Flower is started."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        url = f"https://127.0.0.1:{port}"
        init = ["init", "--consortium", "A", "--url", url, "--port", str(port)]
        assert _run(tmp_path / "hub", *init) == 0
        printed = _fails(tmp_path / "hub", capsys, "serve")
    assert f"Port {port} on 127.0.0.1 can't be opened" in printed
    assert "[port-in-use]" in printed
    assert not (tmp_path / "hub" / "flower").exists()


def test_the_clock_is_the_machine_s(folder: Path) -> None:
    """An opened coordinator reads the real time."""
    coordinator = open_coordinator(CoordinatorFolder(folder))
    assert isinstance(coordinator.clock, SystemClock)
    coordinator.close()
