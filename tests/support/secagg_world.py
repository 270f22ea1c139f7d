"""Members and a coordinator of the masking protocol in memory, without plans, students or a network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from common.privacy.secagg import holder, relay
from common.privacy.secagg.commitments import sha256
from common.privacy.secagg.messages import Deal, Evidence, Masked, Survivors, Unmask
from common.privacy.secagg.state import HolderState
from common.privacy.secagg.terms import Attempt, SecaggTerms, default_terms
from common.signing import Identity, new_identity
from tests.support.seeded import SeededRandomness

DIMENSIONS, BITS = 40, 24
Hook = Callable[[str, int], None]


def no_hook(place: str, member: int) -> None:
    """Nothing happens at any place."""


@dataclass(slots=True)
class SecaggWorld:
    """A campaign of `members` schools. states: as on each school's disk. deals: by round, dealer and holder.

    evidence: by opened round. values: each member's integers by round, known to the tests only.
    """

    terms: SecaggTerms
    identities: tuple[Identity, ...]
    coordinator: Identity
    states: list[HolderState]
    deals: dict[int, dict[tuple[int, int], Deal]] = field(default_factory=dict)
    evidence: dict[int, Evidence] = field(default_factory=dict)
    values: dict[tuple[int, int], NDArray[np.int64]] = field(default_factory=dict)
    dimensions: int = DIMENSIONS

    @property
    def everybody(self) -> tuple[int, ...]:
        """All positions."""
        return tuple(range(self.terms.members))

    def randomness(self, member: int) -> SeededRandomness:
        """Of one member."""
        return SeededRandomness(f"member {member}")

    def take_deals(self, deals: Sequence[Deal]) -> None:
        """At the coordinator."""
        for deal in deals:
            self.deals.setdefault(deal.number, {})[deal.dealer, deal.holder] = deal

    def attempt(self, number: int, *, cohort: Sequence[int] | None = None, plan: str = "plan") -> Attempt:
        """A round; another `plan` gives another ctx."""
        ctx = sha256(f"{plan} {number}".encode())
        return Attempt(number, ctx, tuple(self.everybody if cohort is None else cohort), self.dimensions, BITS)

    def deals_for(self, attempt: Attempt, member: int) -> list[Deal]:
        """What the coordinator sends a member with the round."""
        return [self.deals[attempt.number][dealer, member] for dealer in attempt.cohort]

    def value(self, member: int, number: int) -> NDArray[np.int64]:
        """The integers that a member adds in a round."""
        rng = np.random.default_rng([member, number])
        return self.values.setdefault((member, number), rng.integers(-9000, 9000, self.dimensions))

    def mask(self, attempt: Attempt, member: int, *, deals: Sequence[Deal] | None = None) -> Masked:
        """Trip 1 at one member, its state replaced."""
        chosen = self.deals_for(attempt, member) if deals is None else deals
        state = self.states[member]
        evidence = self.evidence.get(state.last)  # of the round that this very member answered last
        opened = holder.check_round(state, self.terms, attempt, deals=chosen, evidence=evidence)
        values = self.value(member, attempt.number)
        self.states[member], masked = holder.mask(state, opened, values, identity=self.identities[member])
        return masked

    def survivors(self, attempt: Attempt, masked: Mapping[int, Masked]) -> Survivors:
        """As the honest coordinator names them."""
        return relay.make_survivors(self.terms, attempt, masked, identity=self.coordinator)

    def unmask(self, survivors: Survivors, member: int, *, needed: int = 2) -> tuple[Unmask, tuple[Deal, ...]]:
        """Trip 2 at one member, its state replaced."""
        self.states[member], reply, deals = holder.unmask(
            self.states[member],
            self.terms,
            survivors,
            needed=needed,
            identity=self.identities[member],
            randomness=self.randomness(member),
        )
        return reply, deals

    def refill(self, member: int, upto: int) -> None:
        """Deals of one member up to a round."""
        self.states[member], deals = holder.refill(
            self.states[member],
            self.terms,
            upto,
            identity=self.identities[member],
            randomness=self.randomness(member),
        )
        self.take_deals(deals)

    def open(self, attempt: Attempt, masked: Mapping[int, Masked], unmasks: Mapping[int, Unmask]) -> relay.Opened:
        """The coordinator's end of a round."""
        opened = relay.open_attempt(
            self.terms, attempt, masked=masked, unmasks=unmasks, deals=self.deals[attempt.number]
        )
        self.evidence[attempt.number] = opened.evidence
        return opened

    def run_round(
        self, number: int, *, silent: Sequence[int] = (), late: Sequence[int] = ()
    ) -> tuple[Attempt, dict[int, Masked], relay.Opened]:
        """A round in which `silent` never mask and `late` never unmask."""
        attempt = self.attempt(number)
        masked = {m: self.mask(attempt, m) for m in attempt.cohort if m not in silent}
        survivors = self.survivors(attempt, masked)
        unmasks = {}
        for member in masked:
            if member not in late:
                unmasks[member], deals = self.unmask(survivors, member)
                self.take_deals(deals)
        opened = self.open(attempt, masked, unmasks)
        for member in set(attempt.cohort) - set(unmasks):
            self.refill(member, number + holder.DEALS_AHEAD)
        return attempt, masked, opened

    def plain_sum(self, number: int, members: Sequence[int]) -> NDArray[np.int64]:
        """What a round has to open to."""
        total = np.zeros(self.dimensions, np.int64)
        for member in members:
            total += self.value(member, number)
        return total


def secagg_world(
    members: int, *, dimensions: int = DIMENSIONS, identities: Sequence[Identity] | None = None, **changes: int
) -> SecaggWorld:
    """A campaign after its set-up trips, with the planner's defaults unless changed."""
    corrupt, threshold, max_dropped = default_terms(members)
    keys = tuple(identities or (new_identity() for _ in range(members + 1)))
    terms = SecaggTerms(
        camp=sha256(b"campaign"),
        keys=tuple(identity.public_key for identity in keys[:members]),
        coordinator_key=keys[members].public_key,
        corrupt=corrupt,
        threshold=threshold,
        minimum_cohort=members,
        max_dropped=max_dropped,
    )
    terms = replace(terms, **changes)
    randomness = [SeededRandomness(f"member {member}") for member in range(members)]
    states = [holder.start(terms, member, randomness[member]) for member in range(members)]
    joins = [holder.join(states[m], terms, keys[m]) for m in range(members)]
    world = SecaggWorld(terms, keys[:members], keys[members], states, dimensions=dimensions)
    for member in range(members):
        world.states[member], deals = holder.freeze_and_deal(
            states[member], terms, joins, identity=keys[member], randomness=randomness[member]
        )
        relay.admit_deals(terms, member, deals)
        world.take_deals(deals)
    return world
