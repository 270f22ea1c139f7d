"""The demo's child processes: started tied to the demo, watched, and always stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from common.errors import ErrorCode, FixSettings, RetryLater
from server.tether import tethered

GRACE_SECONDS, LOOK_EVERY_SECONDS = 15.0, 0.1
LOG_LINES_SHOWN = 15


class Processes:
    """Use in a `with` statement: whatever ends the block, no child is left running."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._may_end: set[str] = set()

    def __enter__(self) -> "Processes":
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_all()

    def start(self, name: str, command: Sequence[str], *, may_end: bool = False) -> None:
        """Starts one child; its output goes to `<name>.log`. may_end: with exit code 0, when its work is done."""
        self._may_end |= {name} if may_end else set()
        with (self._logs / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                tethered(command),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment(),
            )

    def check(self) -> None:
        """RetryLater with the end of its log if a child has ended by itself."""
        for name, child in self._children.items():
            code = child.poll()
            if code is not None and not (code == 0 and name in self._may_end):
                tail = self._tail(name)
                raise RetryLater(
                    ErrorCode.FLOWER_FAILED,
                    f"The process {name} ended by itself (exit {code}).\n{tail}",
                )

    def wait_until(self, condition: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Returns when `condition` holds; RetryLater when it takes too long or a child ends."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise RetryLater(ErrorCode.CAMPAIGN_STOPPED, f"{what} took more than {seconds:.0f} seconds.")
            time.sleep(LOOK_EVERY_SECONDS)

    def stop_all(self) -> None:
        """SIGTERM, a while to leave in order, then SIGKILL; newest first."""
        for child in reversed(self._children.values()):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in reversed(self._children.values()):
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()

    def _tail(self, name: str) -> str:
        lines = (self._logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES_SHOWN:])


def environment() -> dict[str, str]:
    """Of every child: one numeric thread each. Keeping Flower quiet is the commands' own business, as anywhere."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def command(module: str, *arguments: str | Path) -> list[str]:
    """The command line of one of our modules, with this Python."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def call(module: str, *arguments: str | Path) -> str:
    """Runs one of our commands to its end and returns what it printed.

    FixSettings with the command's own sentence if it fails.
    """
    done = subprocess.run(
        tethered(command(module, *arguments)), env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise FixSettings(ErrorCode.BAD_SETTINGS, done.stderr.strip() or f"{module} {arguments[0]} failed.")
    return done.stdout


def require_free_port(port: int, *, use: str) -> None:
    """FixSettings that names the port and what to do if something listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise FixSettings(
                ErrorCode.PORT_IN_USE,
                f"Port {port} for the {use} is in use. Stop what listens there, or give another: PORT=number.",
            ) from error
