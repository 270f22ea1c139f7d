"""The messages of the protocol as values with one spelling each; what is signed is `pack`ed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from common.privacy.secagg.commitments import COMMITMENT_BYTES, DIGEST_BYTES, sha256, vector_digest
from common.privacy.secagg.packing import Reader, block, pack, require_canonical, u16, u32
from common.privacy.secagg.shamir import SHARE_BYTES
from common.privacy.secagg.terms import CTX_BYTES
from common.signing import SIGNATURE_BYTES

KEY_BYTES = 32
_JOIN, _DEAL, _MASKED, _SURVIVORS, _UNMASK, _EVIDENCE = b"j", b"d", b"m", b"s", b"u", b"e"


@dataclass(frozen=True, slots=True)
class Join:
    """S1: a member's box key for the campaign."""

    member: int
    box: bytes
    signature: bytes = field(repr=False)

    def signed(self, camp: bytes) -> bytes:
        """What the signature covers."""
        return pack("box", camp, self.member, self.box)

    def to_bytes(self) -> bytes:
        """99 bytes."""
        return _JOIN + u16(self.member) + self.box + self.signature

    @staticmethod
    def from_bytes(data: bytes) -> "Join":
        """Corrupt unless `data` is exactly one join."""
        reader = Reader(data, _JOIN)
        join = Join(reader.u16(), reader.take(KEY_BYTES), reader.take(SIGNATURE_BYTES))
        reader.end()
        return join


@dataclass(frozen=True, slots=True)
class Deal:
    """What a dealer gives one holder for one round: its public mask key, commitments, and a closed box of shares.

    box: empty when dealer and holder are one.
    """

    number: int
    dealer: int
    holder: int
    key: bytes
    seed_commitment: bytes
    key_share_commitment: bytes
    seed_share_commitment: bytes
    box: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def signed(self, camp: bytes) -> bytes:
        """What the signature covers."""
        return pack(
            "deal",
            camp,
            self.number,
            self.dealer,
            self.holder,
            self.key,
            self.seed_commitment,
            self.key_share_commitment,
            self.seed_share_commitment,
            self.box,
        )

    def to_bytes(self) -> bytes:
        """252 bytes, or 170 for a dealer's own."""
        fixed = self.key + self.seed_commitment + self.key_share_commitment + self.seed_share_commitment
        head = _DEAL + u32(self.number) + u16(self.dealer) + u16(self.holder)
        return head + fixed + block(self.box) + self.signature

    @staticmethod
    def from_bytes(data: bytes) -> "Deal":
        """Corrupt unless `data` is exactly one deal."""
        reader = Reader(data, _DEAL)
        number, dealer, holder = reader.u32(), reader.u16(), reader.u16()
        key, seed = reader.take(KEY_BYTES), reader.take(DIGEST_BYTES)
        key_share, seed_share = reader.take(COMMITMENT_BYTES), reader.take(COMMITMENT_BYTES)
        deal = Deal(
            number,
            dealer,
            holder,
            key=key,
            seed_commitment=seed,
            key_share_commitment=key_share,
            seed_share_commitment=seed_share,
            box=reader.block(),
            signature=reader.take(SIGNATURE_BYTES),
        )
        reader.end()
        return deal


@dataclass(frozen=True, slots=True)
class Masked:
    """Trip 1: a member's masked vector, bits / 8 bytes a number."""

    member: int
    ctx: bytes
    y: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def signed(self, bits: int) -> bytes:
        """What the signature covers: the vector by the hashes of its chunks."""
        return masked_bytes(self.ctx, self.member, vector_digest(self.y, bits))

    def to_bytes(self) -> bytes:
        """One spelling."""
        return _MASKED + u16(self.member) + self.ctx + block(self.y) + self.signature

    @staticmethod
    def from_bytes(data: bytes) -> "Masked":
        """Corrupt unless `data` is exactly one masked vector."""
        reader = Reader(data, _MASKED)
        masked = Masked(reader.u16(), reader.take(CTX_BYTES), reader.block(), reader.take(SIGNATURE_BYTES))
        reader.end()
        return masked


