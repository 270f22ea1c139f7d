"""A tied process ends with its parent, however the parent ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from common.errors import FixSettings
from server.tether import PARENT_VARIABLE, die_with_parent, tethered
from tests.support.waiting import must_become

# A parent that starts a tied sleeper, prints the sleeper's id, and sleeps itself.
PARENT = """
import subprocess, sys, time
from server.tether import tethered
child = subprocess.Popen(tethered(["sleep", "60"]))
print(child.pid, flush=True)
time.sleep(60)
"""


def _is_gone(process: int) -> bool:
    """Ended, whether or not somebody has asked for its exit status yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _runs(process: int, command: str) -> bool:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip() == command
    except FileNotFoundError:
        return False


def test_a_tied_child_dies_with_a_killed_parent() -> None:
    """kill -9 gives the parent no chance to end anything; the kernel does it."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        must_become(lambda: _runs(child, "sleep"))
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(5)
        must_become(lambda: _is_gone(child))
    finally:
        parent.kill()
        parent.wait()
        if parent.stdout is not None:
            parent.stdout.close()


def test_a_tied_command_is_the_same_process_and_says_so_to_its_children() -> None:
    """The launcher becomes the command, so ids and exit statuses are the command's own."""
    command = [sys.executable, "-c", f"import os; print(os.getpid(), os.environ[{PARENT_VARIABLE!r}])"]
    process = subprocess.Popen(tethered(command), stdout=subprocess.PIPE, text=True)
    output, _ = process.communicate(timeout=10)
    assert output.split() == [str(process.pid), str(process.pid)]


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    """The parent may die between starting the child and the child tying itself."""
    done = subprocess.run([sys.executable, "-m", "server.tether", "1", "echo", "ran"], capture_output=True)
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_process_may_tie_itself() -> None:
    """As the ServerApp does, which SuperExec starts without our launcher."""
    code = f"from server.tether import die_with_parent; die_with_parent({os.getpid()}); print('tied')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "tied\n"


def test_a_system_that_can_not_tie_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Better no Flower than one that nobody can stop."""

    class NoTies:
        @staticmethod
        def prctl(*arguments: int) -> int:
            return -1

    monkeypatch.setattr("server.tether.ctypes.CDLL", lambda name, use_errno: NoTies)
    with pytest.raises(FixSettings, match="prctl"):
        die_with_parent(os.getppid())
