"""The audit's bounds against figures worked by hand, mechanisms whose epsilon is known, and seeded faults."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from common.errors import FixSettings
from common.privacy.accounting import epsilon_of
from common.privacy.audit import (
    auc_of,
    audit,
    gaussian_bound,
    gaussian_epsilon,
    one_run_bound,
    participation_p_value,
)
from common.privacy.terms import Event

DELTA = 1e-5


def _releases(
    canaries: int, *, noise: float, seed: int, size: float = 1.0
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """One release of a Gaussian mechanism with sensitivity 1."""
    rng = np.random.default_rng(seed)
    included = rng.random(canaries) < 0.5
    return size * included + rng.normal(0, noise, canaries), included


def test_all_guesses_right_by_hand() -> None:
    """k right of k at pure epsilon: (e^x / (1 + e^x))^k = 5 % / 14; one k here, so x = logit((.05)^(1/10))."""
    scores = np.arange(10, dtype=np.float64)
    included = scores >= 5
    expected = 0.05 ** (1 / 10)
    assert one_run_bound(scores, included, 0.0) == pytest.approx(math.log(expected / (1 - expected)), rel=1e-6)


def test_gaussian_epsilon_is_the_accountant_s() -> None:
    """A single unsampled Gaussian with noise 1 / mu."""
    for mu in (0.3, 1.0, 3.0):
        assert gaussian_epsilon(mu, DELTA) == pytest.approx(epsilon_of([Event(1 / mu, 1.0)], DELTA), rel=2e-3)
    assert gaussian_epsilon(0.0, DELTA) == gaussian_epsilon(-1.0, DELTA) == 0.0
    assert gaussian_epsilon(1e-7, DELTA) == 0.0


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("noise", [0.6, 1.5, 6.0])
def test_honest_mechanisms_stay_below_their_epsilon(noise: float, seed: int) -> None:
    """Both bounds, for strong and weak noise."""
    scores, included = _releases(2000, noise=noise, seed=seed)
    claim = epsilon_of([Event(noise, 1.0)], DELTA)
    bounds = audit(scores, included, DELTA)
    assert bounds.one_run <= claim
    assert bounds.gaussian <= claim


def test_the_sharp_bound_comes_near_and_finds_half_the_noise() -> None:
    """At epsilon 8 it sees most of it; with half the noise, or twice the contribution, it exceeds the claim."""
    noise = 0.62
    claim = epsilon_of([Event(noise, 1.0)], DELTA)
    honest = gaussian_bound(*_releases(2000, noise=noise, seed=1), DELTA)
    assert 0.5 * claim < honest <= claim
    assert gaussian_bound(*_releases(2000, noise=noise / 2, seed=1), DELTA) > claim
    assert gaussian_bound(*_releases(2000, noise=noise, seed=1, size=2.0), DELTA) > claim


def test_the_ceiling_says_what_could_be_found() -> None:
    """More canaries see further; a perfect guess is the ceiling itself."""
    included = np.arange(200) < 100
    perfect = included.astype(np.float64)
    assert audit(perfect, included, DELTA).one_run == audit(perfect, included, DELTA).ceiling
    more = np.arange(2000) < 1000
    assert audit(more.astype(np.float64), more, DELTA).ceiling > audit(perfect, included, DELTA).ceiling > 2


@pytest.mark.parametrize("seed", range(5))
def test_independent_draws_pass(seed: int) -> None:
    """Honest Poisson sampling is suspected once in a thousand."""
    drawn = np.random.default_rng(seed).random((8, 1000)) < 0.5
    assert participation_p_value(drawn, 0.5) > 1e-3


def test_shuffled_and_fixed_batches_are_found() -> None:
    """Everybody has exactly as many turns, or every batch exactly as many students; also another rate."""
    rng = np.random.default_rng(0)
    shuffled = np.zeros((8, 1000), np.bool_)
    for epoch in range(4):
        order = rng.permutation(1000)
        shuffled[2 * epoch, order[:500]] = True
        shuffled[2 * epoch + 1, order[500:]] = True
    fixed = np.zeros((8, 1000), np.bool_)
    for row in fixed:
        row[rng.permutation(1000)[:500]] = True
    assert participation_p_value(shuffled, 0.5) < 1e-9
    assert participation_p_value(fixed, 0.5) < 1e-3
    assert participation_p_value(rng.random((8, 1000)) < 0.6, 0.5) < 1e-9


@pytest.mark.parametrize("rate", [0.05, 0.25, 0.5, 0.9])
def test_honest_draws_are_rarely_suspected_at_any_rate(rate: float) -> None:
    """300 campaigns: p-values below 5 % come in about 5 % of them, below 0.5 % hardly ever."""
    rng = np.random.default_rng(17)
    found = np.array([participation_p_value(rng.random((8, 400)) < rate, rate) for _ in range(300)])
    assert (found < 0.05).mean() <= 0.08
    assert (found < 0.005).mean() <= 0.02


def test_draws_that_know_of_each_other_are_found() -> None:
    """One draw for all rounds, a draw that comes back, a draw that avoids the one before, and lists in blocks."""
    rng = np.random.default_rng(4)

    def once(rounds: int = 8) -> NDArray[np.bool_]:
        return np.asarray(rng.random((rounds, 1000)) < 0.5)

    same, again, blocks = np.repeat(once(1), 8, axis=0), once(), np.repeat(once()[:, :500], 2, axis=1)
    again[6] = again[1]
    avoiding = once()
    avoiding[5] = ~avoiding[4]
    for drawn in (same, again, avoiding, blocks):
        assert participation_p_value(drawn, 0.5) < 1e-9


def test_the_smallest_draws_by_hand() -> None:
    """Two rounds of two students at 1/2, all drawn: every test's two-sided p-value is 1 at its cap or worked here.

    Counts 2, 2 of 2: statistic 4 at half 1 + (1 - 1.5) / 0.5 / 2 = 1/2, so chi-square 8 of 4 degrees, tail .0916;
    overlap 2 of 2 at 1/4: 1/16; neighbours 2 of 2 at 1/2: 1/4. Smallest: 4 x 2 x 1/16 = 1/2.
    """
    assert participation_p_value(np.ones((2, 2), np.bool_), 0.5) == pytest.approx(0.5)


def test_a_shared_level_makes_both_bounds_smaller() -> None:
    """Two scores of the same canaries at 2.5 % each keep their maximum at 95 %."""
    scores, included = _releases(2000, noise=0.62, seed=1)
    whole, shared = audit(scores, included, DELTA), audit(scores, included, DELTA, significance=0.025)
    assert shared.one_run < whole.one_run
    assert shared.gaussian < whole.gaussian
    assert shared.ceiling < whole.ceiling


def test_auc_is_scikit_learn_s() -> None:
    """Ties count half."""
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 20, 300).astype(np.float64)
    included = rng.random(300) < 0.4
    assert auc_of(scores, included) == pytest.approx(roc_auc_score(included, scores))


def test_an_audit_needs_both_kinds_and_real_numbers() -> None:
    """Treated on purpose."""
    for scores, included in (
        (np.zeros(4), np.ones(4, np.bool_)),
        (np.array([1.0, math.nan]), np.array([True, False])),
        (np.zeros(3), np.array([True, False])),
    ):
        with pytest.raises(FixSettings):
            audit(scores, included, DELTA)
    with pytest.raises(FixSettings):
        participation_p_value(np.ones((1, 5), np.bool_), 0.5)
