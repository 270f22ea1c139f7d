"""A masked campaign in memory for attacks: schools' states, and a coordinator that can lie, around the kernel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from common.privacy.fixed_point import centre
from common.privacy.randomness import SystemRandomness
from common.privacy.secagg import holder, relay
from common.privacy.secagg.commitments import sha256
from common.privacy.secagg.masks import masks_left, sum_and_unmask
from common.privacy.secagg.messages import Deal, Masked, Survivors, Unmask
from common.privacy.secagg.state import HolderState
from common.privacy.secagg.terms import Attempt, SecaggTerms, default_terms
from common.signing import Identity, new_identity

BITS = 32
_RANDOMNESS = SystemRandomness()


@dataclass(slots=True)
class MaskedCampaign:
    """After the set-up trips. deals: by round, dealer and holder, as the coordinator has them."""

    terms: SecaggTerms
    identities: tuple[Identity, ...]
    coordinator: Identity
    dimensions: int
    states: list[HolderState] = field(repr=False)
    deals: dict[int, dict[tuple[int, int], Deal]] = field(default_factory=dict, repr=False)

    @property
    def everybody(self) -> tuple[int, ...]:
        """All positions."""
        return tuple(range(self.terms.members))

    def attempt(self, number: int, *, plan: str = "", cohort: Sequence[int] | None = None) -> Attempt:
        """A round; what the plan says is in its ctx."""
        members = self.everybody if cohort is None else tuple(cohort)
        return Attempt(number, sha256(f"{plan}/{number}".encode()), members, self.dimensions, BITS)

    def take(self, deals: Sequence[Deal]) -> None:
        """Deals on their way through the coordinator."""
        for deal in deals:
            self.deals.setdefault(deal.number, {})[deal.dealer, deal.holder] = deal

    def mask(
        self,
        attempt: Attempt,
        member: int,
        *,
        values: NDArray[np.int64] | None = None,
        deals: Sequence[Deal] | None = None,
    ) -> Masked:
        """Trip 1 at one school; its state goes on."""
        given = (
            [self.deals[attempt.number][dealer, member] for dealer in attempt.cohort] if deals is None else deals
        )
        state = self.states[member]
        opened = holder.check_round(state, self.terms, attempt, deals=given, evidence=None)
        chosen = np.zeros(self.dimensions, np.int64) if values is None else values
        self.states[member], masked = holder.mask(state, opened, chosen, identity=self.identities[member])
        return masked

    def survivors(self, attempt: Attempt, masked: Mapping[int, Masked]) -> Survivors:
        """The honest list."""
        return relay.make_survivors(self.terms, attempt, masked, identity=self.coordinator)

    def other_survivors(self, survivors: Survivors, entries: tuple[tuple[int, bytes], ...]) -> Survivors:
        """Another list for the same round, signed by the coordinator all the same."""
        unsigned = replace(survivors, entries=entries)
        return replace(unsigned, signature=self.coordinator.sign("secagg", unsigned.signed))

    def unmask(self, survivors: Survivors, member: int, *, needed: int = 2) -> Unmask:
        """Trip 2 at one school; its state goes on."""
        self.states[member], reply, deals = holder.unmask(
            self.states[member],
            self.terms,
            survivors,
            needed=needed,
            identity=self.identities[member],
            randomness=_RANDOMNESS,
        )
        self.take(deals)
        return reply

    def forced_sum(self, attempts: Sequence[Attempt], values: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        """What adds up when each school masks under its own plan and all self masks are known to the adversary."""
        seeds = [state.secrets[0].seed for state in self.states]
        public = {m: self.deals[1][m, m].key for m in self.everybody}
        vectors, masks = [], []
        for member, (attempt, value) in enumerate(zip(attempts, values, strict=True)):
            vectors.append(self.mask(attempt, member, values=value).y)
            masks += masks_left(attempt.ctx, {member: seeds[member]}, {}, public=public)
        return centre(sum_and_unmask(vectors, masks, count=self.dimensions, bits=BITS), BITS)


def masked_campaign(members: int, *, dimensions: int = 16) -> MaskedCampaign:
    """Schools with fresh keys, the planner's default terms, and deals for the first two rounds."""
    corrupt, threshold, max_dropped = default_terms(members)
    identities, coordinator = tuple(new_identity() for _ in range(members)), new_identity()
    terms = SecaggTerms(
        camp=sha256(b"attacked campaign"),
        keys=tuple(identity.public_key for identity in identities),
        coordinator_key=coordinator.public_key,
        corrupt=corrupt,
        threshold=threshold,
        minimum_cohort=members,
        max_dropped=max_dropped,
    )
    states = [holder.start(terms, member, _RANDOMNESS) for member in range(members)]
    joins = [holder.join(state, terms, who) for state, who in zip(states, identities, strict=True)]
    campaign = MaskedCampaign(terms, identities, coordinator, dimensions, states)
    for member in range(members):
        campaign.states[member], deals = holder.freeze_and_deal(
            states[member], terms, joins, identity=identities[member], randomness=_RANDOMNESS
        )
        campaign.take(deals)
    return campaign
