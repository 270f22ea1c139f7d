"""A campaign's rounds as a coordinator would publish them, in memory; each can be spoiled on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from client.training.recomputed_model import Recomputed, begin, follow_round
from common.canonical import sha256_hex
from common.errors import ErrorCode, RetryLater
from common.federated_step import dimensions
from common.opened_round import OpenedRound
from common.plan import CampaignPlan, RoundPlan
from common.privacy.fixed_point import encode
from common.refusals import Refusal
from tests.support.plans import round_plan


@dataclass(slots=True)
class PublishedRounds:
    """A `Published` of one campaign. reachable: False for a dead line."""

    campaign: CampaignPlan
    first_model: bytes = field(repr=False)
    rounds: dict[int, bytes] = field(default_factory=dict, repr=False)
    transcripts: dict[int, bytes] = field(default_factory=dict, repr=False)
    reachable: bool = True
    asked: list[str] = field(default_factory=list)

    def known(self, upto: int | None = None) -> Recomputed:
        """What follows from the first `upto` published rounds, or from all of them."""
        known = begin(self.campaign, self.first_model)
        for number in range(1, (len(self.rounds) if upto is None else upto) + 1):
            assert isinstance(known, Recomputed)
            known = follow_round(known, OpenedRound.from_bytes(self.rounds[number]))
        assert isinstance(known, Recomputed), known
        return known

    def plan(self, **changes: Any) -> RoundPlan:
        """The next round's plan, unless changed."""
        known = self.known()
        number = known.round + 1
        follows = {
            "round": number,
            "kind": self.campaign.kind_of(number),
            "model_digest": sha256_hex(known.model),
            "previous_digest": known.plan,
            "outcome_digest": known.outcome,
        }
        return round_plan(self.campaign, **(follows | changes))

    def publish(self, opened: OpenedRound) -> OpenedRound:
        """Puts the next round on record."""
        self.rounds[opened.plan.round] = opened.to_bytes()
        return opened

    def opened(
        self, total: NDArray[np.int64] | None = None, *, vectors: Mapping[str, str] | None = None, **changes: Any
    ) -> OpenedRound:
        """The next round with this sum; `vectors` are the survivors' digests, everybody's unless given."""
        plan = self.plan(**changes)
        if total is None:
            rng = np.random.default_rng(plan.round)
            total = rng.integers(-60, 60, dimensions(self.campaign, plan.kind))
        bits = self.campaign.mechanism(plan.kind).modulus_bits
        survivors = {school: "e" * 64 for school in plan.cohort} if vectors is None else vectors
        return OpenedRound(plan, "opened", tuple(sorted(survivors.items())), encode(total, bits))

    def aborted(self) -> OpenedRound:
        """The next round without a sum."""
        return OpenedRound(self.plan(), "aborted")

    def start(self, campaign: str) -> bytes:
        """The start model."""
        return self._give("start", self.first_model)

    def opened_round(self, campaign: str, number: int) -> bytes:
        """One round's record."""
        return self._give(f"round {number}", self.rounds.get(number))

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """One round's transcript."""
        return self._give(f"transcript {number} {chunk}", self.transcripts.get(number))

    def _give(self, what: str, data: bytes | None) -> bytes:
        self.asked.append(what)
        if not self.reachable or data is None:
            raise RetryLater(ErrorCode.UNREACHABLE, "The coordinator doesn't answer.")
        return data


def flipped(data: bytes, at: int = -1) -> bytes:
    """The same bytes with one bit the other way round."""
    damaged = bytearray(data)
    damaged[at] ^= 1
    return bytes(damaged)


def with_total(opened: OpenedRound, total: bytes) -> OpenedRound:
    """The same round with another sum."""
    return replace(opened, total=total)


def sentence_of(outcome: object) -> str:
    """The refusal's sentence; fails if it is something else."""
    assert isinstance(outcome, Refusal), outcome
    return outcome.sentence
