"""Mechanism terms: derived values worked by hand, and every setting that is out of range refused by name."""

import math
from typing import Any

import pytest

from common.errors import FixSettings
from common.privacy.terms import Event
from tests.support.plans import privacy_terms
from tests.support.privacy import mechanism_terms


def test_one_student_moves_the_sum_by_the_noise_over_the_multiplier() -> None:
    """share_std 16, multiplier 2, h = 1: 8 units; with clip 0.5 and rho 0 that is 16 units per 1.0."""
    terms = mechanism_terms(noise_multiplier=2.0, clip_norm=0.5, rho=0.0)
    assert terms.sensitivity_units == 8.0
    assert terms.scale == 16.0


def test_the_float_error_makes_the_scale_smaller() -> None:
    """Clip plus rho has to fit the sensitivity."""
    terms = mechanism_terms(rho=0.01)
    assert terms.scale * terms.clip_norm * 1.01 == pytest.approx(terms.sensitivity_units)


@pytest.mark.parametrize("honest_schools", [1, 4, 13])
def test_h_honest_shares_together_carry_the_plans_noise(honest_schools: int) -> None:
    """sqrt(h) times one share's standard deviation is noise_multiplier times the sensitivity."""
    terms = mechanism_terms(honest_schools=honest_schools)
    together = math.sqrt(honest_schools) * terms.share_std_units
    assert together == pytest.approx(terms.noise_multiplier * terms.sensitivity_units)


def test_alone_a_school_has_only_its_own_share() -> None:
    """h = 4: half the noise_multiplier; h = 1: all of it."""
    assert mechanism_terms(honest_schools=4).event_alone(3) == Event(0.75, 0.25, 3)
    assert mechanism_terms().event_alone() == mechanism_terms().event() == Event(1.5, 0.25, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"share_std_units": 7.99},
        {"share_std_units": 70_000.0},
        {"noise_multiplier": 0.0},
        {"noise_multiplier": math.inf},
        {"noise_multiplier": math.nan},
        {"sampling_rate": 0.0},
        {"sampling_rate": 1.01},
        {"clip_norm": 0.0},
        {"clip_norm": math.nan},
        {"delta": 0.0},
        {"delta": 1.0},
        {"honest_schools": 0},
        {"honest_schools": 1.5},
        {"modulus_bits": 20},
        {"rho": -0.1},
        {"rho": math.nan},
        {"batch_cap_sd": 1.0},
    ],
    ids=str,
)
def test_a_setting_out_of_range_is_refused_by_name(wrong: dict[str, Any]) -> None:
    """The sentence names the setting."""
    with pytest.raises(FixSettings, match=next(iter(wrong))):
        mechanism_terms(**wrong)


@pytest.mark.parametrize("count", [0, -1, 1.0])
def test_an_event_happens_a_whole_number_of_times(count: Any) -> None:
    """Zero rounds aren't an event."""
    with pytest.raises(FixSettings, match="count"):
        Event(1.0, 0.5, count)


def test_a_plan_gives_its_mechanism() -> None:
    """Every field of the terms comes from the plan's field of the same name."""
    plan = privacy_terms(noise_multiplier=2.5, honest_schools=3, rho=0.002)
    terms = plan.mechanism
    names = terms.__dataclass_fields__
    assert {name: getattr(terms, name) for name in names} == {name: getattr(plan, name) for name in names}
