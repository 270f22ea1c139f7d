"""Auditing a mechanism from its releases: lower bounds on epsilon from canaries, and a test of the draw.

A canary is a student whose contribution the auditor knows; half of them take part. The better one can guess
which, the more the mechanism reveals. Two bounds at 95 %: `one_run_bound` assumes nothing of the mechanism and is
loose, `gaussian_bound` assumes a Gaussian trade-off and is sharp: it finds defects and proves nothing by itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import beta, binom, chi2, norm

from common.errors import ErrorCode, FixSettings

SIGNIFICANCE = 0.05
_LARGEST_EPSILON = 64.0
_GUESS_SIZES, _THRESHOLDS = 14, 25
Scores = NDArray[np.float64]
Included = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AuditBounds:
    """Lower bounds on epsilon at 95 %. ceiling: the most that `one_run` could have found with so many canaries."""

    one_run: float
    gaussian: float
    ceiling: float


def audit(scores: Scores, included: Included, delta: float, *, significance: float = SIGNIFICANCE) -> AuditBounds:
    """Both bounds. scores: (m,), higher means "took part"; included: (m,), who did.

    significance: of each bound; whoever scores the same canaries in two ways shares it between them.
    """
    _check(scores, included, delta)
    perfect = np.where(included, 1.0, -1.0)
    return AuditBounds(
        one_run=one_run_bound(scores, included, delta, significance=significance),
        gaussian=gaussian_bound(scores, included, delta, significance=significance),
        ceiling=one_run_bound(perfect, included, delta, significance=significance),
    )


def one_run_bound(
    scores: Scores, included: Included, delta: float, *, significance: float = SIGNIFICANCE
) -> float:
    """Steinke, Nasr, Jagielski 2023, theorem 5.2: guess the k lowest out and the k highest in.

    The best of several k, each at a share of the significance.
    """
    _check(scores, included, delta)
    order, canaries = np.argsort(scores, kind="stable"), len(scores)
    sizes = sorted({int(k) for k in np.geomspace(min(5, canaries // 2), canaries // 2, _GUESS_SIZES)})
    best = 0.0
    for k in sizes:
        right = int(included[order[-k:]].sum() + (~included[order[:k]]).sum())
        found = _bound_from_guesses(canaries, 2 * k, right, delta=delta, significance=significance / len(sizes))
        best = max(best, found)
    return best


def gaussian_bound(
    scores: Scores, included: Included, delta: float, *, significance: float = SIGNIFICANCE
) -> float:
    """Epsilon at `delta` of the largest mu of Gaussian differential privacy that the errors exclude.

    Error rates by Clopper-Pearson at several thresholds, each at a share of the significance. Dong, Roth and Su,
    "Gaussian differential privacy", 2022.
    """
    _check(scores, included, delta)
    inside, outside = scores[included], scores[~included]
    thresholds = np.quantile(scores, np.linspace(0.02, 0.98, _THRESHOLDS))
    each = significance / (2 * len(thresholds))
    mu = 0.0
    for threshold in thresholds:
        missed = _upper_rate(int((inside < threshold).sum()), len(inside), each)
        false = _upper_rate(int((outside >= threshold).sum()), len(outside), each)
        if missed < 1 and false < 1:
            mu = max(mu, float(norm.ppf(1 - false) - norm.ppf(missed)))
    return gaussian_epsilon(mu, delta)


def gaussian_epsilon(mu: float, delta: float) -> float:
    """Epsilon of a mu-Gaussian mechanism at delta (Balle and Wang 2018, theorem 8); 0 for mu 0 or below."""
    if mu <= 0:
        return 0.0

    def surplus(epsilon: float) -> float:
        first = norm.cdf(-epsilon / mu + mu / 2)
        second = math.exp(epsilon) * norm.cdf(-epsilon / mu - mu / 2)
        return float(first - second - delta)

    if surplus(0.0) <= 0:
        return 0.0
    high = 1.0
    while surplus(high) > 0 and high < _LARGEST_EPSILON:
        high *= 2
    return _LARGEST_EPSILON if surplus(high) > 0 else float(brentq(surplus, 0.0, high))


def participation_p_value(drawn: NDArray[np.bool_], rate: float) -> float:
    """How well draws fit independent ones with chance `rate`: (rounds, students), True where drawn.

    students: in the order of their ids. The smallest of four two-sided p-values, times four:
    - students' counts over the rounds against the binomial's spread: shuffled batches, in which everybody has a
      turn, spread too little, a draw that is used again too much;
    - rounds' batch sizes against the binomial's spread: batches of fixed size spread too little;
    - for every two rounds, how many students were in both: rounds don't know of each other;
    - how many neighbours share their fate in a round: nor do students, so that lists aren't drawn in blocks.
    """
    rounds, students = drawn.shape
    if rounds < 2 or students < 2 or not 0 < rate < 1:
        raise FixSettings(
            ErrorCode.BAD_PARAMETER, "A test of draws takes two rounds, two students, a rate below 1."
        )
    found = (
        _spread_p_value(drawn.sum(axis=0), rounds, rate),
        _spread_p_value(drawn.sum(axis=1), students, rate),
        _overlap_p_value(drawn, rate),
        _neighbour_p_value(drawn, rate),
    )
    return min(1.0, len(found) * min(found))


def auc_of(scores: Scores, included: Included) -> float:
    """Chance that a canary that took part scores above one that didn't; ties count half."""
    inside, outside = np.sort(scores[included]), scores[~included]
    below = np.searchsorted(inside, outside, side="left") + np.searchsorted(inside, outside, side="right")
    return float(1 - below.mean() / 2 / len(inside))


