"""Transcript: what is published of a masked round so that anybody in it can redo the sum, whole or in chunks.

Nothing is shown that the coordinator didn't have: masked vectors, and the secrets that the schools opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.privacy.secagg.commitments import DIGEST_BYTES, digest_of_hashes, sha256, split_chunks
from common.privacy.secagg.masks import SEED_BYTES
from common.privacy.secagg.messages import Masked, survivors_bytes
from common.privacy.secagg.packing import Reader, block, require_canonical, u16, u32
from common.privacy.secagg.terms import CTX_BYTES
from common.signing import SIGNATURE_BYTES

_VERSION = b"homeroom/secagg-transcript/1\x00"


@dataclass(frozen=True, slots=True)
class MaskedView:
    """One survivor's vector: hashes of all chunks, the member's signature, and the chunks that are shown."""

    member: int
    hashes: tuple[bytes, ...] = field(repr=False)
    signature: bytes = field(repr=False)
    chunks: tuple[bytes, ...] = field(repr=False)

    @property
    def digest(self) -> bytes:
        """The vector's digest."""
        return digest_of_hashes(self.hashes)


@dataclass(frozen=True, slots=True)
class Transcript:
    """shown: which chunks `vectors` hold. seeds: of survivors. keys: private mask keys of dropped schools."""

    number: int
    ctx: bytes
    shown: tuple[int, ...]
    vectors: tuple[MaskedView, ...]
    seeds: tuple[tuple[int, bytes], ...] = field(repr=False)
    keys: tuple[tuple[int, bytes], ...] = field(repr=False)

    @property
    def survivors(self) -> bytes:
        """The name of the survivor set whose sum this is: what an honest round's schools answered."""
        return sha256(survivors_bytes(self.ctx, [(view.member, view.digest) for view in self.vectors]))

    def part(self, chunk: int) -> "Transcript":
        """The same with one chunk only. KeyError if it isn't shown."""
        if chunk not in self.shown:
            raise KeyError(chunk)
        place = self.shown.index(chunk)
        vectors = tuple(replace(view, chunks=(view.chunks[place],)) for view in self.vectors)
        return replace(self, shown=(chunk,), vectors=vectors)

    def to_bytes(self) -> bytes:
        """One spelling."""
        shown = u16(len(self.shown)) + b"".join(map(u16, self.shown))
        vectors = u16(len(self.vectors)) + b"".join(map(_view_bytes, self.vectors))
        secrets = b"".join(
            u16(len(pairs)) + b"".join(u16(member) + secret for member, secret in pairs)
            for pairs in (self.seeds, self.keys)
        )
        return _VERSION + u32(self.number) + self.ctx + shown + vectors + secrets

    @staticmethod
    def from_bytes(data: bytes) -> "Transcript":
        """Corrupt unless `data` is exactly one transcript."""
        reader = Reader(data, _VERSION)
        number, ctx = reader.u32(), reader.take(CTX_BYTES)
        shown = tuple(reader.u16() for _ in range(reader.u16()))
        vectors = tuple(_read_view(reader, len(shown)) for _ in range(reader.u16()))
        seeds, keys = _read_secrets(reader), _read_secrets(reader)
        reader.end()
        require_canonical(_sorted(shown) and _sorted([view.member for view in vectors]))
        return Transcript(number, ctx, shown, vectors, seeds, keys)


def transcript_of(
    number: int,
    masked: Mapping[int, Masked],
    *,
    seeds: Mapping[int, bytes],
    keys: Mapping[int, bytes],
    bits: int,
) -> Transcript:
    """The whole transcript of an opened round; `masked` holds the survivors' vectors."""
    vectors = tuple(_view(masked[member], bits) for member in sorted(masked))
    shown = tuple(range(len(vectors[0].chunks)))
    ctx = masked[vectors[0].member].ctx
    return Transcript(number, ctx, shown, vectors, tuple(sorted(seeds.items())), tuple(sorted(keys.items())))


def _view(masked: Masked, bits: int) -> MaskedView:
    chunks = split_chunks(masked.y, bits)
    return MaskedView(masked.member, tuple(map(sha256, chunks)), masked.signature, chunks)


def _view_bytes(view: MaskedView) -> bytes:
    hashes = u16(len(view.hashes)) + b"".join(view.hashes)
    return u16(view.member) + hashes + view.signature + b"".join(map(block, view.chunks))


def _read_view(reader: Reader, shown: int) -> MaskedView:
    member = reader.u16()
    hashes = tuple(reader.take(DIGEST_BYTES) for _ in range(reader.u16()))
    signature = reader.take(SIGNATURE_BYTES)
    return MaskedView(member, hashes, signature, tuple(reader.block() for _ in range(shown)))


def _read_secrets(reader: Reader) -> tuple[tuple[int, bytes], ...]:
    pairs = tuple((reader.u16(), reader.take(SEED_BYTES)) for _ in range(reader.u16()))
    require_canonical(_sorted([member for member, _ in pairs]))
    return pairs


def _sorted(members: Sequence[int]) -> bool:
    return list(members) == sorted(set(members))
