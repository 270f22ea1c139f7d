"""Accounting: known figures, an independent accountant, and the laws that epsilon has to obey."""

import logging
import math

import dp_accounting
import pytest
from absl import logging as absl_logging
from dp_accounting.pld import PLDAccountant
from dp_accounting.rdp import RdpAccountant
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from common.errors import FixSettings
from common.privacy.accounting import SMALLEST_NOISE_MULTIPLIER, epsilon_of, noise_multiplier_for
from common.privacy.terms import Event
from tests.support.privacy import mechanism_terms

DELTA = 1e-5
MULTIPLIER = st.floats(0.4, 8.0)
RATE = st.floats(0.05, 1.0)


def dp_event(event: Event) -> dp_accounting.DpEvent:
    """The same event in dp_accounting's own words."""
    gaussian = dp_accounting.GaussianDpEvent(event.noise_multiplier)
    sampled = dp_accounting.PoissonSampledDpEvent(event.sampling_rate, gaussian)
    return dp_accounting.SelfComposedDpEvent(sampled, event.count)


@pytest.mark.parametrize(("noise_multiplier", "epsilon"), [(3.306, 2.999), (1.5715, 8.000)])
def test_the_two_plans_of_the_documents(noise_multiplier: float, epsilon: float) -> None:
    """80 rounds at rate 0.25 and delta 1e-5, to three decimals."""
    assert epsilon_of([Event(noise_multiplier, 0.25, 80)], DELTA) == pytest.approx(epsilon, abs=5e-4)


def test_a_gaussian_without_sampling_has_its_closed_form() -> None:
    """Balle and Wang 2018: delta = Phi(1/(2s) - e s) - exp(e) Phi(-1/(2s) - e s), s = sigma / sqrt(rounds)."""
    epsilon = epsilon_of([Event(4.0, 1.0, 4)], DELTA)
    sigma = 4.0 / math.sqrt(4)
    delta = ndtr(0.5 / sigma - epsilon * sigma) - math.exp(epsilon) * ndtr(-0.5 / sigma - epsilon * sigma)
    assert delta <= DELTA
    assert delta == pytest.approx(DELTA, rel=2e-3)


@pytest.mark.parametrize(
    "events",
    [[Event(3.306, 0.25, 80)], [Event(1.0, 0.1, 30), Event(2.0, 0.5, 10)], [Event(0.6, 0.05, 20)]],
    ids=["plan", "mixed", "little noise"],
)
def test_the_figure_is_at_least_a_fine_grids_and_at_most_renyis(events: list[Event]) -> None:
    """dp_accounting's PLD accountant on a grid 10 times finer, and its Renyi accountant."""
    fine, renyi = PLDAccountant(value_discretization_interval=1e-4), RdpAccountant()
    for event in events:
        fine.compose(dp_event(event))
        renyi.compose(dp_event(event))
    epsilon = epsilon_of(events, DELTA)
    assert fine.get_epsilon(DELTA) <= epsilon <= fine.get_epsilon(DELTA) * 1.0005 + 1e-3
    assert epsilon < renyi.get_epsilon(DELTA)


@settings(max_examples=15, deadline=None)
@given(MULTIPLIER, RATE, st.integers(1, 60))
def test_more_noise_never_costs_more(noise_multiplier: float, rate: float, count: int) -> None:
    """And more rounds, or a larger sample, never cost less."""
    epsilon = epsilon_of([Event(noise_multiplier, rate, count)], DELTA)
    slack = 1e-9
    assert epsilon_of([Event(noise_multiplier * 1.1, rate, count)], DELTA) <= epsilon + slack
    assert epsilon_of([Event(noise_multiplier, rate, count + 1)], DELTA) >= epsilon - slack
    assert epsilon_of([Event(noise_multiplier, min(1.0, rate * 1.1), count)], DELTA) >= epsilon - slack
    assert epsilon_of([Event(noise_multiplier, rate, count)], DELTA / 10) >= epsilon - slack


@settings(max_examples=10, deadline=None)
@given(MULTIPLIER, RATE, st.integers(1, 20), st.integers(1, 20))
def test_splitting_events_changes_nothing(noise_multiplier: float, rate: float, one: int, other: int) -> None:
    """A ledger's single charges cost what the campaign's one event costs."""
    together = epsilon_of([Event(noise_multiplier, rate, one + other)], DELTA)
    apart = [Event(noise_multiplier, rate, one), Event(noise_multiplier, rate, other)]
    assert epsilon_of(apart, DELTA) == together


