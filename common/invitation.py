"""Invitation: the file that a coordinator hands to one school, and that the school reads to enrol."""

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from common.canonical import canonical_json, parse_canonical_json
from common.errors import Corrupt, ErrorCode, FixSettings

VERSION = "homeroom.invitation/1"
_MAX_FILE_BYTES = 64_000
_TOKEN = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """One school's way in. Whoever holds `token` may enrol as `school`, once, until `expires_at`.

    url: the coordinator's address, https, without a path. ca_pem: the certificate that signed the
    coordinator's. coordinator_key: its Ed25519 key, 64 hexadecimal digits. token: 128 bits, hexadecimal.
    """

    consortium: str
    school: str
    url: str
    ca_pem: str
    coordinator_key: str
    expires_at: datetime
    token: str = field(repr=False)


def write_invitation(invitation: Invitation) -> bytes:
    """The file's bytes: canonical JSON with the version."""
    expires = invitation.expires_at.astimezone(UTC).isoformat(timespec="seconds")
    return canonical_json({**asdict(invitation), "expires_at": expires, "version": VERSION})


def parse_invitation(data: bytes) -> Invitation:
    """Corrupt unless `data` is exactly one invitation of this version. Expiry isn't checked here."""
    if len(data) > _MAX_FILE_BYTES:
        raise _bad("is far too long")
    value = _fields(data)
    expires_at = _time(value.pop("expires_at"))
    if value.pop("version") != VERSION:
        raise _bad("was written by another version of Homeroom")
    invitation = Invitation(expires_at=expires_at, **value)
    if not _TOKEN.fullmatch(invitation.token) or not _KEY.fullmatch(invitation.coordinator_key):
        raise _bad("holds a damaged code or key")
    if not invitation.url.startswith("https://"):
        raise _bad("doesn't name an https address")
    return invitation


def load_invitation(path: Path) -> Invitation:
    """Reads an invitation file; FixSettings when there is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"The invitation file {path} can't be read.") from error
    return parse_invitation(data.strip())


def _fields(data: bytes) -> dict[str, Any]:
    try:
        value = parse_canonical_json(data)
    except Corrupt as error:
        raise _bad("is damaged") from error
    expected = set(Invitation.__dataclass_fields__) | {"version"}
    if not isinstance(value, dict) or set(value) != expected:
        raise _bad("has the wrong fields")
    if not all(isinstance(item, str) and item for item in value.values()):
        raise _bad("has an empty field")
    return value


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad("has an unreadable date") from error
    if time.tzinfo is None:
        raise _bad("has a date without its time zone")
    return time.astimezone(UTC)


def _bad(what: str) -> Corrupt:
    return Corrupt(
        ErrorCode.BAD_INVITATION,
        f"The invitation file {what}. Ask the consortium's operator for a new one.",
    )
