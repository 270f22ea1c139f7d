"""What Homeroom relies on in flwr 1.41.0: these tests fail first when it is upgraded."""

import inspect
import os
import subprocess
from pathlib import Path

import flwr
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flwr.app import DEFAULT_TTL, Message, RecordDict
from flwr.common.constant import ErrorCode as FlowerErrorCode
from flwr.serverapp import Grid
from flwr.supercore.task_identity import TaskIdentity
from flwr.superlink.main import create_app

from common.edge_codes import edge_code
from server.flower_environment import flower_command, flower_environment
from server.gate import FLEET_CALLS

RECORDED_ROUTES = Path(__file__).with_name("superlink_routes_1_41_0.txt")


def _routes() -> list[str]:
    paths = create_app().openapi()["paths"]
    return sorted(f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs)


def test_the_version_is_pinned() -> None:
    """Modules move and flags vanish between minor versions."""
    assert flwr.__version__ == "1.41.0"


def test_the_superlinks_routes_are_the_recorded_ones() -> None:
    """A new public route is noticed here before the gate meets it."""
    assert _routes() == RECORDED_ROUTES.read_text().split("\n")[:-1]


def test_the_fleet_has_the_ten_calls_and_two_that_the_gate_keeps_shut() -> None:
    """Registration is the coordinator's own, over loopback."""
    fleet = {line.rpartition("/")[2] for line in _routes() if " /v1/fleet/" in line}
    assert fleet == FLEET_CALLS | {"register-node", "unregister-node"}


def test_a_message_needs_to_know_whose_task_it_belongs_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hence the identity that the link sets before it builds a reply."""
    for name in ("_run_id", "_node_id", "_task_id"):
        monkeypatch.setattr(TaskIdentity, name, None)
    with pytest.raises(RuntimeError, match="TaskIdentity"):
        Message(RecordDict(), 1, "train")


def test_a_grid_offers_what_the_transport_uses() -> None:
    """Push, pull and the list of nodes; waiting is ours."""
    assert list(inspect.signature(Grid.push_messages).parameters) == ["self", "messages"]
    assert list(inspect.signature(Grid.pull_messages).parameters) == ["self", "message_ids"]
    assert list(inspect.signature(Grid.get_node_ids).parameters) == ["self"]


def test_flowers_error_numbers_stay_clear_of_ours() -> None:
    """An error of Flower's is never taken for a school's refusal."""
    numbers = [value for name, value in vars(FlowerErrorCode).items() if name.isupper()]
    assert len(numbers) >= 9
    assert [edge_code(number) for number in numbers] == [None] * len(numbers)


def test_a_message_lives_longer_than_a_round() -> None:
    """Half a day; the coordinator's own deadline comes first."""
    assert DEFAULT_TTL == 43_200


def test_a_stock_node_refuses_a_key_that_is_not_in_openssh_form(tmp_path: Path) -> None:
    """PKCS8 ends it with Flower's exit code 302 before anything is sent; OpenSSH form gets past that point."""
    key = ec.generate_private_key(ec.SECP384R1())
    said = {
        form: _start_node(tmp_path, key.private_bytes(Encoding.PEM, form, NoEncryption()))
        for form in (PrivateFormat.PKCS8, PrivateFormat.OpenSSH)
    }
    assert "Exit Code: 302" in said[PrivateFormat.PKCS8]
    assert "Exit Code: 302" not in said[PrivateFormat.OpenSSH]


def _start_node(folder: Path, key: bytes) -> str:
    """What `flower-supernode` prints until it ends; without TLS it refuses to go on with any key."""
    path = folder / "node.key"
    path.write_bytes(key)
    done = subprocess.run(
        [*flower_command("flower-supernode"), "--insecure", "--auth-supernode-private-key", str(path)],
        env=flower_environment(folder, os.environ),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    return done.stdout + done.stderr
