"""Schools enrol once and then ask signed questions; nobody else gets an answer."""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from common.campaign_message import open_campaign
from common.clock import StoppedClock
from common.errors import ErrorCode
from common.signed_request import sign_request
from common.signing import Identity, new_identity
from server.app import create_app
from server.campaign import run_campaign
from server.coordinator import Coordinator
from server.gate import Upstream
from server.registry import list_releases, withdraw_release
from server.schools import School, invite, revoke
from tests.support.asgi_browser import AsgiBrowser
from tests.support.coordinators import add_test_campaign, enrol_schools, new_coordinator, three_schools
from tests.support.fake_schools import FakeSchool, node_key
from tests.support.memory_transport import MemoryTransport, SteppedTime

QUESTIONS = ["/api/campaigns", "/api/releases", "/api/members", "/api/releases/" + "a" * 64]


class Desk:
    """The coordinator's API with one way to ask it, and what `on_enrol` was told."""

    def __init__(self, coordinator: Coordinator, browser: AsgiBrowser, told: list[School]) -> None:
        self.coordinator, self.browser, self.told = coordinator, browser, told

    def enrol(self, token: str, identity: Identity, **changes: object) -> httpx.Response:
        """Posts an enrolment, changed as told."""
        body = {
            "token": token,
            "identity_key": identity.public_key,
            "node_key": node_key(),
            "students": 120,
            **changes,
        }
        return self.browser.post("/api/enrol", json=body)

    def ask(self, identity: Identity, path: str, school: str = "east") -> httpx.Response:
        """A signed GET."""
        now = self.coordinator.clock.now()
        headers = sign_request(identity, school, method="GET", path=path, at=now)
        return self.browser.get(path, headers=headers)


@pytest.fixture
def clock() -> StoppedClock:
    """Moves when told to."""
    return StoppedClock()


@pytest.fixture
def desk(tmp_path: Path, clock: StoppedClock) -> Iterator[Desk]:
    """A fresh coordinator without schools."""
    coordinator = new_coordinator(tmp_path, clock)
    told: list[School] = []
    nowhere = Upstream(lambda: "127.0.0.1:1", httpx.AsyncClient)
    with AsgiBrowser(create_app(coordinator, upstream=nowhere, on_enrol=told.append)) as browser:
        yield Desk(coordinator, browser, told)
    coordinator.close()


@pytest.fixture
def schools(desk: Desk) -> dict[str, FakeSchool]:
    """East, north and west, enrolled."""
    three = three_schools(desk.coordinator)
    enrol_schools(desk.coordinator, three)
    return three


def test_a_school_enrols_and_flower_hears_of_it(desk: Desk) -> None:
    """The answer names the consortium and the key that the invitation showed."""
    invitation, identity = invite(desk.coordinator, "Alder School"), new_identity()
    key = node_key()
    answer = desk.enrol(invitation.token, identity, node_key=key)
    assert answer.status_code == 200
    assert answer.json() == {
        "consortium": "Valley schools",
        "school": "Alder School",
        "coordinator_key": invitation.coordinator_key,
    }
    assert [(s.member.school, s.node_key) for s in desk.told] == [("Alder School", key)]
    members = desk.ask(identity, "/api/members", "Alder School").json()["members"]
    assert members == [{"school": "Alder School", "identity_key": identity.public_key, "students": 120}]


def test_an_invitation_works_once(desk: Desk) -> None:
    """A second school with the same file is refused; the first may repeat itself."""
    token, identity, key = invite(desk.coordinator, "Alder").token, new_identity(), node_key()
    assert desk.enrol(token, identity, node_key=key).status_code == 200
    again = desk.enrol(token, identity, node_key=key)
    assert again.status_code == 200
    thief = desk.enrol(token, new_identity())
    assert (thief.status_code, thief.json()["code"]) == (403, ErrorCode.BAD_INVITATION)
    assert "used already" in thief.json()["sentence"]


@pytest.mark.parametrize(("hours", "status"), [(71.9, 200), (72.1, 403)])
def test_an_invitation_ends_after_72_hours(desk: Desk, clock: StoppedClock, hours: float, status: int) -> None:
    """To the minute."""
    token = invite(desk.coordinator, "Alder").token
    clock.advance(timedelta(hours=hours))
    assert desk.enrol(token, new_identity()).status_code == status


def test_an_invitation_enrols_the_school_that_it_names(desk: Desk) -> None:
    """Alder's file can't make anybody Birch."""
    token = invite(desk.coordinator, "Alder").token
    answer = desk.enrol(token, new_identity(), school="Birch")
    assert answer.status_code == 400
    assert desk.enrol(token, new_identity()).json()["school"] == "Alder"


def test_an_unknown_code_is_refused(desk: Desk) -> None:
    """Guessing 128 bits doesn't help."""
    answer = desk.enrol("00" * 16, new_identity())
    assert answer.status_code == 403
    assert desk.told == []


