"""The gate passes ten calls byte for byte and answers every probe as if nothing were there."""

import gzip
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.app import create_app
from server.coordinator import Coordinator
from server.gate import FLEET_CALLS, METHODS, Upstream, tls_upstream
from tests.support.asgi_browser import AsgiBrowser, in_parts
from tests.support.coordinators import new_coordinator

SECRET_ANSWER = b"only a SuperLink says this"


class FakeSuperLink:
    """Answers every path and verb, as the real one does for Control, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes, dict[str, str]]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A bare application: an error while the body streams in ends the call, as a broken connection does."""
        request = Request(scope, receive)
        body = await request.body()
        self.asked.append((request.method, request.url.path, body, dict(request.headers)))
        await self._answer(request, body)(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        if "flwr-signature" not in request.headers:
            return Response(b"unsigned", 401)
        if body == b"squeeze":
            packed = gzip.compress(SECRET_ANSWER, mtime=0)
            return Response(packed, headers={"content-encoding": "gzip", "server": "inside"})
        return Response(SECRET_ANSWER, headers={"x-flower": "kept", "server": "inside"})

    def upstream(self) -> Upstream:
        """A way in without a network."""
        transport = httpx.ASGITransport(self)
        return Upstream(lambda: "127.0.0.1:8850", lambda: httpx.AsyncClient(transport=transport))


@pytest.fixture(scope="module")
def coordinator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coordinator]:
    """A coordinator with the smallest limit on bodies; nothing here changes it."""
    made = new_coordinator(tmp_path_factory.mktemp("gate"), max_body_bytes=1_000_000)
    yield made
    made.close()


@pytest.fixture
def superlink() -> FakeSuperLink:
    """What stands behind the gate."""
    return FakeSuperLink()


@pytest.fixture
def school(coordinator: Coordinator, superlink: FakeSuperLink) -> Iterator[AsgiBrowser]:
    """A school outside the gate."""
    app = create_app(coordinator, upstream=superlink.upstream(), on_enrol=lambda _: None)
    with AsgiBrowser(app) as client:
        yield client


def _signed(**more: str) -> dict[str, str]:
    return {"flwr-signature": "abc", "flwr-timestamp": "1", **more}


@pytest.mark.parametrize("call", sorted(FLEET_CALLS))
def test_the_ten_calls_pass_unchanged(school: AsgiBrowser, superlink: FakeSuperLink, call: str) -> None:
    """Path, body and signature go through; the answer comes back with its headers."""
    body = bytes(range(256)) * 100
    answer = school.post(f"/v1/fleet/{call}", content=body, headers=_signed())
    assert (answer.status_code, answer.content) == (200, SECRET_ANSWER)
    method, path, seen, headers = superlink.asked[-1]
    assert (method, path, seen) == ("POST", f"/v1/fleet/{call}", body)
    assert headers["flwr-signature"] == "abc"
    assert headers["host"] == "127.0.0.1:8850"
    assert answer.headers["x-flower"] == "kept"
    assert "server" not in answer.headers


def test_there_are_exactly_ten() -> None:
    """A node can't register itself or leave the roster through the gate."""
    assert len(FLEET_CALLS) == 10
    assert not {"register-node", "unregister-node"} & FLEET_CALLS


PROBES = [
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/redoc"),
    ("GET", "/health"),
    ("POST", "/v1/control/list-runs"),
    ("POST", "/v1/control/start-run"),
    ("POST", "/v1/runtime/acquire-task"),
    ("POST", "/v1/fleet/register-node"),
    ("POST", "/v1/fleet/unregister-node"),
    ("GET", "/v1/fleet/pull-messages"),
    ("PUT", "/v1/fleet/pull-messages"),
    ("OPTIONS", "/v1/fleet/pull-messages"),
    ("POST", "/v1/fleet/pull-messages/"),
    ("POST", "/v1/fleet/pull-messages?x=1"),
    ("POST", "/v1/fleet/pull-messages/../../control/list-runs"),
    ("POST", "/v1/fleet/%2e%2e/control/list-runs"),
    ("POST", "/v1/fleet/..%2f..%2fcontrol%2flist-runs"),
    ("POST", "/v1/fleet/pull%2dmessages"),
    ("POST", "/v1/fleet/PULL-MESSAGES"),
    ("POST", "/v1/fleet/"),
    ("POST", "/v1"),
    ("POST", "/v1fleet/pull-messages"),
    ("POST", "//v1/control/list-runs"),
    ("POST", "//v1/fleet/pull-messages"),
    ("POST", "/V1/fleet/pull-messages"),
]


