"""A consortium's real processes for one scenario: started, watched, killed on purpose, and always ended by pid."""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from deploy.demo.processes import command, environment
from server.flower_environment import flower_command, flower_environment
from server.tether import tethered
from tests.support.consortium_folders import HOST, ConsortiumFolders
from tests.support.ports import free_port
from tests.support.waiting import must_become

# Flower starts in ten seconds, and in more than a minute on a machine that does much else.
READY_SECONDS = 180.0
LOG_LINES_SHOWN = 25


class RunningConsortium:
    """Use in a `with` statement: no process outlives it, and the end of every log is printed."""

    def __init__(self, folders: ConsortiumFolders) -> None:
        self.folders = folders
        self._logs = folders.root / "logs"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "RunningConsortium":
        self._logs.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children.values()):
            _end(child)
        self._print_logs()  # pytest shows them for a test that failed

    def serve(self) -> None:
        """Starts the coordinator; returns at once."""
        self._start("coordinator", command("server.cli", "--folder", self.folders.coordinator.root, "serve"))

    def link(self, school: str, *faults: str) -> None:
        """Starts a school's seeded link; `faults` as in `tests.support.seeded_link`."""
        folder = str(self.folders.school(school).path)
        self._start(school, command("tests.support.seeded_link", folder, school, *faults))

    def links(self, *schools: str) -> None:
        """Starts the links of these schools, or of all."""
        for school in schools or self.folders.schools:
            self.link(school)

    def stock_node(self, school: str) -> None:
        """Starts Flower's own SuperNode in place of a school's link; the bundle's ClientApp finds the folder."""
        folder, files = self.folders.school(school), self.folders.coordinator
        home = flower_environment(self.folders.root / f"home-{school}", environment())
        address = self.folders.coordinator_address
        self._start(
            school,
            [
                *flower_command("flower-supernode"),
                *("--superlink", address, "--root-certificates", str(files.ca_certificate)),
                *("--auth-supernode-private-key", str(folder.node_key)),
                *("--host", HOST, "--port", str(free_port())),
            ],
            home | {"HOMEROOM_SCHOOL_FOLDER": str(folder.path), "PYTHONPATH": str(Path.cwd())},
        )

    def kill(self, name: str) -> None:
        """kill -9; returns when it is gone, and everything that it had started too."""
        child = self._children.pop(name)
        family = _descendants(child.pid)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        must_become(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))

    def log(self, name: str) -> str:
        """What a process has printed."""
        path = self._logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def must_become(self, condition: Callable[[], bool], *, within_seconds: float = READY_SECONDS) -> None:
        """Waits for the condition; fails at once if a process ends by itself."""

        def holds() -> bool:
            ended = [name for name, child in self._children.items() if child.poll() is not None]
            assert not ended, f"ended by itself: {ended}"
            return condition()

        must_become(holds, within_seconds)

    def _start(self, name: str, line: Sequence[str], variables: dict[str, str] | None = None) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                tethered(line),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=variables or environment(),
            )

    def _print_logs(self) -> None:
        for path in sorted([*self._logs.glob("*.log"), *self.folders.coordinator.flower.glob("*.log")]):
            lines = path.read_text(errors="replace").splitlines()
            print(f"--- {path.name}", *lines[-LOG_LINES_SHOWN:], sep="\n")


def _end(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL, since an orderly end is tested elsewhere and takes long; its whole family, each by its id."""
    family = _descendants(child.pid) if child.poll() is None else set()
    child.kill()
    child.wait()
    for pid in family:
        with suppress(ProcessLookupError):  # most are tied to their parent and gone already
            os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> set[int]:
    """Process ids of children, grandchildren and so on."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = {int(word) for path in lists for word in path.read_text().split()}
    return children.union(*(_descendants(child) for child in children))
