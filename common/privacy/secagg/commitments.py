"""What dealers commit to and schools sign by digest: shares, secrets, and vectors in chunks of 4,096 numbers."""

import hashlib
import hmac
from collections.abc import Sequence

from common.privacy.secagg.packing import pack

CHUNK = 4096  # coordinates per hashed chunk, so that a replay can check a part
DIGEST_BYTES, COMMITMENT_BYTES = 32, 16
KEY_SHARE, SEED_SHARE = "ck", "cb"


def sha256(data: bytes) -> bytes:
    """32 bytes."""
    return hashlib.sha256(data).digest()


def commit_share(kind: str, slot: tuple[bytes, int, int, int], share: bytes) -> bytes:
    """16 bytes that bind a share to its slot (camp, round, dealer, holder). kind: KEY_SHARE or SEED_SHARE."""
    return sha256(pack(kind, *slot, share))[:COMMITMENT_BYTES]


def commit_seed(camp: bytes, number: int, dealer: int, *, seed: bytes) -> bytes:
    """32 bytes that bind a dealer to its self seed of one round."""
    return sha256(pack("b", camp, number, dealer, seed))


def same(one: bytes, other: bytes) -> bool:
    """Equality in time that doesn't depend on the bytes."""
    return hmac.compare_digest(one, other)


def chunk_span(chunk: int, dimensions: int) -> tuple[int, int]:
    """First coordinate of a chunk and the one after its last."""
    return chunk * CHUNK, min((chunk + 1) * CHUNK, dimensions)


def chunk_count(dimensions: int) -> int:
    """How many chunks a vector has."""
    return -(-dimensions // CHUNK)


def split_chunks(vector: bytes, bits: int) -> tuple[bytes, ...]:
    """A wire vector in pieces of 4,096 coordinates; the last may be shorter."""
    step = CHUNK * bits // 8
    return tuple(vector[at : at + step] for at in range(0, len(vector), step))


def digest_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """The digest of a vector from the hashes of its chunks."""
    return sha256(b"".join(hashes))


def vector_digest(vector: bytes, bits: int) -> bytes:
    """SHA-256 of the SHA-256 hashes of the vector's chunks."""
    return digest_of_hashes([sha256(chunk) for chunk in split_chunks(vector, bits)])
