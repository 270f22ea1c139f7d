"""The demo as a person runs it: its own process, what it printed, how it ended and what it left behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import must_become

LIMIT_SECONDS = 300.0
# Children inherit it, so that a process of this run is known whatever its command line says.
MARK = "HOMEROOM_DEMO_RUN"
READ_FAMILIES, LOCAL_FAMILIES = {"AF_INET", "AF_INET6"}, {"AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}


@dataclass(frozen=True, slots=True)
class DemoRun:
    """One run. folder: its temporary folder, with `demo/`, `report.json`, and what it printed."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def printed(self) -> str:
        """Standard output so far."""
        return (self.folder / "printed.txt").read_text()

    @property
    def complaints(self) -> str:
        """Standard error so far."""
        return (self.folder / "complaints.txt").read_text()

    def until(self, condition: Callable[[], bool]) -> None:
        """Waits for the condition; fails if the demo ends before it holds."""

        def met() -> bool:
            assert self.process.poll() is None, self.printed + self.complaints
            return condition()

        must_become(met, LIMIT_SECONDS)

    def ctrl_c(self) -> int:
        """What a terminal does: SIGINT to the demo and to everything in its process group. The exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(LIMIT_SECONDS)

    def left_running(self) -> list[str]:
        """Command lines of processes that carry the mark or name the folder."""
        return sorted(_processes_of(self.folder))


@contextmanager
def demo_run(folder: Path, *before: str, **settings: str) -> Iterator[DemoRun]:
    """Runs `python -m deploy.demo` in an empty folder on a free port; `before` is a command to run it under."""
    port = int(settings.pop("PORT", "0")) or free_ports()
    places = {"PORT": str(port), "DEMO_FOLDER": str(folder / "demo"), "DEMO_REPORT": str(folder / "report.json")}
    # Nothing of this machine may be what keeps Flower quiet.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FLWR_")}
    environment = {**inherited, MARK: str(folder), **places, **settings}
    command = [*before, sys.executable, "-m", "deploy.demo"]
    with ExitStack() as stack:
        out, err = (stack.enter_context((folder / name).open("wb")) for name in ("printed.txt", "complaints.txt"))
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment, start_new_session=True)
        run = DemoRun(folder, port, process)
        try:
            yield run
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_ports() -> int:
    """The first of two neighbouring ports on loopback that nobody listens on."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
        if port < 64_000 and all(map(_is_free, (port, port + 1))):
            return port


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def _processes_of(folder: Path) -> Iterator[str]:
    mark, name = f"{MARK}={folder}".encode(), str(folder).encode()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            command, environment = (_read(process / what) for what in ("cmdline", "environ"))
            if name in command or mark in environment.split(b"\0"):
                yield f"{process.name}: {command.replace(bytes(1), b' ').decode(errors='replace')}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile
        return b""


def strace(trace: Path) -> Sequence[str]:
    """The command that writes down every address that a process or its children connect, bind or send to."""
    if shutil.which("strace") is None:
        pytest.skip("strace isn't installed; install Debian's package strace")
    calls = "connect,bind,sendto,sendmsg,sendmmsg"
    return ("strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={calls}", "-o", str(trace))


def addresses_in(trace: str) -> set[str]:
    """Every network address in it; fails for a family that it can't read, since that one would go unseen."""
    found = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', trace)
    assert set(re.findall(r"sa_family=(\w+)", trace)) <= READ_FAMILIES | LOCAL_FAMILIES
    in_a_network = [
        line for line in trace.splitlines() if any(f"sa_family={one}," in line for one in READ_FAMILIES)
    ]
    assert all("inet_addr(" in line or "inet_pton(" in line for line in in_a_network)
    return {first or second for first, second in found}
