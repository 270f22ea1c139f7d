"""A browser for an application in this process: no sockets, cookies kept, redirects not followed."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESS = "https://testserver"


class AsgiBrowser:
    """Starts the application's lifespan when entered and ends it when left; calls are plain functions."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._runner = asyncio.Runner()
        self._state: dict[str, Any] = {}
        transport = httpx.ASGITransport(self._with_state)
        self._http = httpx.AsyncClient(transport=transport, base_url=ADDRESS)

    def __enter__(self) -> "AsgiBrowser":
        self._runner.run(self._enter())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._leave())
        self._runner.close()

    @property
    def cookies(self) -> httpx.Cookies:
        """What the application has set so far."""
        return self._http.cookies

    def get(self, url: str | httpx.URL, **more: Any) -> httpx.Response:
        """A GET."""
        return self.request("GET", url, **more)

    def post(self, url: str | httpx.URL, **more: Any) -> httpx.Response:
        """A POST."""
        return self.request("POST", url, **more)

    def submit(self, url: str, form: Mapping[str, str]) -> httpx.Response:
        """A form sent from one of the application's own pages."""
        return self.post(url, data=dict(form), headers={"origin": ADDRESS, "sec-fetch-site": "same-origin"})

    def request(self, method: str, url: str | httpx.URL, **more: Any) -> httpx.Response:
        """Any verb; redirects aren't followed."""
        return self._runner.run(self._http.request(method, url, **more))

    async def _with_state(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "state": dict(self._state)}, receive, send)

    async def _enter(self) -> None:
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": self._state}
        self._lifespan = asyncio.ensure_future(self._app(scope, self._heard.get, self._said.put))
        await self._heard.put({"type": "lifespan.startup"})
        answer = await self._said.get()
        if answer["type"] != "lifespan.startup.complete":
            raise RuntimeError(str(answer))

    async def _leave(self) -> None:
        await self._heard.put({"type": "lifespan.shutdown"})
        await self._said.get()
        await self._lifespan
        await self._http.aclose()


async def in_parts(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    """A body without a known length."""
    for part in parts:
        yield part
