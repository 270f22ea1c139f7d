"""HolderState: everything that a school keeps of a campaign's masking, as one value with one spelling.

It holds secrets. The caller replaces it on disk, in one step, before a reply that depends on it leaves, and keeps
it out of every backup: an old copy would mask twice with one key.
"""

from dataclasses import dataclass, field

from common.privacy.secagg.commitments import DIGEST_BYTES
from common.privacy.secagg.masks import KEY_BYTES, SEED_BYTES
from common.privacy.secagg.messages import Deal, pack_deals, unpack_deals
from common.privacy.secagg.packing import Reader, block, require_canonical, u8, u16, u32
from common.privacy.secagg.shamir import SHARE_BYTES
from common.privacy.secagg.terms import CTX_BYTES

_VERSION = b"homeroom/secagg-state/1\x00"


@dataclass(frozen=True, slots=True)
class RoundSecrets:
    """What this school drew for a round that it hasn't masked yet. deals: one for each member, by holder."""

    number: int
    key: bytes = field(repr=False)
    seed: bytes = field(repr=False)
    own_key_share: bytes = field(repr=False)
    own_seed_share: bytes = field(repr=False)
    deals: tuple[Deal, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldShares:
    """The two shares that this school holds of one cohort member's secrets; it will give away one of them."""

    member: int
    key_share: bytes = field(repr=False)
    seed_share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LastRound:
    """The newest masked round. digest: of the vector sent. survivors: name of the set answered, b"" before.

    shares: dropped once they were answered with.
    """

    number: int
    ctx: bytes
    cohort: tuple[int, ...]
    digest: bytes
    survivors: bytes = b""
    shares: tuple[HeldShares, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class HolderState:
    """member: this school's position. boxes: every member's box key by position, () before they are frozen.

    dealt: the last round that was dealt for. unproven: rounds that ended after this school gave shares away
    without a proof that all holders had answered the same; they are safe, and counted.
    """

    member: int
    box_key: bytes = field(repr=False)
    boxes: tuple[bytes, ...] = ()
    dealt: int = 0
    unproven: int = 0
    secrets: tuple[RoundSecrets, ...] = field(default=(), repr=False)
    last_round: LastRound | None = None

    @property
    def last(self) -> int:
        """The newest masked round; 0 before the first. Compare it with the ledger after a restart."""
        return self.last_round.number if self.last_round else 0

    def secrets_of(self, number: int) -> RoundSecrets | None:
        """What was drawn for a round, unless it was used or never drawn."""
        return next((one for one in self.secrets if one.number == number), None)

    def to_bytes(self) -> bytes:
        """One spelling."""
        head = _VERSION + u16(self.member) + self.box_key + u16(len(self.boxes)) + b"".join(self.boxes)
        secrets = u16(len(self.secrets)) + b"".join(map(_secrets_bytes, self.secrets))
        last = u8(0) if self.last_round is None else u8(1) + _last_bytes(self.last_round)
        return head + u32(self.dealt) + u32(self.unproven) + secrets + last

    @staticmethod
    def from_bytes(data: bytes) -> "HolderState":
        """Corrupt unless `data` is exactly one state of this version."""
        reader = Reader(data, _VERSION)
        member, box_key = reader.u16(), reader.take(KEY_BYTES)
        boxes = tuple(reader.take(KEY_BYTES) for _ in range(reader.u16()))
        dealt, unproven = reader.u32(), reader.u32()
        secrets = tuple(_read_secrets(reader) for _ in range(reader.u16()))
        has_last = reader.u8()
        require_canonical(has_last in {0, 1})
        last = _read_last(reader) if has_last else None
        reader.end()
        return HolderState(member, box_key, boxes, dealt, unproven, secrets, last)


def _secrets_bytes(one: RoundSecrets) -> bytes:
    shares = one.own_key_share + one.own_seed_share
    return u32(one.number) + one.key + one.seed + shares + block(pack_deals(one.deals))


def _read_secrets(reader: Reader) -> RoundSecrets:
    number, key, seed = reader.u32(), reader.take(KEY_BYTES), reader.take(SEED_BYTES)
    key_share, seed_share = reader.take(SHARE_BYTES), reader.take(SHARE_BYTES)
    return RoundSecrets(number, key, seed, key_share, seed_share, unpack_deals(reader.block()))


def _last_bytes(last: LastRound) -> bytes:
    cohort = u16(len(last.cohort)) + b"".join(map(u16, last.cohort))
    shares = b"".join(u16(one.member) + one.key_share + one.seed_share for one in last.shares)
    head = u32(last.number) + last.ctx + cohort + last.digest + block(last.survivors)
    return head + u16(len(last.shares)) + shares


def _read_last(reader: Reader) -> LastRound:
    number, ctx = reader.u32(), reader.take(CTX_BYTES)
    cohort = tuple(reader.u16() for _ in range(reader.u16()))
    digest, survivors = reader.take(DIGEST_BYTES), reader.block()
    require_canonical(len(survivors) in {0, DIGEST_BYTES})
    shares = tuple(
        HeldShares(reader.u16(), reader.take(SHARE_BYTES), reader.take(SHARE_BYTES)) for _ in range(reader.u16())
    )
    return LastRound(number, ctx, cohort, digest, survivors, shares)
