"""The one durable record that masking keeps per campaign: secrets, and the exact bytes that left the school.

Each write replaces the whole record in one step, so a crash leaves the record before or the one after. It is
written before the reply that it holds is sent. It must be in no backup: an old copy would mask twice with one key.
"""

import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode
from common.privacy.ledger_rows import Entry, RoundState, charges_of
from common.refusals import Refusal, RefusalCode
from common.sections import join_sections, split_sections
from common.whole_file import write_whole

_PARTS = {"holder", "answers", "masked", "survivors", "unmask"}
_DIGEST_BYTES = 32
# A charge that paid for nothing puts the ledger one round ahead; two have to have another reason.
_ROUNDS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """A round that this school answered. ctx: the plan's digest. vector: digest of what it sent, hexadecimal."""

    round: int
    ctx: str
    vector: str


@dataclass(frozen=True, slots=True)
class MaskingRecord:
    """holder: the kernel's `HolderState`. masked: the sealed reply to the newest round in `answers`.

    survivors, unmask: the request that was answered in that round's second trip, and the sealed reply; b"" before.
    """

    holder: bytes = field(repr=False)
    answers: tuple[Answered, ...] = ()
    masked: bytes = field(default=b"", repr=False)
    survivors: bytes = field(default=b"", repr=False)
    unmask: bytes = field(default=b"", repr=False)

    @property
    def last_round(self) -> int:
        """The newest answered round; 0 before the first."""
        return self.answers[-1].round if self.answers else 0

    def answer_to(self, ctx: str) -> bytes | None:
        """The sealed reply to this very plan, while it is the newest one answered."""
        return self.masked if self.answers and self.answers[-1].ctx == ctx else None

    def unmask_for(self, survivors: bytes) -> bytes | None:
        """The sealed reply to these very survivors."""
        same = self.unmask != b"" and hmac.compare_digest(self.survivors, survivors)
        return self.unmask if same else None

    def with_masked(self, holder: bytes, answered: Answered, reply: bytes) -> "MaskingRecord":
        """After the first trip of a round."""
        return MaskingRecord(holder, (*self.answers, answered), reply)

    def with_unmask(self, holder: bytes, survivors: bytes, reply: bytes) -> "MaskingRecord":
        """After its second trip."""
        return replace(self, holder=holder, survivors=survivors, unmask=reply)

    def to_bytes(self) -> bytes:
        """Its parts after their SHA-256, which tells a damaged file."""
        answers = canonical_json([[one.round, one.ctx, one.vector] for one in self.answers])
        parts = {"holder": self.holder, "answers": answers, "masked": self.masked}
        body = join_sections(parts | {"survivors": self.survivors, "unmask": self.unmask})
        return bytes.fromhex(sha256_hex(body)) + body

    @staticmethod
    def from_bytes(data: bytes) -> "MaskingRecord":
        """Corrupt unless these are exactly the bytes of a record."""
        digest, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if digest.hex() != sha256_hex(body):
            raise _damaged()
        parts = split_sections(body)
        if set(parts) != _PARTS:
            raise _damaged()
        answers = tuple(Answered(*one) for one in parse_canonical_json(parts["answers"]))
        return MaskingRecord(parts["holder"], answers, parts["masked"], parts["survivors"], parts["unmask"])


class MaskingStore:
    """The records of a school's campaigns in one folder, and the deals of each round that a replay needs."""

    def __init__(self, folder: Path, *, write: Callable[[Path, bytes], None] = write_whole) -> None:
        self._folder, self._write = folder, write

    def read(self, campaign: str) -> MaskingRecord | None:
        """The campaign's record, None before the first trip; Corrupt if its file is damaged."""
        path = self._path(campaign)
        return MaskingRecord.from_bytes(path.read_bytes()) if path.exists() else None

    def write(self, campaign: str, record: MaskingRecord) -> None:
        """Replaces the record; once this returns it is on disk, and what it holds may leave. OSError otherwise."""
        self._make(self._folder)
        self._write(self._path(campaign), record.to_bytes())

    def keep_deals(self, campaign: str, number: int, deals: bytes) -> None:
        """Keeps what a round's dealers sent here: keys, commitments and closed boxes."""
        path = self._deals(campaign, number)
        self._make(self._folder)
        self._make(path.parent)
        self._write(path, deals)

    def deals(self, campaign: str, number: int) -> bytes | None:
        """The deals of a round that this school answered."""
        path = self._deals(campaign, number)
        return path.read_bytes() if path.exists() else None

    def _path(self, campaign: str) -> Path:
        return self._folder / f"{campaign}.state"

    def _deals(self, campaign: str, number: int) -> Path:
        return self._folder / campaign / f"{number}.deals"

    def _make(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(mode=0o700)
        above = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(above)
        finally:
            os.close(above)


def rolled_back(record: MaskingRecord | None, campaign: str, rows: Sequence[Entry]) -> Refusal | None:
    """A refusal if the ledger remembers rounds of this campaign that the record should remember too.

    Then the record is an old copy, or gone, and masking from it could use a key a second time.
    """
    last = record.last_round if record else 0
    ahead = {row.round for row in charges_of(rows) if row.campaign == campaign and row.round > last}
    left = {RoundState.SENT, RoundState.OPENED}
    sent = any(row.campaign == campaign and row.round > last and row.state in left for row in rows)
    if not sent and len(ahead) < _ROUNDS_AHEAD:
        return None
    return Refusal(
        RefusalCode.MASKING_REFUSED,
        "This school's masking record is older than its privacy ledger, as after a restored disk. It waits for "
        "the next campaign.",
        local_reason=f"store-rolled-back: the record ends with round {last}, the ledger with {max(ahead)}.",
    )


def _damaged() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "The masking record of a campaign is damaged.")
