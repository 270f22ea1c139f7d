"""Two masked rounds of real schools in memory: what each side receives in the second, ready to be measured.

The first round has few coordinates and everybody in it; it is there so that the second comes with evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.privacy.noise import KEY_BYTES, rounded_gaussian
from common.privacy.randomness import SystemRandomness
from common.privacy.secagg import holder, relay
from common.privacy.secagg.commitments import sha256
from common.privacy.secagg.messages import (
    Deal,
    Evidence,
    Masked,
    Survivors,
    Unmask,
    pack_deals,
    unpack_deals,
)
from common.privacy.secagg.state import HolderState
from common.privacy.secagg.terms import Attempt, SecaggTerms, default_terms
from common.signing import Identity, new_identity

BITS, SHARE_STD_UNITS, FEW = 24, 16.0, 16
Table = dict[tuple[int, int], Deal]


@dataclass(frozen=True, slots=True)
class Received:
    """What one school has and gets in a round, as bytes. sum_units: its clipped sum, not rounded."""

    state: bytes
    deals: bytes
    evidence: bytes
    sum_units: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Terms and keys. states: of the schools, at rest, as bytes."""

    terms: SecaggTerms
    identities: tuple[Identity, ...]
    coordinator: Identity
    states: list[bytes]
    deals: dict[int, Table]


@dataclass(frozen=True, slots=True)
class MaskedRound:
    """A round at the coordinator once all have answered.

    received, waiting: what the timed schools had before they masked, and their records before they unmasked.
    """

    campaign: Campaign
    attempt: Attempt
    masked: dict[int, Masked]
    survivors: Survivors
    unmasks: dict[int, Unmask]
    received: dict[int, Received]
    waiting: dict[int, bytes]

    @property
    def deals(self) -> Table:
        """The round's deals by dealer and holder."""
        return self.campaign.deals[self.attempt.number]

    @property
    def streams(self) -> int:
        """How many mask streams the coordinator takes away: self masks, and pairs of a survivor and a dropped."""
        dropped = len(self.attempt.cohort) - len(self.masked)
        return len(self.masked) * (1 + dropped)


@dataclass(frozen=True, slots=True)
class Setting:
    """A round to play. silent: never mask; late: mask and never unmask. evidence: of the round before."""

    number: int
    dimensions: int
    silent: Sequence[int] = ()
    late: Sequence[int] = ()
    evidence: bytes = b""


def set_up(members: int) -> Campaign:
    """A campaign of `members` schools after its two set-up trips, with the planner's defaults."""
    corrupt, threshold, max_dropped = default_terms(members)
    identities, coordinator = tuple(new_identity() for _ in range(members)), new_identity()
    keys = tuple(identity.public_key for identity in identities)
    camp = sha256(coordinator.public_key.encode())
    terms = SecaggTerms(camp, keys, coordinator.public_key, corrupt, threshold, members, max_dropped)
    randomness = SystemRandomness()
    started = [holder.start(terms, member, randomness) for member in range(members)]
    joins = [holder.join(state, terms, identities[state.member]) for state in started]
    campaign = Campaign(terms, identities, coordinator, [], {})
    for state in started:
        after, deals = holder.freeze_and_deal(
            state, terms, joins, identity=identities[state.member], randomness=randomness
        )
        relay.admit_deals(terms, state.member, deals)
        campaign.states.append(after.to_bytes())
        _take(campaign, deals)
    return campaign


def mask_school(campaign: Campaign, attempt: Attempt, member: int, *, received: Received) -> tuple[bytes, Masked]:
    """Trip 1 at a school, from the bytes that arrive to the bytes that are stored and sent."""
    state = HolderState.from_bytes(received.state)
    evidence = Evidence.from_bytes(received.evidence) if received.evidence else None
    deals = unpack_deals(received.deals)
    opened = holder.check_round(state, campaign.terms, attempt, deals=deals, evidence=evidence)
    key = SystemRandomness().draw("noise", KEY_BYTES)
    values = rounded_gaussian(received.sum_units, SHARE_STD_UNITS, key)
    after, masked = holder.mask(state, opened, values, identity=campaign.identities[member])
    return after.to_bytes(), masked


def unmask_school(
    campaign: Campaign, member: int, state: bytes, *, survivors: bytes
) -> tuple[bytes, Unmask, tuple[Deal, ...]]:
    """Trip 2 at a school, new deals included."""
    after, unmask, deals = holder.unmask(
        HolderState.from_bytes(state),
        campaign.terms,
        Survivors.from_bytes(survivors),
        needed=2,
        identity=campaign.identities[member],
        randomness=SystemRandomness(),
    )
    return after.to_bytes(), unmask, deals


def second_round(campaign: Campaign, dimensions: int, *, timed: int) -> MaskedRound:
    """The round that is measured. A tenth of the schools is silent in each trip; `timed` others are kept."""
    everybody = range(campaign.terms.members)
    first = _round(campaign, Setting(1, FEW), timed=0)
    evidence = relay.evidence_of(first.unmasks).to_bytes()
    tenth = campaign.terms.members // 10
    silent, late = everybody[:tenth], everybody[tenth : 2 * tenth]
    return _round(campaign, Setting(2, dimensions, silent, late, evidence), timed=timed)


def _round(campaign: Campaign, setting: Setting, *, timed: int) -> MaskedRound:
    cohort = tuple(range(campaign.terms.members))
    ctx = sha256(b"round %d" % setting.number)
    attempt = Attempt(setting.number, ctx, cohort, setting.dimensions, BITS)
    masked: dict[int, Masked] = {}
    received: dict[int, Received] = {}
    for member in cohort:
        if member in setting.silent:
            continue
        given = _received(campaign, attempt, member, evidence=setting.evidence)
        campaign.states[member], masked[member] = mask_school(campaign, attempt, member, received=given)
        received[member] = given
    survivors = relay.make_survivors(campaign.terms, attempt, masked, identity=campaign.coordinator)
    waiting, unmasks = dict(enumerate(campaign.states)), {}
    for member in sorted(set(masked) - set(setting.late)):
        state = campaign.states[member]
        campaign.states[member], unmasks[member], deals = unmask_school(
            campaign, member, state, survivors=survivors.to_bytes()
        )
        _take(campaign, deals)
    kept = {member: received[member] for member in sorted(unmasks)[:timed]}
    return MaskedRound(campaign, attempt, masked, survivors, unmasks, kept, waiting)


def _received(campaign: Campaign, attempt: Attempt, member: int, *, evidence: bytes) -> Received:
    table = campaign.deals[attempt.number]
    deals = pack_deals([table[dealer, member] for dealer in attempt.cohort])
    sum_units = np.random.default_rng(member).normal(0, 30, attempt.dimensions)
    return Received(campaign.states[member], deals, evidence, sum_units)


def _take(campaign: Campaign, deals: Sequence[Deal]) -> None:
    for deal in deals:
        campaign.deals.setdefault(deal.number, {})[deal.dealer, deal.holder] = deal
