"""Sections: several named byte strings in one payload, in the order of their names, with one spelling."""

import struct
from collections.abc import Mapping

from common.errors import Corrupt, ErrorCode, FixSettings

_MAX_NAME_BYTES = 40
_MAX_SECTIONS = 1000


def join_sections(parts: Mapping[str, bytes]) -> bytes:
    """For each name, sorted: length of the name (u16), name, length (u32), bytes; all big-endian."""
    out = []
    for name in sorted(parts):
        spelled = name.encode()
        if not 0 < len(spelled) <= _MAX_NAME_BYTES:
            raise FixSettings(ErrorCode.BAD_PARAMETER, f"A section can't be called {name!r}.")
        out += [struct.pack(">H", len(spelled)), spelled, struct.pack(">I", len(parts[name])), parts[name]]
    return b"".join(out)


def split_sections(data: bytes) -> dict[str, bytes]:
    """The inverse of `join_sections`; Corrupt for anything that it wouldn't have written."""
    parts: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        name, at = _take(data, at, ">H")
        value, at = _take(data, at, ">I")
        try:
            spelled = name.decode()
        except UnicodeDecodeError as error:
            raise _malformed() from error
        in_order = not parts or spelled > next(reversed(parts))
        if not 0 < len(name) <= _MAX_NAME_BYTES or not in_order or len(parts) == _MAX_SECTIONS:
            raise _malformed()
        parts[spelled] = value
    return parts


def _take(data: bytes, at: int, width: str) -> tuple[bytes, int]:
    start = at + struct.calcsize(width)
    if start > len(data):
        raise _malformed()
    (length,) = struct.unpack(width, data[at:start])
    if start + length > len(data):
        raise _malformed()
    return data[start : start + length], start + length


def _malformed() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "The parts of a message are malformed or cut short.")
