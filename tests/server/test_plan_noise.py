"""Noise, caps and moduli of drafted plans: enough, and not more than that."""

from typing import Any

import pytest

from common.plan import Member
from common.privacy.fixed_point import smallest_modulus_bits
from common.privacy.sampling import batch_cap, overdraw_bound
from server.plan_noise import Noise, NoiseWishes, choose_noise, largest_delta, privacy_terms


def _members(*students: int) -> list[Member]:
    return [Member(school=f"school {n}", identity_key=f"{n:064x}", students=s) for n, s in enumerate(students)]


def _noise(*students: int, **changes: Any) -> Noise:
    wishes: dict[str, Any] = {
        "rounds": 20,
        "epsilon": 3.0,
        "delta": None,
        "sampling_rate": 0.5,
        "clip_norm": 1.0,
        "honest_schools": 1,
        "dimensions": 500,
        "measured": True,
    }
    return choose_noise(NoiseWishes(**(wishes | changes)), _members(*students))


@pytest.mark.parametrize(("students", "bits"), [((100, 120, 90), 16), ((2000,) * 20, 24)])
def test_the_modulus_is_the_smallest_that_does_not_wrap(students: tuple[int, ...], bits: int) -> None:
    """Small consortia send two bytes per number, large ones three."""
    assert _noise(*students).mechanism.modulus_bits == bits


def test_the_modulus_holds_if_every_school_adds_all_the_noise() -> None:
    """A school that relies on nobody adds h times the variance; nobody may have to wrap for that."""
    students = (100,) * 200
    noise = _noise(*students, honest_schools=100, sampling_rate=0.05)
    caps = sum(batch_cap(0.05, 100, noise.mechanism.batch_cap_sd) for _ in students)
    alone = smallest_modulus_bits(noise.mechanism, students_cap=caps, schools=200 * 100, dimensions=500)
    assert noise.mechanism.modulus_bits == alone


def test_delta_follows_the_number_of_students() -> None:
    """1e-5 up to about 35,000 students, below it from there on."""
    assert _noise(100, 120, 90).mechanism.delta == 1e-5
    assert largest_delta(100_000) == pytest.approx(10 ** (-5.5))


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.25, 1.0])
def test_overdraws_fit_into_what_the_accountant_sets_aside(rate: float) -> None:
    """Over all rounds, for the worst school, at most half of a ten-thousandth of delta."""
    students = (40, 300, 1000)
    terms = _noise(*students, sampling_rate=rate).mechanism
    worst = max(overdraw_bound(rate, n, batch_cap(rate, n, terms.batch_cap_sd)) for n in students)
    assert 20 * worst <= 5e-5 * terms.delta


def test_measuring_uses_few_numbers_and_few_bits() -> None:
    """Forty numbers of two bytes; half of epsilon 1 at most, however much the campaign may cost."""
    cheap, dear = _noise(100, 120, 90).metrics, _noise(100, 120, 90, epsilon=8.0).metrics
    assert cheap is not None
    assert dear is not None
    assert (cheap.bins, cheap.modulus_bits) == (10, 16)
    assert cheap.noise_multiplier > dear.noise_multiplier
    assert dear == _noise(100, 120, 90, epsilon=6.0).metrics


def test_the_plan_takes_the_terms_as_they_are() -> None:
    """Nothing is lost on the way into the plan."""
    mechanism = _noise(100, 120, 90).mechanism
    assert privacy_terms(mechanism, max_interactions=400, window_interactions=100).mechanism == mechanism
