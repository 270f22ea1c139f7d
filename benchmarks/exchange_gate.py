"""The gate as a process of its own in front of a measured SuperLink: TLS, the ten Fleet calls, the body limit."""

import argparse
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from benchmarks.exchange_world import World
from common.body_limit import BodyLimit
from server.gate import gate_routes, tls_upstream
from server.pki import key_of
from server.settings import CoordinatorFolder
from server.superlink import HOST

DOOR = "through the gate"
_MAX_BODY_BYTES, _READY_SECONDS = 64_000_000, 20.0


@contextmanager
def gate(made: World) -> Iterator[str]:
    """The address that schools connect to."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.exchange_gate", str(made.folder), made.flower.address, str(port)]
    with made.process("gate", command):
        _wait_until_ready(made.files, port)
        yield f"{HOST}:{port}"


def gate_app(folder: CoordinatorFolder, superlink: str) -> ASGIApp:
    """The gate's routes alone, with one open client for all calls."""
    upstream = tls_upstream(lambda: superlink, folder.ca_certificate)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
        async with upstream.open_client() as fleet:
            yield {"fleet": fleet}

    routes = Starlette(routes=gate_routes(upstream), lifespan=lifespan)
    return BodyLimit(routes, lambda path: _MAX_BODY_BYTES)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(folder: CoordinatorFolder, port: int) -> None:
    """Until the gate answers anything at all; httpx.ConnectError after the limit."""
    trust = ssl.create_default_context(cafile=str(folder.ca_certificate))
    until = time.monotonic() + _READY_SECONDS
    with httpx.Client(verify=trust, trust_env=False) as client:
        while True:
            try:
                client.get(f"https://{HOST}:{port}/")
            except httpx.ConnectError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return


def main() -> None:
    """`FOLDER SUPERLINK PORT`: serves until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("superlink")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    folder = CoordinatorFolder(options.folder)
    uvicorn.run(
        gate_app(folder, options.superlink),
        host=HOST,
        port=options.port,
        ssl_certfile=str(folder.gate_certificate),
        ssl_keyfile=str(key_of(folder.gate_certificate)),
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
