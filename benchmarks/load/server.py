"""The school's server in a process of its own, as the school starts it, and as a power cut ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from client.settings import SchoolFolder

HOST = "127.0.0.1"
_UP_SECONDS, _LOOK_EVERY_SECONDS = 60.0, 0.05


@dataclass(frozen=True, slots=True)
class Server:
    """`homeroom-school serve`, answering on a port of loopback."""

    port: int
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def kill(self) -> None:
        """Without a chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cpu_seconds(self) -> float:
        """What the process has used since it started, in its own code and in the kernel (proc(5))."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(folder: SchoolFolder) -> Iterator[Server]:
    """The server once it answers; killed at the end. RuntimeError if it doesn't come up."""
    port = _free_port()
    command = [sys.executable, "-m", "client.cli", "serve", "--folder", str(folder.path), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_up(process, port)
            yield Server(port, process)
        finally:
            process.kill()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_up(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + _UP_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(f"http://{HOST}:{port}/health", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(_LOOK_EVERY_SECONDS)
    raise RuntimeError("The school's server didn't start.")
