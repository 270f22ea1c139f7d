"""Calibration: a straight line over a model's logits, held at "as it is" until a school's answers insist.

    logit' = constant + slope * logit

It changes no order within a school, so no AUC there; it takes out what a school's students do better or worse
than the model thinks, and confidence that a fit to few answers didn't earn. Source: Platt 1999; the pull towards
the identity is a Gaussian prior.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.models.logistic_features import Floats
from common.models.metrics import Answers
from common.models.odds import sigmoid

STRENGTH = 300.0  # lambda of both numbers (docs/decisions/0019)
_SWEEPS = 30
_LARGEST_MOVE = 2.0  # of a logit in one step: a full Newton step may leap over the minimum


@dataclass(frozen=True, slots=True)
class Calibration:
    """constant, and slope."""

    constant: float = 0.0
    slope: float = 1.0

    def of(self, logit: Floats) -> Floats:
        """(N,) calibrated logits."""
        return self.constant + self.slope * logit


AS_IT_IS = Calibration()


def fit_calibration(correct: Answers, logit: Floats, *, weight: Floats) -> Calibration:
    """From (N,) answers of students that the model didn't learn from. Without answers the model stays as it is."""
    columns = np.column_stack([np.ones(len(correct)), logit])
    constant, more = fit_around(logit, columns, correct, weight=weight, strength=np.full(2, STRENGTH)).tolist()
    return Calibration(constant, 1 + more)


def fit_around(
    base: Floats, columns: NDArray[np.float64], correct: Answers, *, weight: Floats, strength: Floats
) -> Floats:
    """(d,) numbers around 0 that move the logits `base` to base + columns @ numbers, by Newton's method.

    Minimises sum of weight * log loss + 1/2 sum of strength * number^2. columns: (N, d).
    """
    numbers = np.zeros(columns.shape[1])
    for _ in range(_SWEEPS):
        p = sigmoid(base + columns @ numbers)
        slope = columns.T @ (weight * (correct - p)) - strength * numbers
        curvature = (columns.T * (weight * p * (1 - p))) @ columns + np.diag(strength)
        step = np.linalg.solve(curvature, slope)
        numbers += step * min(1.0, _LARGEST_MOVE / max(np.abs(columns @ step).max(initial=0.0), _LARGEST_MOVE))
    return numbers
