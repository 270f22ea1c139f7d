"""Pooled figures without leaks: each student's scores as a histogram of norm 1, and what a sum of them says.

The sum is noised and opened like an update, so entries may be negative and nobody's answers can be read from it.
Students weigh alike up to how far their scores spread, whatever the number of their answers: so the AUC isn't
the one over all answers, and is compared only with one that was estimated in the same way from the same sum.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.errors import ErrorCode, FixSettings
from common.models.conformal import COVERAGE

BLOCKS = 4  # candidate wrong, candidate right, current wrong, current right


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """One model's figures; nan where noise or emptiness leaves nothing to measure.

    calibration_error: over the bins, with each bin's middle as its prediction: good to about half a bin.
    """

    auc: float
    log_loss: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class PooledFigures:
    """Of the candidate and of the model that serves now, from one opened sum."""

    candidate: ModelFigures
    current: ModelFigures

    @property
    def auc_gain(self) -> float:
        """Candidate minus current."""
        return self.candidate.auc - self.current.auc


def student_histogram(
    correct: NDArray[np.bool_], candidate: NDArray[np.floating], current: NDArray[np.floating], *, bins: int
) -> NDArray[np.float64]:
    """(4 bins,) of Euclidean norm 1: one student's scored answers by outcome and predicted chance, for two models.

    correct, candidate, current: (T,), chances of being right in [0, 1]. All zero for a student without a scored
    answer, or with a chance that isn't a number: such a student has no part in the sum.
    """
    if bins < 1 or not correct.shape == candidate.shape == current.shape:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "A histogram needs bins, and chances for every answer.")
    chances = (candidate, current)
    if correct.size == 0 or not all(np.isfinite(each).all() for each in chances):
        return np.zeros(BLOCKS * bins, np.float64)
    outcomes = (~correct, correct)
    counts = np.concatenate([_counts(each[outcome], bins) for each in chances for outcome in outcomes])
    return np.asarray(counts / np.linalg.norm(counts), np.float64)


def figures(total: NDArray[np.float64], *, bins: int) -> PooledFigures:
    """What an opened sum of histograms, (4 bins,), says of both models."""
    if total.shape != (BLOCKS * bins,):
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"A sum of histograms has {BLOCKS * bins} numbers.")
    candidate_wrong, candidate_right, current_wrong, current_right = total.reshape(BLOCKS, bins)
    return PooledFigures(_of_one(candidate_wrong, candidate_right), _of_one(current_wrong, current_right))


def auc_gain_sd(total: NDArray[np.float64], noise_std: float, *, bins: int, draws: int, seed: int) -> float:
    """Standard deviation of `auc_gain` under noise of this size, by adding such noise again; nan if unmeasurable.

    noise_std: of each entry, in the units of `total`. It works on what is public already, so a plain seeded
    generator will do and costs no privacy.
    """
    rng = np.random.default_rng(seed)
    again = rng.normal(0.0, noise_std, (draws, total.size))
    gains = np.array([figures(total + noise, bins=bins).auc_gain for noise in again])
    return float(gains.std()) if np.isfinite(gains).all() else math.nan


def sure_quantile(
    total: NDArray[np.float64], noise_std: float, *, bins: int, coverage: float = COVERAGE
) -> float | None:
    """The candidate's conformal quantile from an opened sum: a bound of scores, for schools with few students.

    The upper edge of the first bin up to which `coverage` of the scores lie, plus two standard deviations of what
    noise can do to that share: too high rather than too low. None where the noise leaves no bin below 1. Students
    weigh alike, as everywhere here. Post-processing: it costs no privacy.
    """
    wrong, right = total[: 2 * bins].reshape(2, bins)
    scores = wrong + right[::-1]  # a right answer predicted in bin b scores as a wrong one in the bin opposite
    answers = float(scores.sum())
    if not answers > 0:
        return None
    reached = np.cumsum(scores) / answers
    doubt = 2 * noise_std * math.sqrt(2 * bins) / answers
    beyond = np.flatnonzero(reached >= coverage + doubt)
    return None if len(beyond) == 0 or beyond[0] == bins - 1 else float((beyond[0] + 1) / bins)


def _counts(chances: NDArray[np.floating], bins: int) -> NDArray[np.int64]:
    places = np.clip((np.asarray(chances, np.float64) * bins).astype(np.int64), 0, bins - 1)
    return np.bincount(places, minlength=bins)


def _of_one(wrong: NDArray[np.float64], right: NDArray[np.float64]) -> ModelFigures:
    all_right, all_wrong = float(right.sum()), float(wrong.sum())
    if not (all_right > 0 and all_wrong > 0):
        return ModelFigures(math.nan, math.nan, math.nan)
    answers = all_right + all_wrong
    below = np.cumsum(wrong) - wrong / 2  # ties count half
    middle = (np.arange(len(wrong)) + 0.5) / len(wrong)
    loss = -(right * np.log(middle) + wrong * np.log1p(-middle)).sum() / answers
    error = np.abs(right - middle * (right + wrong)).sum() / answers
    return ModelFigures(float((right * below).sum() / (all_right * all_wrong)), float(loss), float(error))
