"""The gate: ten Fleet calls go on to the SuperLink, byte for byte; whatever else lies under /v1 doesn't exist.

Flower's Control and Runtime APIs share the SuperLink's port, and whoever reaches the first may start runs and
register nodes: so nothing but these ten may pass (docs/decisions). Nothing is parsed or kept.
"""

import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

# register-node and unregister-node are missing on purpose: the coordinator registers its roster itself.
FLEET_CALLS = frozenset(
    {
        "activate-node",
        "confirm-message-received",
        "deactivate-node",
        "get-fab",
        "get-run",
        "pull-messages",
        "pull-object",
        "push-messages",
        "push-object",
        "send-node-heartbeat",
    }
)
FLEET_PREFIX = "/v1/fleet/"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]
# Between two machines only, or not for the sender to say.
_NOT_FORWARDED = frozenset(
    {"connection", "expect", "forwarded", "host", "keep-alive", "proxy-authorization", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
)
_NOT_RETURNED = frozenset({"connection", "date", "keep-alive", "server", "transfer-encoding", "upgrade"})


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where the SuperLink is. address: "host:port", asked anew for each call since a restart may move it.

    open_client: how calls are made; tests put an application in place of the network.
    """

    address: Callable[[], str]
    open_client: Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]


def tls_upstream(address: Callable[[], str], ca_certificate: Path) -> Upstream:
    """The SuperLink on loopback, trusted by our own CA alone and never reached through a proxy."""

    def open_client() -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=ssl.create_default_context(cafile=str(ca_certificate)),
            trust_env=False,
            timeout=httpx.Timeout(30.0, connect=5.0),
            limits=httpx.Limits(max_connections=256, max_keepalive_connections=64),
        )

    return Upstream(address, open_client)


def gate_routes(upstream: Upstream) -> list[BaseRoute]:
    """Routes for /v1. They find the open client in `request.state.fleet`."""

    async def forward(request: Request) -> Response:
        call = request.path_params["call"]
        # The raw path has to be the plain one: no encoded letters, no query, no second spelling.
        plain = request.scope.get("raw_path", b"") == f"{FLEET_PREFIX}{call}".encode()
        if call not in FLEET_CALLS or not plain or request.scope["query_string"]:
            return _nothing_here()
        return await _forward(request, f"https://{upstream.address()}{FLEET_PREFIX}{call}")

    return [
        Route(f"{FLEET_PREFIX}{{call}}", forward, methods=["POST"]),
        Route("/v1{rest:path}", lambda _: _nothing_here(), methods=METHODS),
    ]


async def _forward(request: Request, url: str) -> Response:
    fleet: httpx.AsyncClient = request.state.fleet
    headers = [(name, value) for name, value in request.headers.items() if name not in _NOT_FORWARDED]
    try:
        answer = await fleet.send(
            fleet.build_request("POST", url, headers=headers, content=request.stream()), stream=True
        )
    except ClientDisconnect:
        return PlainTextResponse("Bad Request", 400)
    except httpx.TransportError:
        # 503 is one of the answers after which Flower's nodes try again by themselves.
        return PlainTextResponse("Service Unavailable", 503)
    reply = StreamingResponse(answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose))
    reply.raw_headers = [
        (name.lower(), value) for name, value in answer.headers.raw if name.lower().decode() not in _NOT_RETURNED
    ]
    return reply


def _nothing_here() -> Response:
    # The same answer for every path and verb: it never tells which exist.
    return PlainTextResponse("Not Found", 404)
