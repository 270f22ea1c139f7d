"""Bodies may be neither larger nor slower than allowed."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from common.body_limit import BodyLimit


async def _read_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body", False):
        pass
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


def _status(messages: list[Message], *, headers: list[tuple[bytes, bytes]] | None = None) -> int:
    """The status of a request whose body comes as `messages` and then never again."""
    told: list[Message] = []
    left = list(messages)

    async def receive() -> Message:
        if left:
            return left.pop(0)
        await asyncio.Event().wait()
        raise AssertionError("never")

    async def send(message: Message) -> None:
        told.append(message)

    scope = {"type": "http", "path": "/small", "headers": headers or []}
    limit = BodyLimit(_read_all, lambda path: 10 if path == "/small" else 0, part_seconds=0.01)
    try:
        asyncio.run(limit(scope, receive, send))
    except HTTPException as error:
        return error.status_code
    return int(told[0]["status"])


def _part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


GONE: Message = {"type": "http.disconnect"}


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([_part(b"0123456789", more=False), GONE], 200),
        ([_part(b"01234", more=True), _part(b"56789", more=False), GONE], 200),
        ([_part(b"0123456789a", more=False), GONE], 413),
        ([_part(b"012345", more=True), _part(b"6789a", more=True), GONE], 413),
        ([_part(b"0", more=True)], 408),
        ([], 408),
    ],
)
def test_parts_are_counted_and_timed(messages: list[Message], status: int) -> None:
    """Ten bytes, and a hundredth of a second from part to part."""
    assert _status(messages) == status


@pytest.mark.parametrize(("length", "status"), [(b"11", 413), (b"ten", 413), (b"-1", 413), (b"10", 200)])
def test_an_announced_length_is_believed_before_reading(length: bytes, status: int) -> None:
    """A malformed one is as good as too large."""
    body = [_part(b"0123456789", more=False), GONE]
    assert _status(body, headers=[(b"content-length", length)]) == status
