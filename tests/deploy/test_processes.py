"""The demo leaves nothing running, says which process ended, and which port is in use."""

import os
import socket
from pathlib import Path

import pytest

from common.errors import ErrorCode, FixSettings, RetryLater
from deploy.demo.processes import Processes, call, require_free_port

SLEEPER = ("/bin/sh", "-c", "echo $$ > pid; exec sleep 600")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_leaving_the_block_stops_every_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when an error is what ends it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    with pytest.raises(KeyboardInterrupt), Processes(tmp_path / "logs") as processes:
        processes.start("sleeper", SLEEPER)
        pid_file = tmp_path / "pid"
        processes.wait_until(
            lambda: pid_file.exists() and pid_file.read_text().strip() != "", what="it", seconds=20
        )
        raise KeyboardInterrupt
    assert not _alive(int((tmp_path / "pid").read_text()))


def test_a_child_that_ends_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    """Instead of waiting for ever."""
    with Processes(tmp_path) as processes, pytest.raises(RetryLater, match=r"(?s)school one.*the last words"):
        processes.start("school one", ("/bin/sh", "-c", "echo the last words; exit 3"))
        processes.wait_until(lambda: False, what="nothing", seconds=20)


def test_a_child_whose_work_is_done_may_end(tmp_path: Path) -> None:
    """With exit code 0 only: a child that failed is named all the same."""
    with Processes(tmp_path) as processes:
        processes.start("control", ("/bin/sh", "-c", "exit 0"), may_end=True)
        processes.start("sleeper", ("/bin/sh", "-c", "exec sleep 600"))
        with pytest.raises(RetryLater, match="took more than 1 second"):
            processes.wait_until(lambda: False, what="nothing", seconds=1.0)
        processes.start("control", ("/bin/sh", "-c", "echo no luck; exit 2"), may_end=True)
        with pytest.raises(RetryLater, match=r"(?s)control.*no luck"):
            processes.wait_until(lambda: False, what="nothing", seconds=20)


def test_a_condition_that_never_holds_ends_in_a_sentence(tmp_path: Path) -> None:
    """With how long it was waited for."""
    with (
        Processes(tmp_path) as processes,
        pytest.raises(RetryLater, match="The campaign took more than 0 seconds"),
    ):
        processes.wait_until(lambda: False, what="The campaign", seconds=0.0)


def test_a_port_in_use_is_named() -> None:
    """With what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(FixSettings, match=str(port)) as caught:
            require_free_port(port, use="coordinator")
    assert caught.value.code is ErrorCode.PORT_IN_USE


def test_a_command_that_fails_passes_its_sentence_on() -> None:
    """What it printed on standard error."""
    with pytest.raises(FixSettings, match="No module named"):
        call("no_such_module_of_ours")