@pytest.mark.parametrize(
    "change",
    [
        {"identity_key": "ab"},
        {"identity_key": "zz" * 32},
        {"node_key": "ssh-ed25519 AAAA"},
        {"node_key": "x" * 1500},
        {"node_key": node_key() + "\nmore"},
        {"students": 0},
        {"students": "120"},
        {"students": True},
        {"students": 10**9},
        {"extra": 1},
    ],
)
def test_malformed_enrolments_leave_the_invitation_unused(desk: Desk, change: dict[str, object]) -> None:
    """400, and the school may try again with the same file."""
    token = invite(desk.coordinator, "Alder").token
    assert desk.enrol(token, new_identity(), **change).status_code == 400
    assert desk.enrol(token, new_identity()).status_code == 200


def test_two_schools_cannot_share_a_key(desk: Desk) -> None:
    """One identity is one school."""
    identity = new_identity()
    assert desk.enrol(invite(desk.coordinator, "Alder").token, identity).status_code == 200
    assert desk.enrol(invite(desk.coordinator, "Birch").token, identity).status_code == 403


@pytest.mark.parametrize("path", QUESTIONS)
def test_every_question_needs_a_signature(desk: Desk, schools: dict[str, FakeSchool], path: str) -> None:
    """Unsigned, signed by a stranger, signed for another path, too old: 401 each time."""
    now = desk.coordinator.clock.now()
    identity = schools["east"].identity
    other_path = sign_request(identity, "east", method="GET", path="/api/other", at=now)
    old = sign_request(identity, "east", method="GET", path=path, at=now - timedelta(minutes=6))
    for headers in ({}, other_path, old):
        assert desk.browser.get(path, headers=headers).status_code == 401
    assert desk.ask(new_identity(), path).status_code == 401
    assert desk.ask(identity, path, school="north").status_code == 401
    assert desk.ask(identity, path, school="nowhere").status_code == 401


def test_a_revoked_school_hears_nothing_more(desk: Desk, schools: dict[str, FakeSchool]) -> None:
    """At once; and it isn't in the roster any longer."""
    revoke(desk.coordinator, "east")
    assert desk.ask(schools["east"].identity, "/api/members").status_code == 401
    members = desk.ask(schools["north"].identity, "/api/members", "north").json()["members"]
    assert [member["school"] for member in members] == ["north", "west"]


def test_a_school_sees_the_campaigns_that_name_it(desk: Desk, schools: dict[str, FakeSchool]) -> None:
    """As signed envelopes, from the draft until the end."""
    both = {name: schools[name] for name in ("east", "west")}
    plan = add_test_campaign(desk.coordinator, both, rounds=1)
    (envelope,) = desk.ask(schools["east"].identity, "/api/campaigns").json()["campaigns"]
    key = desk.coordinator.identity.public_key
    assert open_campaign(b64decode(envelope), coordinator_key=key) == plan
    assert desk.ask(schools["north"].identity, "/api/campaigns", "north").json() == {"campaigns": []}
    run_campaign(MemoryTransport(dict(both)), desk.coordinator, plan.digest, pace=SteppedTime().pace())
    assert desk.ask(schools["east"].identity, "/api/campaigns").json() == {"campaigns": []}


def test_a_release_is_listed_fetched_and_withdrawn(desk: Desk, schools: dict[str, FakeSchool]) -> None:
    """The bytes have the digest of the list."""
    plan = add_test_campaign(desk.coordinator, schools, rounds=1)
    run_campaign(MemoryTransport(dict(schools)), desk.coordinator, plan.digest, pace=SteppedTime().pace())
    with desk.coordinator.store.read() as connection:
        (record,) = list_releases(connection)
    identity = schools["east"].identity
    assert desk.ask(identity, "/api/releases").json() == {"releases": [record.digest], "withdrawn": []}
    file = desk.ask(identity, f"/api/releases/{record.digest}")
    assert len(file.content) == record.size_bytes
    withdraw_release(desk.coordinator, record.digest[:12], reason="too weak")
    assert desk.ask(identity, "/api/releases").json() == {"releases": [], "withdrawn": [record.digest]}


def test_a_changed_release_file_is_never_handed_out(desk: Desk, schools: dict[str, FakeSchool]) -> None:
    """One flipped bit and the coordinator keeps it."""
    plan = add_test_campaign(desk.coordinator, schools, rounds=1)
    run_campaign(MemoryTransport(dict(schools)), desk.coordinator, plan.digest, pace=SteppedTime().pace())
    (file,) = desk.coordinator.folder.releases.glob("*.release")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    answer = desk.ask(schools["east"].identity, f"/api/releases/{file.stem}")
    assert (answer.status_code, answer.json()["code"]) == (500, ErrorCode.BAD_RELEASE)


def test_errors_are_sentences(desk: Desk, schools: dict[str, FakeSchool]) -> None:
    """A code and a sentence, and nothing of what was sent."""
    answer = desk.ask(schools["east"].identity, "/api/releases/" + "a" * 64)
    assert (answer.status_code, answer.json()) == (
        404,
        {"code": "not-found", "sentence": "There is no such release."},
    )
    broken = desk.browser.post("/api/enrol", content=b"{planted")
    assert broken.status_code == 400
    assert "planted" not in json.dumps(broken.json())
