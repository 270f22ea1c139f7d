"""Serving as a process: the port opens over TLS 1.3, and SIGTERM ends everything it started."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from common.clock import SystemClock
from server.coordinator import Coordinator
from server.init_coordinator import init_coordinator
from server.settings import CoordinatorFolder
from tests.support.coordinators import new_coordinator, settings
from tests.support.ports import free_port

# A coordinator whose Flower is one process that sleeps: started and ended like the real ones.
PROGRAM = """
import json, subprocess, sys
from pathlib import Path
from server.coordinator import open_coordinator
from server.serve import serve
from server.settings import CoordinatorFolder

class SleepingFlower:
    address = "127.0.0.1:1"
    child = None
    @property
    def alive(self):
        return self.child is not None and self.child.poll() is None
    def start(self):
        self.child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    def register(self, keys):
        return {}
    def start_campaign(self, plan_id):
        return "1"
    def running(self):
        return []
    def stop(self):
        if self.child is not None:
            self.child.terminate()
            self.child.wait()

flower = SleepingFlower()
coordinator = open_coordinator(CoordinatorFolder(Path(sys.argv[1])))
try:
    serve(coordinator, flower, on_ready=lambda: print(flower.child.pid, flush=True))
finally:
    print("ended " + json.dumps(flower.alive), flush=True)
"""


def _wait_until_open(http: httpx.Client) -> httpx.Response:
    """The first answer; the port is listening before the application is, so connecting waits by itself."""
    return http.get("/sign-in", timeout=20.0)


@pytest.fixture
def coordinator(tmp_path: Path) -> Coordinator:
    """On a free port of this machine, with certificates that are good today."""
    port = free_port()
    chosen = settings(port=port, public_url=f"https://127.0.0.1:{port}")
    made = init_coordinator(CoordinatorFolder(tmp_path), chosen, SystemClock())
    made.close()
    return made


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_serves_over_tls_and_ends_with_its_children(coordinator: Coordinator, ending: signal.Signals) -> None:
    """The console answers, old TLS is refused, and after the signal nothing is left."""
    served, ca = coordinator.settings, str(coordinator.folder.ca_certificate)
    command = [sys.executable, "-c", PROGRAM, str(coordinator.folder.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        trust = ssl.create_default_context(cafile=ca)
        with httpx.Client(verify=trust, trust_env=False, base_url=served.public_url) as http:
            page = _wait_until_open(http)
            assert page.status_code == 200
            assert "server" not in page.headers
            assert http.post("/v1/control/list-runs").status_code == 404
        old = ssl.create_default_context(cafile=ca)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            with socket.create_connection((served.host, served.port)) as plain:
                old.wrap_socket(plain, server_hostname=served.host)
        process.send_signal(ending)
        rest, log = process.communicate(timeout=30)
    assert process.returncode == 0, log
    assert rest == f"ended {json.dumps(False)}\n"
    assert not Path(f"/proc/{child}").exists()


def test_new_coordinators_do_not_share_a_key(tmp_path: Path) -> None:
    """Each `init` makes its own."""
    one, other = new_coordinator(tmp_path / "one"), new_coordinator(tmp_path / "other")
    assert one.identity.public_key != other.identity.public_key
    assert one.folder.ca_certificate.read_bytes() != other.folder.ca_certificate.read_bytes()
    one.close()
    other.close()
