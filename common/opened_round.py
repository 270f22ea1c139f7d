"""OpenedRound: what came of a round, published for every school: who was in the sum, and the sum itself.

It is all that a school needs to redo the coordinator's step. Layout: an Envelope-free container of sections, so
that its digest can stand in the next round's plan, which the coordinator signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from common.canonical import canonical_json, parse_canonical_json, sha256_hex
from common.errors import Corrupt, ErrorCode
from common.plan import RoundPlan
from common.sections import join_sections, split_sections

State = Literal["opened", "aborted"]
_PARTS = {"plan", "state", "survivors", "total"}


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """state: "aborted" rounds have no survivors and no total; they cost privacy and moved nothing.

    survivors: (school, `vector_digest` of what it sent, hexadecimal), sorted. total: the sum of their vectors,
    without masks, modulo 2^modulus_bits: residues, little-endian, modulus_bits / 8 bytes each.
    """

    plan: RoundPlan
    state: State
    survivors: tuple[tuple[str, str], ...] = ()
    total: bytes = field(default=b"", repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes: the next plan's `outcome_digest`."""
        return sha256_hex(self.to_bytes())

    @property
    def schools(self) -> list[str]:
        """Names of the schools in the sum, sorted."""
        return [school for school, _ in self.survivors]

    def to_bytes(self) -> bytes:
        """One spelling."""
        survivors = canonical_json([list(pair) for pair in self.survivors])
        parts = {"plan": self.plan.to_bytes(), "state": self.state.encode(), "survivors": survivors}
        return join_sections(parts | {"total": self.total})

    @staticmethod
    def from_bytes(data: bytes) -> "OpenedRound":
        """Corrupt unless `data` is exactly one opened round."""
        parts = split_sections(data)
        if set(parts) != _PARTS or parts["state"] not in {b"opened", b"aborted"}:
            raise _malformed()
        state: State = "opened" if parts["state"] == b"opened" else "aborted"
        survivors = _survivors(parse_canonical_json(parts["survivors"]))
        opened = OpenedRound(RoundPlan.from_bytes(parts["plan"]), state, survivors, parts["total"])
        if state == "aborted" and (survivors or opened.total):
            raise _malformed()
        return opened


def vectors_digest(survivors: Sequence[tuple[str, str]]) -> str:
    """Names a list of survivors: what the public log holds of a round before its sum is opened."""
    return sha256_hex(canonical_json([list(pair) for pair in survivors]))


def _survivors(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise _malformed()
    pairs = []
    for pair in value:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair)):
            raise _malformed()
        pairs.append((pair[0], pair[1]))
    if [school for school, _ in pairs] != sorted({school for school, _ in pairs}):
        raise _malformed()
    return tuple(pairs)


def _malformed() -> Corrupt:
    return Corrupt(ErrorCode.BAD_MESSAGE, "The record of an opened round is malformed.")
