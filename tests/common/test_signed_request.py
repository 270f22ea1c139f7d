"""A signed request is accepted for its own method, path, time and key, and for nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from common.signed_request import (
    SCHOOL_HEADER,
    SIGNATURE_HEADER,
    TIME_HEADER,
    read_headers,
    sign_request,
    verify_request,
)
from common.signing import Identity, new_identity

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def _headers(identity: Identity, at: datetime = NOW) -> dict[str, str]:
    return sign_request(identity, "École Nord", method="GET", path="/api/members", at=at)


def test_a_school_proves_who_it_is() -> None:
    """Names outside ASCII travel %-encoded."""
    identity = new_identity()
    signed = read_headers(_headers(identity))
    assert signed.school == "École Nord"
    verify_request(signed, identity.public_key, method="get", path="/api/members", now=NOW)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/members"), ("GET", "/api/releases"), ("GET", "/api/members?x=1")]
)
def test_a_signature_covers_method_and_path(method: str, path: str) -> None:
    """A request's signature is worth nothing for another request."""
    identity = new_identity()
    with pytest.raises(Refused, match="signature"):
        verify_request(read_headers(_headers(identity)), identity.public_key, method=method, path=path, now=NOW)


@given(st.integers(-100_000, 100_000))
def test_a_clock_may_be_off_by_five_minutes(offset_seconds: int) -> None:
    """Inside the tolerance accepted, outside refused with a sentence about clocks."""
    identity = new_identity()
    signed = read_headers(_headers(identity, NOW + timedelta(seconds=offset_seconds)))
    if abs(offset_seconds) <= 300:
        verify_request(signed, identity.public_key, method="GET", path="/api/members", now=NOW)
    else:
        with pytest.raises(Refused, match="clock"):
            verify_request(signed, identity.public_key, method="GET", path="/api/members", now=NOW)


def test_another_school_s_key_is_refused() -> None:
    """The roster's key decides."""
    with pytest.raises(Refused):
        verify_request(
            read_headers(_headers(new_identity())),
            new_identity().public_key,
            method="GET",
            path="/api/members",
            now=NOW,
        )


def test_a_changed_time_breaks_the_signature() -> None:
    """The time is signed, so an old request can't be made young."""
    identity = new_identity()
    headers = {**_headers(identity), TIME_HEADER: str(int(NOW.timestamp()) + 1)}
    with pytest.raises(Refused):
        verify_request(read_headers(headers), identity.public_key, method="GET", path="/api/members", now=NOW)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (SCHOOL_HEADER, ""),
        (TIME_HEADER, "now"),
        (TIME_HEADER, "-1"),
        (TIME_HEADER, "9" * 30),
        (SIGNATURE_HEADER, "00"),
        (SIGNATURE_HEADER, "g" * 128),
    ],
)
def test_malformed_headers_are_refused(header: str, value: str) -> None:
    """A missing or unreadable header counts as unsigned."""
    with pytest.raises(Refused, match="isn't signed"):
        read_headers({**_headers(new_identity()), header: value})
