"""Costs: composed over each cohort's own charges, and the larger figure where cohorts pay together."""

import math
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import FixSettings
from common.privacy.accounting import epsilon_of
from common.privacy.ledger_costs import (
    EVERYBODY,
    Caps,
    Cost,
    Price,
    cohorts_of,
    cost_of,
    costs_after,
    costs_by_cohort,
    largest,
    price_of,
)
from common.privacy.ledger_rows import Entry
from common.privacy.terms import Event
from tests.support.privacy import count_rounds, mechanism_terms

COHORTS = ("2024/25", "2025/26", "2026/27")


def row(
    seq: int, *cohorts: str, kind: str = "charge", noise_multiplier: float = 1.5, delta: float = 1e-5
) -> Entry:
    """A row that these cohorts pay for, with two honest schools of which this school relies on one."""
    return Entry(
        seq=seq, at="2026-09-01T08:00:00+00:00", kind=kind, campaign="c", round=seq, ctx="x",
        noise_multiplier=noise_multiplier, sampling_rate=0.25, honest_schools=2, delta=delta, epsilon_after=0.0,
        epsilon_alone_after=0.0, state="charged", previous="", own_honest_schools=1, round_kind="train",
        cohorts=cohorts,
    )  # fmt: skip


def test_only_charges_that_a_cohort_pays_for_count() -> None:
    """States are free, and so are other people's rounds."""
    rows = [row(1, "a"), row(2, "a", "b"), row(3, "a", "b", kind="state")]
    assert costs_by_cohort(rows, count_rounds) == {"a": Cost(2.0, 2.0), "b": Cost(1.0, 1.0)}
    assert costs_by_cohort([], count_rounds) == {}


def test_charges_from_before_cohorts_were_kept_count_for_each() -> None:
    """Also for one that came later: that is too much, never too little."""
    old, new = row(1), row(2, "2026/27")
    assert costs_by_cohort([old], count_rounds) == {EVERYBODY: Cost(1.0, 1.0)}
    assert costs_by_cohort([old, new], count_rounds) == {"2026/27": Cost(2.0, 2.0)}
    assert cohorts_of([old, new]) == ("2026/27",)


def test_figures_are_composed_at_the_smallest_delta() -> None:
    """The accountant's own word on all events, with this school's share for the figure alone."""
    charges = [row(1, "a", delta=1e-7), row(2, "a", noise_multiplier=2.0)]
    price = price_of(mechanism_terms(noise_multiplier=3.0, honest_schools=4), 2)
    assert price == Price(Event(3.0, 0.25), Event(3.0 / math.sqrt(2), 0.25), 1e-5)
    cost = cost_of(charges, price, epsilon_of=epsilon_of)
    assert cost.epsilon == epsilon_of([Event(1.5, 0.25), Event(2.0, 0.25), Event(3.0, 0.25)], 1e-7)
    alone = [Event(1.5, 0.25), Event(2.0, 0.25), Event(3.0 / math.sqrt(2), 0.25)]
    assert cost.epsilon_alone == epsilon_of(alone, 1e-7)


def test_a_price_relies_on_the_plans_schools_unless_the_school_says_less() -> None:
    """Relying on more would be less noise than the plan says."""
    terms = mechanism_terms(honest_schools=4)
    assert price_of(terms).event_alone == Event(0.75, 0.25)
    assert price_of(terms, 1).event_alone == Event(1.5, 0.25)
    with pytest.raises(FixSettings, match="own_honest_schools"):
        price_of(terms, 5)


def test_cohorts_with_one_past_are_computed_once() -> None:
    """A school with twelve years of students asks the accountant once for all who came before its first round."""
    asked: list[int] = []

    def counting(events: Iterable[Event], delta: float) -> float:
        asked.append(1)
        return count_rounds(events, delta)

    charges = [row(1, *COHORTS), row(2, "2026/27")]
    costs = costs_after(charges, COHORTS, price_of(mechanism_terms()), epsilon_of=counting)
    assert costs == {"2024/25": Cost(2.0, 2.0), "2025/26": Cost(2.0, 2.0), "2026/27": Cost(3.0, 3.0)}
    assert len(asked) == 2  # once for each past, since both figures rest on the same noise


@given(st.lists(st.sets(st.sampled_from(COHORTS), min_size=1)))
def test_a_cohort_never_costs_more_than_if_it_had_paid_for_everything(payers: list[set[str]]) -> None:
    """And exactly as many rounds as it was asked for."""
    charges = [row(seq, *sorted(cohorts)) for seq, cohorts in enumerate(payers, start=1)]
    for cohort, cost in costs_after(charges, COHORTS, epsilon_of=count_rounds).items():
        assert cost.epsilon == sum(cohort in cohorts for cohorts in payers)
        assert cost.epsilon <= len(charges)


def test_the_largest_of_each_figure_and_never_a_figure_that_isnt_one() -> None:
    """A figure that isn't a number stays one, and no cap allows it."""
    assert largest([Cost(1.0, 5.0), Cost(2.0, 3.0)]) == Cost(2.0, 5.0)
    assert largest([]) == Cost(0.0, 0.0)
    odd = largest([Cost(1.0, 1.0), Cost(math.nan, math.inf), Cost(2.0, 2.0)])
    assert math.isnan(odd.epsilon)
    assert odd.epsilon_alone == math.inf
    assert not Caps(1e6, 1e6).allow(odd)