@dataclass(frozen=True, slots=True)
class Survivors:
    """Trip 2 down: whose vectors are to be summed. entries: (member, digest of its vector), by member."""

    ctx: bytes
    entries: tuple[tuple[int, bytes], ...]
    signature: bytes = field(repr=False)

    @property
    def members(self) -> tuple[int, ...]:
        """Positions, sorted."""
        return tuple(member for member, _ in self.entries)

    @property
    def signed(self) -> bytes:
        """What the coordinator's signature covers."""
        return survivors_bytes(self.ctx, self.entries)

    @property
    def name(self) -> bytes:
        """SHA-256 of the signed bytes: what schools sign when they answer."""
        return sha256(self.signed)

    def to_bytes(self) -> bytes:
        """One spelling."""
        entries = b"".join(u16(member) + digest for member, digest in self.entries)
        return _SURVIVORS + self.ctx + u16(len(self.entries)) + entries + self.signature

    @staticmethod
    def from_bytes(data: bytes) -> "Survivors":
        """Corrupt unless `data` is exactly one list, by member."""
        reader = Reader(data, _SURVIVORS)
        ctx = reader.take(CTX_BYTES)
        entries = tuple((reader.u16(), reader.take(DIGEST_BYTES)) for _ in range(reader.u16()))
        survivors = Survivors(ctx, entries, reader.take(SIGNATURE_BYTES))
        reader.end()
        require_canonical(list(survivors.members) == sorted(set(survivors.members)))
        return survivors


@dataclass(frozen=True, slots=True)
class Unmask:
    """Trip 2 up: one share for each member of the cohort. shares: (member, 33 bytes), by member."""

    member: int
    shares: tuple[tuple[int, bytes], ...] = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def body(self) -> bytes:
        """SHA-256 of the shares."""
        return sha256(pack("shares", *(part for share in self.shares for part in share)))

    def to_bytes(self) -> bytes:
        """One spelling."""
        shares = b"".join(u16(member) + share for member, share in self.shares)
        return _UNMASK + u16(self.member) + u16(len(self.shares)) + shares + self.signature

    @staticmethod
    def from_bytes(data: bytes) -> "Unmask":
        """Corrupt unless `data` is exactly one reply, by member."""
        reader = Reader(data, _UNMASK)
        member = reader.u16()
        shares = tuple((reader.u16(), reader.take(SHARE_BYTES)) for _ in range(reader.u16()))
        reply = Unmask(member, shares, reader.take(SIGNATURE_BYTES))
        reader.end()
        members = [one for one, _ in shares]
        require_canonical(members == sorted(set(members)))
        return reply


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a round's holders answered one survivor set: (member, body, signature) of their replies."""

    replies: tuple[tuple[int, bytes, bytes], ...] = field(repr=False)

    def to_bytes(self) -> bytes:
        """One spelling."""
        replies = b"".join(u16(member) + body + signature for member, body, signature in self.replies)
        return _EVIDENCE + u16(len(self.replies)) + replies

    @staticmethod
    def from_bytes(data: bytes) -> "Evidence":
        """Corrupt unless `data` is exactly one list, by member."""
        reader = Reader(data, _EVIDENCE)
        replies = tuple(
            (reader.u16(), reader.take(DIGEST_BYTES), reader.take(SIGNATURE_BYTES)) for _ in range(reader.u16())
        )
        reader.end()
        members = [member for member, _, _ in replies]
        require_canonical(members == sorted(set(members)))
        return Evidence(replies)


def survivors_bytes(ctx: bytes, entries: Sequence[tuple[int, bytes]]) -> bytes:
    """What the coordinator signs under a survivor set."""
    return pack("survivors", ctx, *(part for entry in entries for part in entry))


def masked_bytes(ctx: bytes, member: int, digest: bytes) -> bytes:
    """What a member signs under its masked vector."""
    return pack("masked", ctx, member, digest)


def unmask_bytes(name: bytes, member: int, body: bytes) -> bytes:
    """What a member signs under its shares. name: of the survivor set."""
    return pack("unmask", name, member, body)


def pack_deals(deals: Iterable[Deal]) -> bytes:
    """Several deals, in the order given."""
    return b"".join(block(deal.to_bytes()) for deal in deals)


def unpack_deals(data: bytes) -> tuple[Deal, ...]:
    """The inverse of `pack_deals`; Corrupt for anything else."""
    return tuple(Deal.from_bytes(piece) for piece in _blocks(data))


def pack_joins(joins: Iterable[Join]) -> bytes:
    """Several joins, in the order given."""
    return b"".join(block(join.to_bytes()) for join in joins)


def unpack_joins(data: bytes) -> tuple[Join, ...]:
    """The inverse of `pack_joins`; Corrupt for anything else."""
    return tuple(Join.from_bytes(piece) for piece in _blocks(data))


def deals_by_dealer(deals: Sequence[Deal]) -> Mapping[int, Deal]:
    """One holder's deals of one round."""
    return {deal.dealer: deal for deal in deals}


def _blocks(data: bytes) -> list[bytes]:
    reader, pieces = Reader(data, b""), []
    while not reader.at_end:
        pieces.append(reader.block())
    return pieces
