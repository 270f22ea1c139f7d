"""Rules about epsilon: P1 the year's and the lifetime's caps, P2 one round's cost and the printed figures.

Every figure is computed here, by the school's own accountant, from the plan's terms and the school's ledger.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from client.federation.masking_rules import relied_on
from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.permission import Permission
from common.plan import CampaignPlan
from common.privacy.ledger_costs import Caps, Cost, costs_after, price_of
from common.privacy.ledger_rows import Entry
from common.privacy.terms import Event
from common.refusals import Refusal, RefusalCode

YEAR = timedelta(days=365)
# The same accountant on another machine agrees to far more digits; a plan that was edited doesn't.
FIGURES_AGREE_WITHIN = 1e-3


def check_campaign_figures(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P2: all epsilons that the campaign prints are the ones that this school computes."""
    events = campaign.events(campaign.total_rounds)
    figures = [
        (campaign.epsilon, events),
        (campaign.epsilon_alone, [event.alone(campaign.privacy.honest_schools) for event in events]),
    ]
    if campaign.foundation is not None:
        figures += [
            (campaign.foundation.epsilon, campaign.events_with_foundation()),
            (campaign.foundation.epsilon_alone, campaign.events_alone_with_foundation()),
        ]
    delta = campaign.privacy.delta
    refusals = (_agree(printed, these, delta=delta, state=state) for printed, these in figures)
    return next((refusal for refusal in refusals if refusal is not None), None)


def check_round_figure(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P2: so is the epsilon that the round prints."""
    campaign, plan = request.campaign, request.plan
    return _agree(plan.epsilon_after, campaign.events(plan.round), delta=campaign.privacy.delta, state=state)


def check_round_cost(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P2: this round alone stays within the per-round cap, even if every other school colludes."""
    terms = request.campaign.mechanism(request.plan.kind)
    price = price_of(terms, relied_on(request.campaign, policy))
    cost = state.epsilon_of([price.event_alone], terms.delta)
    if cost <= policy.epsilon_round:
        return None
    return Refusal(
        RefusalCode.BUDGET_ROUND,
        f"This round alone would cost epsilon {cost:.3f} if every other school colluded; this school allows "
        f"{policy.epsilon_round:g} a round.",
    )


def permit_payers(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | Permission:
    """P1: the cohorts that stay within the year's and the lifetime's caps after this round; the others sit out.

    A refusal if those that can pay have fewer students together than the school's minimum. Whether one student
    is there never decides what leaves, unless at that minimum (docs/decisions/0011).
    """
    own, terms = relied_on(request.campaign, policy), request.campaign.mechanism(request.plan.kind)
    price, cohorts = price_of(terms, own), state.cohorts
    lifetime = costs_after(state.charges, cohorts, price, epsilon_of=state.epsilon_of)
    this_year = charges_since(state.charges, state.now - YEAR)
    year = costs_after(this_year, cohorts, price, epsilon_of=state.epsilon_of)
    over_lifetime, over_year = _over(lifetime, lifetime_caps(policy)), _over(year, year_caps(policy))
    payers = frozenset(cohorts) - over_lifetime.keys() - over_year.keys()
    least = policy.minimum_consenting_students
    if _students(payers, cohorts) >= least:
        return Permission(payers, own)
    if _students(frozenset(cohorts) - over_lifetime.keys(), cohorts) >= least:
        return _refusal(RefusalCode.BUDGET_YEAR, "of the last 365 days", over_year)
    return _refusal(RefusalCode.BUDGET_LIFETIME, "of all training so far", over_lifetime)


def year_caps(policy: PolicySettings) -> Caps:
    """What a cohort may cost within 365 days."""
    return Caps(policy.epsilon_year, policy.epsilon_alone_year)


def lifetime_caps(policy: PolicySettings) -> Caps:
    """What a cohort may cost for as long as its students are at the school."""
    return Caps(policy.epsilon_lifetime, policy.epsilon_alone_lifetime)


def charges_since(charges: Sequence[Entry], start: datetime) -> tuple[Entry, ...]:
    """The charges made after `start`."""
    return tuple(row for row in charges if datetime.fromisoformat(row.at) > start)


def _agree(printed: float, events: Sequence[Event], *, delta: float, state: SchoolState) -> Refusal | None:
    own = state.epsilon_of(events, delta)
    if math.isclose(printed, own, rel_tol=FIGURES_AGREE_WITHIN):
        return None
    return Refusal(
        RefusalCode.FIGURES_DIFFER,
        f"The plan prints epsilon {printed:.3f} where this school computes {own:.3f}.",
    )


def _over(costs: Mapping[str, Cost], caps: Caps) -> dict[str, str]:
    """What exceeds its cap, in words, by cohort; a figure that isn't a number exceeds every cap."""
    return {cohort: _excess(cost, caps) for cohort, cost in costs.items() if not caps.allow(cost)}


def _excess(cost: Cost, caps: Caps) -> str:
    kinds = (
        (cost.epsilon, caps.epsilon, ""),
        (cost.epsilon_alone, caps.epsilon_alone, " if every other school colluded"),
    )
    return " and ".join(
        f"{figure:.3f}{kind} (this school allows {cap:g})" for figure, cap, kind in kinds if not figure <= cap
    )


def _students(cohorts: frozenset[str], consenting: Mapping[str, int]) -> int:
    return sum(consenting[cohort] for cohort in cohorts)


def _refusal(code: RefusalCode, what: str, over: Mapping[str, str]) -> Refusal:
    faults = "; ".join(f"students of {cohort}: {excess}" for cohort, excess in sorted(over.items()))
    return Refusal(
        code, f"After this round the epsilon {what} would be too large for too many students: {faults}."
    )