@settings(max_examples=10, deadline=None)
@given(MULTIPLIER, RATE)
def test_composition_costs_more_than_each_and_at_most_the_sum(noise_multiplier: float, rate: float) -> None:
    """The sum is at twice the delta, by basic composition."""
    one, other = Event(noise_multiplier, rate, 5), Event(noise_multiplier * 1.3, rate, 7)
    both = epsilon_of([one, other], 2 * DELTA)
    assert both >= epsilon_of([one], 2 * DELTA) - 1e-9
    assert both <= epsilon_of([one], DELTA) + epsilon_of([other], DELTA) + 1e-3


def test_alone_costs_what_one_share_protects() -> None:
    """Published figures for a plan of 3.0 with 20 schools: 18.9 at h = 13, 3.0 at h = 1."""
    for honest, epsilon in ((13, 18.9), (2, 4.6), (1, 3.0)):
        terms = mechanism_terms(noise_multiplier=3.306, honest_schools=honest)
        assert epsilon_of([terms.event_alone(80)], DELTA) == pytest.approx(epsilon, abs=0.05)


def test_nothing_costs_nothing_and_no_noise_costs_everything() -> None:
    """Far too little noise isn't computed but reported as infinite."""
    assert epsilon_of([], DELTA) == 0.0
    assert epsilon_of([Event(SMALLEST_NOISE_MULTIPLIER / 2, 0.25)], DELTA) == math.inf
    assert 100 < epsilon_of([Event(SMALLEST_NOISE_MULTIPLIER, 0.25)], DELTA) < math.inf


@pytest.mark.parametrize(("epsilon", "noise_multiplier"), [(3.0, 3.306), (8.0, 1.5715)])
def test_the_planner_finds_the_least_noise(epsilon: float, noise_multiplier: float) -> None:
    """The multiplier keeps the promise, and one step less doesn't."""
    found = noise_multiplier_for(epsilon, DELTA, sampling_rate=0.25, rounds=80)
    assert found == pytest.approx(noise_multiplier, abs=2e-3)
    assert epsilon_of([Event(found, 0.25, 80)], DELTA) <= epsilon
    assert epsilon_of([Event(found - 1e-4, 0.25, 80)], DELTA) > epsilon


def test_no_warning_hides_a_truncation(caplog: pytest.LogCaptureFixture) -> None:
    """dp_accounting logs where it cuts corners; here it has nothing to say (Python warnings are errors anyway)."""
    with caplog.at_level(logging.DEBUG, logger="absl"):
        epsilon_of([Event(0.061, 0.2501, 200), Event(70.0, 1.0, 900)], 1e-9)
        assert caplog.records == []
        # What such a message looks like: Renyi orders dropped at little noise.
        absl_logging.warning("orders were dropped")
        assert len(caplog.records) == 1


@pytest.mark.parametrize("delta", [0.0, 1.0, -1.0, math.nan])
def test_a_delta_that_promises_nothing_is_refused(delta: float) -> None:
    """Zero can't be reached by a Gaussian; one is no promise."""
    with pytest.raises(FixSettings, match="delta"):
        epsilon_of([Event(1.0, 0.5)], delta)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.inf, math.nan, 1e-6])
def test_an_epsilon_that_cant_be_planned_is_refused(epsilon: float) -> None:
    """Zero, negative, infinite, or smaller than any reasonable noise gives."""
    with pytest.raises(FixSettings, match="epsilon"):
        noise_multiplier_for(epsilon, DELTA, sampling_rate=0.25, rounds=80)


def test_the_planner_leaves_room_for_other_events() -> None:
    """A measuring round beside the training takes a little more noise in training, and the whole stays within."""
    measuring = Event(9.0, 1.0)
    alone = noise_multiplier_for(3.0, DELTA, sampling_rate=0.25, rounds=80)
    beside = noise_multiplier_for(3.0, DELTA, sampling_rate=0.25, rounds=80, others=[measuring])
    assert beside > alone
    assert epsilon_of([Event(beside, 0.25, 80), measuring], DELTA) <= 3.0
    assert epsilon_of([Event(beside - 1e-4, 0.25, 80), measuring], DELTA) > 3.0
