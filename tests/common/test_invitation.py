"""An invitation comes back equal, and anything else is refused with one sentence."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.canonical import canonical_json
from common.errors import Corrupt, ErrorCode, FixSettings
from common.invitation import Invitation, load_invitation, parse_invitation, write_invitation

INVITATION = Invitation(
    consortium="North",
    school="Alder School",
    url="https://coordinator.example:8443",
    ca_pem="-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n",
    coordinator_key="ab" * 32,
    token="cd" * 16,
    expires_at=datetime(2026, 9, 4, 8, 0, tzinfo=UTC),
)


def test_comes_back_equal(tmp_path: Path) -> None:
    """What is written is read, from bytes and from a file with a line's end."""
    path = tmp_path / "invitation.json"
    path.write_bytes(write_invitation(INVITATION) + b"\n")
    assert parse_invitation(write_invitation(INVITATION)) == INVITATION
    assert load_invitation(path) == INVITATION


def test_any_time_zone_becomes_utc() -> None:
    """The same instant gives the same bytes."""
    elsewhere = INVITATION.expires_at.astimezone(timezone(timedelta(hours=5)))
    assert write_invitation(replace(INVITATION, expires_at=elsewhere)) == write_invitation(INVITATION)


def test_the_code_is_not_printed() -> None:
    """A log line of the invitation can't enrol anybody."""
    assert INVITATION.token not in repr(INVITATION)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", "xy" * 16),
        ("token", "cd" * 15),
        ("coordinator_key", "ab" * 31),
        ("url", "http://coordinator.example"),
        ("url", ""),
        ("school", 7),
        ("version", "homeroom.invitation/2"),
        ("expires_at", "soon"),
        ("expires_at", "2026-09-04T08:00:00"),
    ],
)
def test_a_damaged_field_is_refused(field: str, value: object) -> None:
    """Each field is checked before it is used."""
    fields = json.loads(write_invitation(INVITATION))
    with pytest.raises(Corrupt, match="invitation") as error:
        parse_invitation(canonical_json({**fields, field: value}))
    assert error.value.code == ErrorCode.BAD_INVITATION


def test_an_unknown_or_missing_field_is_refused() -> None:
    """Neither more nor less than the fields of this version."""
    fields = json.loads(write_invitation(INVITATION))
    for changed in ({**fields, "note": "x"}, {k: v for k, v in fields.items() if k != "school"}):
        with pytest.raises(Corrupt, match="wrong fields"):
            parse_invitation(canonical_json(changed))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_one_error(data: bytes) -> None:
    """Nothing but Corrupt comes out of a file that isn't an invitation."""
    with pytest.raises(Corrupt):
        parse_invitation(data)


def test_a_file_of_many_megabytes_is_not_parsed() -> None:
    """A wrong file chosen by mistake is refused by its size."""
    with pytest.raises(Corrupt, match="too long"):
        parse_invitation(b" " * 100_000)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The sentence says which file."""
    with pytest.raises(FixSettings, match=r"absent\.json"):
        load_invitation(tmp_path / "absent.json")
