"""Limits on what anybody may send: how many bytes, and how slowly; checked while the body streams in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE, TOO_SLOW = 413, 408


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """An ASGI application around another. limit_bytes: by path. A part may take `part_seconds`."""

    app: ASGIApp
    limit_bytes: Callable[[str], int]
    part_seconds: float = 30.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """413 for a body that is announced too large; reading one that grows too large or stalls raises."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit_bytes(scope["path"])
        if _announces_more(scope, limit):
            refusal = PlainTextResponse("Payload Too Large", TOO_LARGE, {"connection": "close"})
            await refusal(scope, receive, send)
            return
        await self.app(scope, self._limited(receive, limit), send)

    def _limited(self, receive: Receive, limit: int) -> Receive:
        """HTTPException 413 or 408 reaches whoever reads the body, and the application's own error page."""
        seen, complete = 0, False

        async def limited() -> Message:
            nonlocal seen, complete
            if complete:  # what follows is the news that the other side has left: that may take any time
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self.part_seconds)
            except TimeoutError as error:
                raise HTTPException(TOO_SLOW, headers={"connection": "close"}) from error
            seen += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if seen > limit:
                raise HTTPException(TOO_LARGE, headers={"connection": "close"})
            return message

        return limited


def _announces_more(scope: Scope, limit: int) -> bool:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return any(not value.isdigit() or int(value) > limit for value in lengths)
