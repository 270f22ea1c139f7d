"""Forms read at once are the forms that the framework reads byte by byte."""

import asyncio
from collections.abc import AsyncGenerator
from urllib.parse import urlencode

import pytest
from fastapi import HTTPException
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.formparsers import FormParser

from local_app.main import ROUTERS
from local_app.quick_forms import MOST_FIELDS, QuickForms, read_form


async def slowly(body: bytes) -> list[tuple[str, str]]:
    """As Starlette reads it."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    form = await FormParser(Headers({}), stream()).parse()
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_what_a_browser_sends_is_read_alike(fields: list[tuple[str, str]]) -> None:
    """Any text, empty values and names that come twice included."""
    try:
        body = urlencode(fields).encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair, which no browser can send
    assert read_form(body) == asyncio.run(slowly(body)) == fields


@pytest.mark.parametrize("body", [b"a=1&b=%zz&c=+%2B", b"a=%E2%82&b=%00", b"", b"a=1=2&b"])
def test_what_no_browser_sends_is_read_alike(body: bytes) -> None:
    """Broken escapes, cut characters, nothing at all."""
    assert read_form(body) == asyncio.run(slowly(body))


def test_more_fields_than_any_form_has_are_refused() -> None:
    """Before they are read."""
    assert len(read_form(b"&".join([b"a=1"] * MOST_FIELDS))) == MOST_FIELDS
    with pytest.raises(HTTPException):
        read_form(b"&".join([b"a=1"] * (MOST_FIELDS + 1)))


def test_answers_are_read_so() -> None:
    """The routes that a class uses all the time."""
    routes = {route.path: route for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    for path in ("/practice/answer", "/practice/next", "/practice/hint", "/practice/set"):
        assert isinstance(routes[path], QuickForms)
