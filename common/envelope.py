"""Envelope: one signed message as bytes - kind, canonical JSON fields, and an optional binary payload.

Layout: magic "HRE1", u32 length of the header, header (canonical JSON), signature (64 bytes), payload.
The signature covers the header, and the header carries the payload's SHA-256 and length. Lengths are
checked before anything is parsed; nothing is ever unpickled.
"""

import struct
from dataclasses import dataclass, field
from typing import Any

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode, Refused
from common.signing import SIGNATURE_BYTES, Identity, verify

_MAGIC = b"HRE1"
MAX_HEADER_BYTES = 4_000_000
MAX_MESSAGE_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """An opened message. `fields` hold JSON values; `sender` is the key that signed."""

    kind: str
    sender: str
    fields: dict[str, Any]
    payload: bytes = field(default=b"", repr=False)

    def text(self, name: str) -> str:
        """A field that has to be text; Corrupt otherwise."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise Corrupt(ErrorCode.BAD_MESSAGE, f"A {self.kind} message lacks its {name}.")
        return value


def seal(identity: Identity, kind: str, fields: dict[str, Any], *, payload: bytes = b"") -> bytes:
    """The signed bytes of a message."""
    header = canonical_json(
        {
            "kind": kind,
            "sender": identity.public_key,
            "fields": fields,
            "payload_sha256": sha256_hex(payload),
            "payload_bytes": len(payload),
        }
    )
    return _MAGIC + struct.pack(">I", len(header)) + header + identity.sign(kind, header) + payload


def open_envelope(data: bytes, *, kind: str, sender: str, max_bytes: int = MAX_MESSAGE_BYTES) -> Envelope:
    """Corrupt if malformed or too long; Refused if not of this kind or not signed by `sender`."""
    envelope, header, signature = _split(data, max_bytes)
    if envelope.kind != kind:
        raise Refused(ErrorCode.BAD_MESSAGE, f"Expected a {kind} message, got another kind.")
    if envelope.sender != sender:
        raise Refused(ErrorCode.BAD_SIGNATURE, f"The {kind} message comes from an unexpected key.")
    verify(sender, kind, header, signature=signature)
    return envelope


def peek_kind(data: bytes) -> str:
    """What kind of message it claims to be; nothing is verified yet. Corrupt if it is malformed."""
    return _split(data, MAX_MESSAGE_BYTES)[0].kind


def peek_sender(data: bytes) -> str:
    """The key that claims to have signed; nothing is verified yet."""
    return _split(data, MAX_MESSAGE_BYTES)[0].sender


def _split(data: bytes, max_bytes: int) -> tuple[Envelope, bytes, bytes]:
    bad = Corrupt(ErrorCode.BAD_MESSAGE, "A message is malformed or cut short.")
    if not 8 <= len(data) <= max_bytes or data[:4] != _MAGIC:
        raise bad
    (header_bytes,) = struct.unpack(">I", data[4:8])
    start = 8 + header_bytes
    if header_bytes > MAX_HEADER_BYTES or len(data) < start + SIGNATURE_BYTES:
        raise bad
    header = data[8:start]
    payload = data[start + SIGNATURE_BYTES :]
    value = parse_canonical_json(header)
    expected = {"kind", "sender", "fields", "payload_sha256", "payload_bytes"}
    if not isinstance(value, dict) or set(value) != expected or not isinstance(value["fields"], dict):
        raise bad
    if value["payload_bytes"] != len(payload) or value["payload_sha256"] != sha256_hex(payload):
        raise bad
    if not isinstance(value["kind"], str) or not isinstance(value["sender"], str):
        raise bad
    opened = Envelope(value["kind"], value["sender"], value["fields"], payload)
    return opened, header, data[start : start + SIGNATURE_BYTES]
