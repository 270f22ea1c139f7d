"""Rules about epsilon: P1 the year's and the lifetime's caps, P2 one round's cost and the printed figures.

Every figure is computed here, by the school's own accountant, from the plan's terms and the school's ledger.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from client.federation.school_state import Accountant, SchoolState
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.privacy.ledger_rows import Entry
from common.privacy.terms import Event, MechanismTerms
from common.refusals import Refusal, RefusalCode

YEAR = timedelta(days=365)
# The same accountant on another machine agrees to far more digits; a plan that was edited doesn't.
FIGURES_AGREE_WITHIN = 1e-3


def check_round_cost(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P2: this round alone stays within the per-round cap, even if every other school colludes."""
    terms = request.campaign.privacy.mechanism
    cost = state.epsilon_of([terms.event_alone()], terms.delta)
    if cost <= policy.epsilon_round:
        return None
    return Refusal(
        RefusalCode.BUDGET_ROUND,
        f"This round alone would cost epsilon {cost:.3f}; this school allows {policy.epsilon_round:g} a round.",
    )


def check_figures(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P2: the epsilons that the plan prints are the ones that this school computes."""
    campaign, terms = request.campaign, request.campaign.privacy.mechanism
    printed_and_own = (
        (campaign.epsilon, [terms.event(campaign.rounds)]),
        (campaign.epsilon_alone, [terms.event_alone(campaign.rounds)]),
        (request.plan.epsilon_after, [terms.event(request.plan.round)]),
    )
    for printed, events in printed_and_own:
        own = state.epsilon_of(events, terms.delta)
        if not math.isclose(printed, own, rel_tol=FIGURES_AGREE_WITHIN):
            return Refusal(
                RefusalCode.FIGURES_DIFFER,
                f"The plan prints epsilon {printed:.3f} where this school computes {own:.3f}.",
            )
    return None


def check_budget(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P1: after this round both epsilons stay within the year's and the lifetime's caps."""
    terms = request.campaign.privacy.mechanism
    this_year = charges_since(state.charges, state.now - YEAR)
    year = _over(
        _costs(state.epsilon_of, this_year, terms),
        (policy.epsilon_year, policy.epsilon_alone_year),
    )
    if year:
        return Refusal(RefusalCode.BUDGET_YEAR, f"After this round the last 365 days would cost {year}.")
    lifetime = _over(
        _costs(state.epsilon_of, state.charges, terms),
        (policy.epsilon_lifetime, policy.epsilon_alone_lifetime),
    )
    if lifetime:
        return Refusal(RefusalCode.BUDGET_LIFETIME, f"After this round all training so far would cost {lifetime}.")
    return None


def charges_since(charges: Sequence[Entry], start: datetime) -> tuple[Entry, ...]:
    """The charges made after `start`."""
    return tuple(row for row in charges if datetime.fromisoformat(row.at) > start)


def _costs(epsilon_of: Accountant, charges: Sequence[Entry], terms: MechanismTerms) -> tuple[float, float]:
    """(epsilon, epsilon_alone) of these charges and one more round, at the smallest delta among them."""
    delta = min([terms.delta, *(row.delta for row in charges)])
    together: list[Event] = [*(row.event for row in charges), terms.event()]
    alone: list[Event] = [*(row.event_alone for row in charges), terms.event_alone()]
    epsilon = epsilon_of(together, delta)
    return epsilon, epsilon if alone == together else epsilon_of(alone, delta)


def _over(costs: tuple[float, float], caps: tuple[float, float]) -> str:
    """What exceeds its cap, in words; empty if nothing does. A figure that isn't a number exceeds every cap."""
    kinds = ("", " if every other school colluded")
    faults = [
        f"epsilon {cost:.3f}{kind} (this school allows {cap:g})"
        for cost, cap, kind in zip(costs, caps, kinds, strict=True)
        if not cost <= cap
    ]
    return " and ".join(faults)
