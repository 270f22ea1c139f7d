"""`homeroom-school serve` in a process of its own, as a school starts it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.waiting import must_become

LIMIT_SECONDS = 20.0


@contextmanager
def server(folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """`homeroom-school serve` as a school starts it, once it answers."""
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "client.cli", "serve", "--folder", str(folder), "--port", port]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            must_become(lambda: process.poll() is not None or _is_up(address), LIMIT_SECONDS)
            assert process.poll() is None, "the server didn't start"
            yield process
        finally:
            process.kill()


def _is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
