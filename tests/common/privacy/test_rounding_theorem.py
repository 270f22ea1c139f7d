"""The rounding theorem checked on exact laws: rounded shares of several schools against one Gaussian.

The theorem (docs/secagg.md): the sum of round(a_i + s Z_i) over k schools is within tau of a function of
(sum of a_i) + N(0, k s^2). `log2_tau` is its bound, written here from the proof and from nothing else.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pytest
from dp_accounting.pld import privacy_loss_distribution as pld
from numpy.typing import NDArray
from scipy.special import ndtr

Law = NDArray[np.float64]


def rounded_law(offset: float, std: float, reach: int) -> Law:
    """P(round(offset + std Z) = k) for k in [-reach, reach], accurate in both tails."""
    cells = np.arange(-reach, reach + 1)
    low, high = (cells - 0.5 - offset) / std, (cells + 0.5 - offset) / std
    return np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))


def summed_law(offsets: Sequence[float], std: float, reach: int) -> Law:
    """The exact law of the schools' sum, on [-k reach, k reach]."""
    return np.asarray(reduce(np.convolve, [rounded_law(float(offset), std, reach) for offset in offsets]))


def reference_law(offset: float, std: float, schools: int, *, reach: int) -> Law:
    """P(round(offset + sqrt(schools) std Z + schools - 1 uniforms) = k): the theorem's right-hand side.

    Rounding adds one uniform more, so this is the density of Gaussian and `schools` uniforms at k - offset, by
    the inverse Fourier transform.
    """
    largest = 40 / (std * math.sqrt(schools))
    frequency = np.linspace(-largest, largest, 8001)
    transform = np.exp(-schools * np.square(std * frequency) / 2) * np.sinc(frequency / (2 * np.pi)) ** schools
    cells = np.arange(-reach, reach + 1) - offset
    density = np.trapezoid(transform * np.cos(np.outer(cells, frequency)), frequency, axis=1)
    return np.asarray(density / (2 * math.pi))


def log2_tau(std: float, schools: int) -> float:
    """log2 of the theorem's bound on the total variation distance of one coordinate.

    The characteristic functions differ by at most k e (a + e)^(k-1) at frequency w, with a = exp(-s^2 w^2 / 2)
    and e = the sum over j != 0 of exp(-s^2 (2 pi j + w)^2 / 2); the distance is at most the number of cells
    within 40 standard deviations times the largest difference. One school alone is exact.
    """
    if schools == 1:
        return -math.inf
    frequency = np.linspace(0.0, math.pi, 20_001)
    shifts = [-np.square(std * (2 * math.pi * j + frequency)) / 2 for j in (-2, -1, 1, 2)]
    aliases = np.logaddexp.reduce(shifts, axis=0) + 1e-9  # what |j| > 2 adds
    main = -np.square(std * frequency) / 2
    worst = (math.log(schools) + aliases + (schools - 1) * np.logaddexp(main, aliases)).max()
    between_points = schools * std * std * 3e-4
    cells = 2 * 40 * std * math.sqrt(schools) + 1
    return float((worst + between_points + math.log(cells)) / math.log(2))


def offsets_of(schools: int, seed: int) -> NDArray[np.float64]:
    """Where the schools' sums lie between two integers."""
    return np.random.default_rng(seed).uniform(-0.5, 0.5, schools)


@pytest.mark.parametrize(("std", "at_most"), [(0.5, 5e-2), (0.7, 2e-2), (1.0, 2e-4), (1.25, 5e-6), (2.0, 1e-12)])
@pytest.mark.parametrize("schools", [2, 3, 5])
def test_rounded_shares_act_like_one_gaussian(std: float, at_most: float, schools: int) -> None:
    """The exact distance is below the theorem's bound, and falls so fast that 8 units are beyond arithmetic."""
    reach = int(14 * std) + 3
    for offsets in (offsets_of(schools, schools), np.zeros(schools), np.full(schools, 0.5)):
        exact = summed_law(list(offsets), std, reach)
        gaussian = reference_law(float(offsets.sum()), std, schools, reach=schools * reach)
        distance = 0.5 * float(np.abs(exact - gaussian).sum())
        assert distance < at_most
        assert distance <= 2.0 ** log2_tau(std, schools) + 1e-12


def test_one_share_is_exactly_a_rounded_gaussian() -> None:
    """By definition; the reference agrees to the last digits that float64 has."""
    exact, gaussian = rounded_law(0.3, 1.0, 20), reference_law(0.3, 1.0, 1, reach=20)
    assert 0.5 * np.abs(exact - gaussian).sum() < 1e-12


def test_the_bound_at_the_least_noise_that_is_allowed() -> None:
    """8 units: about 2^-900 for two schools, and less for more; delta's reserve is 10^-9 and larger."""
    assert log2_tau(8.0, 2) == pytest.approx(-899, abs=2)
    assert all(log2_tau(8.0, schools) < -890 for schools in (3, 27, 106, 200))
    assert log2_tau(16.0, 2) < -3000


