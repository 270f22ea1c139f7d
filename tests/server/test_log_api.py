"""Schools read the whole public record over HTTPS: log, proofs, start models, outcomes; nobody else does."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from common.canonical import sha256_hex
from common.log_entries import Opened, Planned, Released, Withdrawn, read_entry
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.signed_head import open_head
from common.signed_request import sign_request
from common.signing import Identity
from common.transparency import frontier_of, leaf_hash, verify_consistency
from server.app import create_app
from server.campaign import run_campaign
from server.coordinator import Coordinator
from server.gate import Upstream
from server.log_api import MOST_ENTRIES
from server.public_log import append_entry
from tests.support.asgi_browser import AsgiBrowser
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools
from tests.support.memory_transport import MemoryTransport, SteppedTime


@dataclass
class Desk:
    """A coordinator after a campaign of one round, and the key of its school "east"."""

    coordinator: Coordinator
    browser: AsgiBrowser
    identity: Identity
    plan: CampaignPlan

    def ask(self, path: str) -> httpx.Response:
        """A signed GET."""
        now = self.coordinator.clock.now()
        headers = sign_request(self.identity, "east", method="GET", path=path, at=now)
        return self.browser.get(path, headers=headers)

    def entries(self, start: int, end: int) -> list[bytes]:
        """A batch of the log."""
        found = self.ask(f"/api/log/entries?start={start}&end={end}").json()["entries"]
        return [b64decode(entry) for entry in found]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three schools, one round, one release."""
    coordinator = new_coordinator(tmp_path)
    schools = three_schools(coordinator)
    enrol_schools(coordinator, schools)
    plan = add_test_campaign(coordinator, schools, rounds=1)
    run_campaign(MemoryTransport(dict(schools)), coordinator, plan.digest, pace=SteppedTime().pace())
    nowhere = Upstream(lambda: "127.0.0.1:1", httpx.AsyncClient)
    with AsgiBrowser(create_app(coordinator, upstream=nowhere, on_enrol=lambda school: None)) as browser:
        yield Desk(coordinator, browser, schools["east"].identity, plan)
    coordinator.close()


def test_the_log_is_read_whole_and_has_the_signed_root(desk: Desk) -> None:
    """Enrolments, plan, round and release are in it, in the order in which they happened."""
    head = open_head(desk.ask("/api/log/head").content, coordinator_key=desk.coordinator.identity.public_key)
    entries = desk.entries(0, head.size)
    assert frontier_of([leaf_hash(entry) for entry in entries]).root().hex() == head.root
    kinds = [read_entry(entry).kind for entry in entries]
    assert kinds == [
        *["enrolled"] * 3, "proposed", "planned", "committed", "opened", *["confirmed"] * 3, "released"
    ]  # fmt: skip


def test_a_longer_log_is_proved_to_continue_a_shorter(desk: Desk) -> None:
    """For whoever kept only a root."""
    leaves = [leaf_hash(entry) for entry in desk.entries(0, 100)]
    proof = desk.ask(f"/api/log/consistency?old=4&new={len(leaves)}").json()["proof"]
    old, new = frontier_of(leaves[:4]).root(), frontier_of(leaves).root()
    hashes = [bytes.fromhex(one) for one in proof]
    assert verify_consistency(4, len(leaves), old_root=old, new_root=new, proof=hashes)
    assert desk.ask("/api/log/consistency?old=4&new=999").status_code == 400


def test_a_batch_is_bounded(desk: Desk) -> None:
    """A school asks again for the rest."""
    with desk.coordinator.store.write() as connection:
        for number in range(MOST_ENTRIES):
            append_entry(connection, Withdrawn(release=f"{number:064x}", reason="too weak"))
    assert len(desk.entries(5, 10**6)) == MOST_ENTRIES
    assert len(desk.entries(MOST_ENTRIES + 5, 10**6)) == 6
    assert desk.entries(10**6, 10**7) == []


def test_start_and_outcome_are_what_log_and_plan_name(desk: Desk) -> None:
    """Their digests are in the signed plan and in the log."""
    assert sha256_hex(desk.ask(f"/api/campaigns/{desk.plan.digest}/start").content) == desk.plan.model.start_digest
    opened = OpenedRound.from_bytes(desk.ask(f"/api/campaigns/{desk.plan.digest}/rounds/1").content)
    entries = [read_entry(entry) for entry in desk.entries(0, 100)]
    assert Planned(campaign=desk.plan.digest, round=1, plan=opened.plan.digest) in entries
    assert Opened(campaign=desk.plan.digest, round=1, outcome=opened.digest) in entries
    assert any(isinstance(entry, Released) and entry.campaign == desk.plan.digest for entry in entries)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/campaigns/{digest}/rounds/2", 404),
        ("/api/campaigns/{digest}/rounds/1/transcript", 404),
        ("/api/campaigns/{digest}/rounds/1/transcript?chunk=0", 404),
        ("/api/campaigns/" + "f" * 64 + "/start", 404),
        ("/api/campaigns/{digest}/rounds/0", 400),
        ("/api/campaigns/{digest}/rounds/99999999999999999999", 400),
        ("/api/log/entries?start=-1&end=2", 400),
        ("/api/log/entries?start=0&end=99999999999999999999", 400),
    ],
)
def test_what_is_not_there_is_said(desk: Desk, path: str, status: int) -> None:
    """404 for what isn't published, 400 for numbers that can't be."""
    answer = desk.ask(path.format(digest=desk.plan.digest))
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "sentence"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/log/head",
        "/api/log/entries?start=0&end=5",
        "/api/log/consistency?old=1&new=2",
        "/api/campaigns/{digest}/start",
        "/api/campaigns/{digest}/rounds/1",
        "/api/campaigns/{digest}/rounds/1/transcript",
    ],
)
def test_only_schools_read_it(desk: Desk, path: str) -> None:
    """Every request is signed."""
    assert desk.browser.get(path.format(digest=desk.plan.digest)).status_code == 401
