"""How good predictions are: AUC, log loss, calibration, and paired differences with an interval over students."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.errors import ErrorCode, FixSettings

Floats = NDArray[np.float64]
Answers = NDArray[np.bool_]
Metric = Callable[[Answers, Floats], float]

_LEAST_PROBABILITY = 1e-7


def auc(correct: Answers, predicted: Floats) -> float:
    """Chance that a right answer was predicted above a wrong one, ties counted half; nan without both kinds."""
    right = int(correct.sum())
    wrong = len(correct) - right
    if right == 0 or wrong == 0:
        return float("nan")
    _, group, count = np.unique(predicted, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2
    return float((ranks[group][correct].sum() - right * (right + 1) / 2) / (right * wrong))


def log_loss(correct: Answers, predicted: Floats) -> float:
    """Mean negative log likelihood, natural logarithm; nan without answers. Probabilities 0 and 1 are cut."""
    if len(correct) == 0:
        return float("nan")
    p = np.clip(predicted, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    return float(-np.where(correct, np.log(p), np.log1p(-p)).mean())


def calibration_error(correct: Answers, predicted: Floats, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins: mean over answers of |share right - mean prediction|."""
    if len(correct) == 0:
        return float("nan")
    bin_of = np.minimum((predicted * bins).astype(np.int64), bins - 1)
    surplus = np.bincount(bin_of, correct - predicted, bins)
    return float(np.abs(surplus).sum() / len(correct))


def calibration_in_the_large(correct: Answers, predicted: Floats) -> float:
    """Mean prediction minus share right: above 0 the model promises too much; nan without answers."""
    return float(np.mean(predicted - correct)) if len(correct) else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class PairedPredictions:
    """Two models' predictions of the same answers, (N,) each. student: (N,) index, answers of one together."""

    correct: Answers
    first: Floats
    second: Floats
    student: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference (first minus second) with its 95 % interval, and the share of draws in which it is below 0."""

    difference: float
    low: float
    high: float
    share_below_zero: float


def paired_bootstrap(
    pairs: PairedPredictions, metric: Metric, *, rng: np.random.Generator, draws: int = 200
) -> Interval:
    """The difference of a metric between two models, with students (not answers) drawn again.

    Draws in which the metric is nan (only right or only wrong answers) are left out. FixSettings if all are.
    """
    order = np.argsort(pairs.student, kind="stable")
    starts = np.flatnonzero(np.diff(pairs.student[order], prepend=-1))
    parts = np.split(order, starts[1:])
    differences = []
    for _ in range(draws):
        chosen = rng.integers(0, len(parts), len(parts))
        differences.append(_difference(pairs, metric, np.concatenate([parts[i] for i in chosen])))
    known = np.array([d for d in differences if not np.isnan(d)])
    if len(known) == 0:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "There are too few answers to compare two models.")
    low, high = np.quantile(known, [0.025, 0.975])
    whole = _difference(pairs, metric, order)
    return Interval(whole, float(low), float(high), float((known < 0).mean()))


def _difference(pairs: PairedPredictions, metric: Metric, rows: NDArray[np.int64]) -> float:
    correct = pairs.correct[rows]
    return metric(correct, pairs.first[rows]) - metric(correct, pairs.second[rows])
