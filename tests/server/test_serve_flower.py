"""The coordinator as one command: real Flower behind the gate, a campaign without schools, a clean end."""

import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from common.clock import SystemClock
from common.signed_request import sign_request
from server.campaign_records import CampaignRecord, CampaignState, find_campaign
from server.coordinator import Coordinator
from server.init_coordinator import init_coordinator
from server.schools import invite
from server.settings import CoordinatorFolder
from tests.support.coordinators import SCHOOLS, add_test_campaign, settings
from tests.support.fake_schools import FakeSchool, fake_schools, node_key
from tests.support.waiting import must_become

pytestmark = pytest.mark.slow
PROTOBUF = {"content-type": "application/protobuf"}


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """On a free port; it waits two seconds for schools."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    chosen = settings(port=port, public_url=f"https://127.0.0.1:{port}", start_deadline_seconds=2)
    made = init_coordinator(CoordinatorFolder(tmp_path), chosen, SystemClock())
    yield made
    made.close()


def _children(pid: int) -> list[int]:
    """Process ids of all descendants."""
    found = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += [int(p) for p in (thread / "children").read_text().split()]
    return sorted(set(found) | {grand for child in set(found) for grand in _children(child)})


def _enrol(http: httpx.Client, coordinator: Coordinator, school: FakeSchool) -> None:
    body = {
        "token": invite(coordinator, school.name).token,
        "identity_key": school.identity.public_key,
        "node_key": node_key(),
        "students": school.students,
    }
    assert http.post("/api/enrol", json=body).status_code == 200


def _find(coordinator: Coordinator, digest: str) -> CampaignRecord:
    with coordinator.store.read() as connection:
        return find_campaign(connection, digest)


def test_the_coordinator_runs_flower_behind_its_gate(coordinator: Coordinator) -> None:
    """Three schools enrol, none has a link, so the campaign stops with their names; then everything ends."""
    command = [sys.executable, "-m", "server.cli", "--folder", str(coordinator.folder.root), "serve"]
    schools = fake_schools(coordinator.identity.public_key, SCHOOLS)
    trust = ssl.create_default_context(cafile=str(coordinator.folder.ca_certificate))
    url = coordinator.settings.public_url
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == f"The console is at {url}/\n"
            with httpx.Client(verify=trust, trust_env=False, base_url=url, timeout=60.0) as http:
                for school in schools.values():
                    _enrol(http, coordinator, school)
                now = coordinator.clock.now()
                headers = sign_request(schools["east"].identity, "east", method="GET", path="/api/members", at=now)
                assert len(http.get("/api/members", headers=headers).json()["members"]) == 3
                # Flower's own answer to an unsigned call, and nobody's to any other path of Flower's.
                assert http.post("/v1/fleet/pull-messages", content=b"", headers=PROTOBUF).status_code == 401
                for path in ("/v1/control/list-runs", "/v1/runtime/acquire-task", "/v1/fleet/register-node"):
                    assert http.post(path, content=b"", headers=PROTOBUF).status_code == 404
            plan = add_test_campaign(coordinator, schools)
            must_become(lambda: _find(coordinator, plan.digest).state == CampaignState.STOPPED, 60.0)
            reason = _find(coordinator, plan.digest).reason
            assert reason.startswith("0 of the 2 schools that a round needs were connected after 2 seconds.")
            assert "east, north, west" in reason
            children = _children(process.pid)
            assert len(children) >= 2
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    must_become(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
