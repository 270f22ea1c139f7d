"""What the ledger's charges come to: per enrolment cohort, over all its charges, under two assumptions.

A cohort is the students who were added in one school year. A student's budget is the cohort's: a round is charged
to every cohort that could be drawn from, drawn or not, for as long as the students are at the school.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from common.errors import ErrorCode, FixSettings
from common.privacy.ledger_rows import Entry, charges_of
from common.privacy.terms import Event, MechanismTerms

Accountant = Callable[[Sequence[Event], float], float]
# Who pays for charges from before cohorts were kept, as long as no cohort is known.
EVERYBODY = "all students"


@dataclass(frozen=True, slots=True)
class Cost:
    """What was, or would be, spent: under the plan's assumption, and if every other school colludes."""

    epsilon: float
    epsilon_alone: float


@dataclass(frozen=True, slots=True)
class Caps:
    """A school's limits on both epsilons; finite, so that an infinite cost never passes."""

    epsilon: float
    epsilon_alone: float

    def __post_init__(self) -> None:
        for cap in (self.epsilon, self.epsilon_alone):
            if not 0 <= cap < math.inf:
                raise FixSettings(ErrorCode.BAD_PARAMETER, f"A privacy limit can't be {cap}.")

    def allow(self, cost: Cost) -> bool:
        """Whether both figures are within the limits; a figure that isn't a number never is."""
        return cost.epsilon <= self.epsilon and cost.epsilon_alone <= self.epsilon_alone


@dataclass(frozen=True, slots=True)
class Price:
    """What one more round would add to a cohort's charges."""

    event: Event
    event_alone: Event
    delta: float


def price_of(terms: MechanismTerms, own_honest_schools: int | None = None) -> Price:
    """own_honest_schools: the share is one part in so many of the variance; as the plan says if None.

    FixSettings if it would add less noise than the plan says.
    """
    own = terms.honest_schools if own_honest_schools is None else own_honest_schools
    terms.own_share_std_units(own)  # checks it
    return Price(terms.event(), terms.event().alone(own), terms.delta)


def cost_of(charges: Sequence[Entry], price: Price | None = None, *, epsilon_of: Accountant) -> Cost:
    """Both epsilons of these charges together with one more round, at the smallest delta among them."""
    more = [] if price is None else [price]
    together = [*(row.event for row in charges), *(one.event for one in more)]
    alone = [*(row.event_alone for row in charges), *(one.event_alone for one in more)]
    if not together:
        return Cost(0.0, 0.0)
    delta = min([*(row.delta for row in charges), *(one.delta for one in more)])
    epsilon = epsilon_of(together, delta)
    return Cost(epsilon, epsilon if alone == together else epsilon_of(alone, delta))


def costs_after(
    charges: Sequence[Entry], cohorts: Iterable[str], price: Price | None = None, *, epsilon_of: Accountant
) -> dict[str, Cost]:
    """What each cohort would have cost after one more round. Cohorts with the same past are computed once."""
    costs: dict[tuple[int, ...], Cost] = {}
    found = {}
    for cohort in sorted(cohorts):
        own = [row for row in charges if row.concerns(cohort)]
        past = tuple(row.seq for row in own)
        if past not in costs:
            costs[past] = cost_of(own, price, epsilon_of=epsilon_of)
        found[cohort] = costs[past]
    return found


def costs_by_cohort(rows: Iterable[Entry], epsilon_of: Accountant) -> dict[str, Cost]:
    """What every cohort that the ledger knows has cost so far."""
    charges = charges_of(rows)
    return costs_after(charges, cohorts_of(charges), epsilon_of=epsilon_of)


def cohorts_of(charges: Iterable[Entry]) -> tuple[str, ...]:
    """Every cohort that these charges name, sorted; EVERYBODY if there are charges but none names one."""
    charges = tuple(charges)
    named = {cohort for row in charges for cohort in row.cohorts}
    return tuple(sorted(named)) if named or not charges else (EVERYBODY,)


def largest(costs: Collection[Cost]) -> Cost:
    """The larger of each figure; a figure that isn't a number stays one. Nothing costs nothing."""
    return Cost(_largest(cost.epsilon for cost in costs), _largest(cost.epsilon_alone for cost in costs))


def _largest(figures: Iterable[float]) -> float:
    figures = list(figures)
    return next((figure for figure in figures if math.isnan(figure)), max(figures, default=0.0))
