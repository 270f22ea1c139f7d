"""Signed heads of the public log, and the proof that a coordinator signed two histories."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from common.canonical import sha256_hex
from common.envelope import open_envelope, seal
from common.errors import Corrupt, ErrorCode
from common.sections import join_sections, split_sections
from common.signing import Identity

KIND = "log-head"
MAX_HEAD_BYTES = 4096
_HASH_DIGITS = 64


@dataclass(frozen=True, slots=True)
class LogHead:
    """size entries, and their root in hexadecimal. at: ISO 8601, UTC. signed: the envelope's bytes."""

    consortium: str
    size: int
    root: str
    at: str
    signed: bytes = field(repr=False)


def sign_head(identity: Identity, *, consortium: str, size: int, root: str, at: str) -> LogHead:
    """The coordinator's word on its log at this size."""
    fields = {"consortium": consortium, "size": size, "root": root, "at": at}
    return LogHead(consortium, size, root, at, seal(identity, KIND, fields))


def open_head(data: bytes, *, coordinator_key: str) -> LogHead:
    """Refused unless the coordinator signed it; Corrupt if malformed."""
    envelope = open_envelope(data, kind=KIND, sender=coordinator_key, max_bytes=MAX_HEAD_BYTES)
    size, root = envelope.fields.get("size"), envelope.text("root")
    if type(size) is not int or size < 0 or len(root) != _HASH_DIGITS or envelope.payload:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The head of the public log is malformed.")
    return LogHead(envelope.text("consortium"), size, root, envelope.text("at"), data)


def pack_heads(heads: Iterable[bytes]) -> bytes:
    """Several signed heads, each after its length (u32, big-endian)."""
    return b"".join(len(head).to_bytes(4, "big") + head for head in heads)


def unpack_heads(data: bytes) -> list[bytes]:
    """The inverse of `pack_heads`; Corrupt for anything else."""
    heads, at = [], 0
    while at < len(data):
        start = at + 4
        end = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or end > len(data):
            raise Corrupt(ErrorCode.BAD_MESSAGE, "A list of heads is cut short.")
        heads.append(data[start:end])
        at = end
    return heads


def conflict_proof(one: LogHead, other: LogHead) -> bytes | None:
    """Both signed heads, if they are of one size and differ; None if they don't contradict each other."""
    if one.size != other.size or one.root == other.root:
        return None
    first, second = sorted((one.signed, other.signed), key=sha256_hex)
    return join_sections({"first": first, "second": second})


def verify_conflict(proof: bytes, *, coordinator_key: str) -> tuple[LogHead, LogHead]:
    """The two heads that prove equivocation, checked offline. Refused or Corrupt if they prove nothing."""
    parts = split_sections(proof)
    if set(parts) != {"first", "second"}:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The proof doesn't hold two heads.")
    first, second = (open_head(parts[name], coordinator_key=coordinator_key) for name in ("first", "second"))
    if first.size != second.size or first.root == second.root:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The two heads don't contradict each other.")
    return first, second