def _spread_p_value(counts: NDArray[np.int64], trials: int, rate: float) -> float:
    """Of squared deviations in units of the binomial's variance; scaled so that the statistic's own variance fits.

    A squared deviation has mean 1 and, by the binomial's fourth moment, variance 2 + (1 - 6 q (1 - q)) / (n q
    (1 - q)), where a squared normal has 2.
    """
    variance = trials * rate * (1 - rate)
    half = 1 + (1 - 6 * rate * (1 - rate)) / variance / 2
    statistic = float(((counts - trials * rate) ** 2).sum() / variance) / half
    degrees = len(counts) / half
    return _two_sided(float(chi2.cdf(statistic, degrees)), float(chi2.sf(statistic, degrees)))


def _overlap_p_value(drawn: NDArray[np.bool_], rate: float) -> float:
    """Of the oddest two rounds, all pairs paid for."""
    both = [int((drawn[s] & drawn[t]).sum()) for t in range(len(drawn)) for s in range(t)]
    return min(1.0, len(both) * min(_binomial_p_value(count, drawn.shape[1], rate**2) for count in both))


def _neighbour_p_value(drawn: NDArray[np.bool_], rate: float) -> float:
    """Students 0 and 1, 2 and 3, ...: nobody is in two pairs, so that the pairs are independent."""
    pairs = drawn.shape[1] // 2
    alike = drawn[:, 0 : 2 * pairs : 2] == drawn[:, 1 : 2 * pairs : 2]
    return _binomial_p_value(int(alike.sum()), alike.size, rate**2 + (1 - rate) ** 2)


def _binomial_p_value(count: int, trials: int, chance: float) -> float:
    return _two_sided(float(binom.cdf(count, trials, chance)), float(binom.sf(count - 1, trials, chance)))


def _two_sided(below: float, above: float) -> float:
    return min(1.0, 2 * min(below, above))


def _bound_from_guesses(canaries: int, guesses: int, right: int, *, delta: float, significance: float) -> float:
    def surplus(epsilon: float) -> float:
        return significance - _p_value(canaries, guesses, right, epsilon=epsilon, delta=delta)

    if surplus(0.0) <= 0:
        return 0.0
    high = 1.0
    while surplus(high) > 0 and high < _LARGEST_EPSILON:
        high *= 2
    return _LARGEST_EPSILON if surplus(high) > 0 else float(brentq(surplus, 0.0, high))


def _p_value(canaries: int, guesses: int, right: int, *, epsilon: float, delta: float) -> float:
    """Largest chance of so many right guesses if the mechanism were (epsilon, delta)-private."""
    chance = 1 / (1 + math.exp(-epsilon))
    tail = float(binom.sf(right - 1, guesses, chance))
    if delta == 0 or right == 0:
        return tail
    fewer = np.arange(1, right + 1)
    slope = float(np.max((binom.sf(right - fewer - 1, guesses, chance) - tail) / fewer))
    return min(1.0, tail + max(0.0, slope) * delta * 2 * canaries)


def _upper_rate(errors: int, trials: int, significance: float) -> float:
    return 1.0 if errors == trials else float(beta.ppf(1 - significance, errors + 1, trials - errors))


def _check(scores: Scores, included: Sequence[bool] | Included, delta: float) -> None:
    flags = np.asarray(included, np.bool_)
    if scores.shape != flags.shape or not np.isfinite(scores).all() or not 0 <= delta < 1:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "An audit takes one finite score for each canary.")
    if not 0 < flags.sum() < len(flags):
        raise FixSettings(
            ErrorCode.BAD_PARAMETER, "An audit takes canaries that took part and others that didn't."
        )