@pytest.mark.parametrize(("method", "path"), PROBES)
def test_every_probe_finds_nothing(school: AsgiBrowser, superlink: FakeSuperLink, method: str, path: str) -> None:
    """404, and the SuperLink never hears of it."""
    # A prepared URL keeps the client from tidying the path up.
    url = httpx.URL("https://testserver").copy_with(raw_path=path.encode())
    answer = school.request(method, url, content=b"probe" if method != "GET" else None, headers=_signed())
    assert answer.status_code == 404
    assert SECRET_ANSWER not in answer.content
    assert superlink.asked == []


@pytest.mark.parametrize("call", ["pull-messages", "register-node"])
@pytest.mark.parametrize("method", [m for m in METHODS if m not in {"POST", "CONNECT"}])
def test_no_other_verb_reaches_flower(
    school: AsgiBrowser, superlink: FakeSuperLink, method: str, call: str
) -> None:
    """The ten are POST and nothing else."""
    assert school.request(method, f"/v1/fleet/{call}", headers=_signed()).status_code == 404
    assert superlink.asked == []


def test_unsigned_calls_get_flower_s_own_refusal(school: AsgiBrowser) -> None:
    """The gate doesn't judge signatures; the SuperLink does."""
    answer = school.post("/v1/fleet/pull-messages", content=b"x")
    assert (answer.status_code, answer.content) == (401, b"unsigned")


def test_a_body_above_the_limit_is_refused_by_its_length(school: AsgiBrowser, superlink: FakeSuperLink) -> None:
    """Before anything is read."""
    answer = school.post("/v1/fleet/push-object", content=b"x" * 1_000_001, headers=_signed())
    assert answer.status_code == 413
    assert superlink.asked == []


def test_a_body_without_a_length_is_counted(school: AsgiBrowser) -> None:
    """A stream is cut off when it passes the limit."""

    body = in_parts(b"x" * 100_000 for _ in range(30))
    answer = school.post("/v1/fleet/push-object", content=body, headers=_signed())
    assert answer.status_code == 413


def test_a_body_at_the_limit_passes(school: AsgiBrowser, superlink: FakeSuperLink) -> None:
    """Not one byte less than promised."""
    answer = school.post("/v1/fleet/push-object", content=b"x" * 1_000_000, headers=_signed())
    assert answer.status_code == 200
    assert len(superlink.asked[-1][2]) == 1_000_000


def test_the_other_paths_take_small_bodies_only(school: AsgiBrowser) -> None:
    """Enrolling and signing in need no megabytes."""
    assert school.post("/api/enrol", content=b"x" * 200_000).status_code == 413


def test_an_encoded_answer_stays_encoded(school: AsgiBrowser) -> None:
    """Bytes and their encoding's name travel together."""
    answer = school.post("/v1/fleet/get-run", content=b"squeeze", headers=_signed())
    assert answer.content == SECRET_ANSWER
    assert answer.headers["content-encoding"] == "gzip"


def test_forged_forwarding_headers_are_dropped(school: AsgiBrowser, superlink: FakeSuperLink) -> None:
    """A sender can't pretend to be another address."""
    forged = {"x-forwarded-for": "10.0.0.1", "forwarded": "for=10.0.0.1", "te": "trailers"}
    school.post("/v1/fleet/get-run", content=b"x", headers=_signed(**forged))
    assert not set(forged) & set(superlink.asked[-1][3])


def test_a_superlink_that_is_away_gives_503(coordinator: Coordinator) -> None:
    """Flower's nodes try again after it."""

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    transport = httpx.MockTransport(refuse)
    away = Upstream(lambda: "127.0.0.1:1", lambda: httpx.AsyncClient(transport=transport))
    with AsgiBrowser(create_app(coordinator, upstream=away, on_enrol=lambda _: None)) as client:
        assert client.post("/v1/fleet/get-run", content=b"x").status_code == 503


def test_the_real_connection_ignores_proxies(coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy named in the environment is never asked about loopback."""
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
    client: Any = tls_upstream(lambda: "127.0.0.1:1", coordinator.folder.ca_certificate).open_client()
    assert client.trust_env is False