def test_the_check_can_fail() -> None:
    """At 0.4 units the shares show their grid."""
    shares = summed_law([0.0, 0.0], 0.4, 8)
    assert 0.5 * np.abs(shares - reference_law(0.0, 0.4, 2, reach=16)).sum() > 1e-3


def hockey_stick(one: Law, other: Law, epsilon: float, *, width: float = 1.0) -> float:
    """The delta at this epsilon: sum of max(0, one - e^epsilon other)."""
    return float(np.maximum(one - math.exp(epsilon) * other, 0).sum()) * width


def _excess(seed: int) -> float:
    """The integers' delta minus the Gaussian's, the largest over six epsilons and both directions."""
    rng = np.random.default_rng(seed)
    std, schools, rate = rng.choice([1.0, 1.5, 2.0]), int(rng.integers(2, 6)), rng.choice([0.05, 0.25, 1.0])
    offsets, moved = list(rng.uniform(-0.5, 0.5, schools)), rng.uniform(0.2, 3 * std)
    reach, sigma = int(17 * std) + 8, std * math.sqrt(schools)
    without, with_student = (
        summed_law(offsets, std, reach),
        summed_law([offsets[0] + moved, *offsets[1:]], std, reach),
    )
    points = np.linspace(-12 * sigma, 12 * sigma + moved, 60_001)
    width = float(points[1] - points[0])
    density = [np.exp(-np.square((points - m) / sigma) / 2) / (sigma * math.sqrt(2 * math.pi)) for m in (0, moved)]
    integers = (without, (1 - rate) * without + rate * with_student)
    gaussian = (density[0], (1 - rate) * density[0] + rate * density[1])
    tau = 2.0 ** log2_tau(std, schools)
    excesses = (
        hockey_stick(integers[one], integers[1 - one], epsilon)
        - hockey_stick(gaussian[one], gaussian[1 - one], epsilon, width=width)
        - (1 + math.exp(epsilon)) * tau
        for epsilon in (0.0, 0.1, 0.3, 0.7, 1.0, 2.0)
        for one in (0, 1)
    )
    return float(max(excesses))


def test_the_sampled_integers_never_reveal_more_than_the_sampled_gaussian() -> None:
    """120 random cases, six epsilons, adding and removing a student: delta is at most the Gaussian's and tau."""
    assert max(map(_excess, range(120))) < 1e-9


@dataclass(frozen=True, slots=True)
class Campaign:
    """Rounds of one mechanism. std: units of a share; multiplier: noise of all shares over the sensitivity."""

    std: float
    schools: int
    multiplier: float
    rate: float
    rounds: int
    delta: float


CAMPAIGNS = [
    Campaign(std=8, schools=2, multiplier=3.31, rate=0.25, rounds=80, delta=1e-5),
    Campaign(std=8, schools=6, multiplier=1.57, rate=0.25, rounds=80, delta=1e-5),
    Campaign(std=16, schools=2, multiplier=0.9, rate=0.05, rounds=100, delta=1e-6),
]
INTERVAL = 1e-4


def _laws(campaign: Campaign) -> tuple[Law, Law]:
    """Without and with one student who moves the sum by the whole sensitivity."""
    offsets, reach = list(offsets_of(campaign.schools, 1)), int(11 * campaign.std) + 2
    moved = offsets[0] + campaign.std * math.sqrt(campaign.schools) / campaign.multiplier
    whole = round(moved)
    without = summed_law(offsets, campaign.std, reach)
    shifted = summed_law([moved - whole, *offsets[1:]], campaign.std, reach)
    one, other = np.pad(without, (0, whole)), np.pad(shifted, (whole, 0))
    return one, (1 - campaign.rate) * one + campaign.rate * other


def _epsilon_of_integers(campaign: Campaign, *, pessimistic: bool) -> float:
    one, other = _laws(campaign)
    seen = (one > 1e-60) & (other > 1e-60)
    logs = [dict(enumerate(np.log(law[seen]).tolist())) for law in (one, other)]
    losses = (
        pld.from_two_probability_mass_functions(
            logs[lower], logs[1 - lower], pessimistic_estimate=pessimistic, value_discretization_interval=INTERVAL
        )
        for lower in (0, 1)
    )
    composed = (loss.self_compose(campaign.rounds) for loss in losses)
    return max(float(loss.get_epsilon_for_delta(campaign.delta)) for loss in composed)


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda campaign: f"multiplier {campaign.multiplier}")
def test_over_a_campaign_the_gaussian_accounts_for_the_integers(campaign: Campaign) -> None:
    """The integers' own privacy loss, between its optimistic and pessimistic figure, against the accountant's."""
    gaussian = pld.from_gaussian_mechanism(
        campaign.multiplier, value_discretization_interval=INTERVAL, sampling_prob=campaign.rate
    )
    claimed = gaussian.self_compose(campaign.rounds).get_epsilon_for_delta(campaign.delta)
    assert _epsilon_of_integers(campaign, pessimistic=False) <= claimed + 1e-4
    assert _epsilon_of_integers(campaign, pessimistic=True) == pytest.approx(claimed, rel=0.01)
