"""Canonical bytes: what is signed and hashed (`pack`), and strict reading of what arrives (`Reader`)."""

import struct

from common.errors import Corrupt, ErrorCode

_DOMAIN = b"homeroom/secagg/1/"
# The purpose under which every message of the protocol is signed; the tag of `pack` tells them apart.
PURPOSE = "secagg"


def pack(tag: str, *fields: bytes | int) -> bytes:
    """ "homeroom/secagg/1/<tag>" and the fields, each preceded by its length (u32); integers are 8 bytes."""
    parts = [_DOMAIN + tag.encode()]
    parts += [field.to_bytes(8, "big") if isinstance(field, int) else field for field in fields]
    return b"".join([piece for part in parts for piece in (len(part).to_bytes(4, "big"), part)])


class Reader:
    """Takes a message apart from front to back. Corrupt if it is short, long, or of another kind."""

    def __init__(self, data: bytes, kind: bytes) -> None:
        self._data = data
        self._at = 0
        if self.take(len(kind)) != kind:
            raise _malformed()

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise _malformed()
        self._at += count
        return piece

    def u8(self) -> int:
        """One byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Two bytes, big-endian."""
        return int(struct.unpack(">H", self.take(2))[0])

    def u32(self) -> int:
        """Four bytes, big-endian."""
        return int(struct.unpack(">I", self.take(4))[0])

    def block(self) -> bytes:
        """Bytes preceded by their length (u32)."""
        return self.take(self.u32())

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._data)

    def end(self) -> None:
        """Corrupt if something is left."""
        if not self.at_end:
            raise _malformed()


def u8(value: int) -> bytes:
    """One byte."""
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    """Two bytes, big-endian."""
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    """Four bytes, big-endian."""
    return value.to_bytes(4, "big")


def block(value: bytes) -> bytes:
    """Bytes preceded by their length (u32)."""
    return u32(len(value)) + value


def require_canonical(holds: bool) -> None:
    """Corrupt unless `holds`: one spelling per message."""
    if not holds:
        raise _malformed()


def _malformed() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "A message of secure aggregation is malformed or cut short.")
