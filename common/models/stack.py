"""The stack: one logit out of the logistic model's and the DKT's.

    logit = c + a_logistic * logit of the logistic model + a_dkt * logit of the DKT

The consortium's weights were chosen on a public log and serve by default; a school's own are a MAP fit around
them, held firmly, and serve only if its gate says that they are better here.
"""

from dataclasses import dataclass

import numpy as np

from common.models.logistic_features import Floats
from common.models.metrics import Answers
from common.models.odds import sigmoid

LEAST_STRENGTH = 30.0  # of the pull towards the consortium's weights
_SWEEPS = 20


@dataclass(frozen=True, slots=True)
class StackWeights:
    """c, a_logistic and a_dkt."""

    constant: float
    logistic: float
    dkt: float


CONSORTIUM = StackWeights(constant=-0.1, logistic=0.8, dkt=0.3)


def stacked_logit(weights: StackWeights, logistic: Floats, dkt: Floats) -> Floats:
    """(N,) from the two models' logits, (N,) each."""
    return weights.constant + weights.logistic * logistic + weights.dkt * dkt


def fit_stack(
    correct: Answers,
    logistic: Floats,
    dkt: Floats,
    *,
    weight: Floats,
    around: StackWeights = CONSORTIUM,
    strength: float = LEAST_STRENGTH,
) -> StackWeights:
    """The school's own weights, by Newton's method. The answers, (N,), must be of students neither model saw.

    weight: (N,) evidence weights. strength: lambda of the pull towards `around`, at least 30.
    """
    columns = np.column_stack([np.ones(len(correct)), logistic, dkt])
    mean = np.array([around.constant, around.logistic, around.dkt])
    firm = max(strength, LEAST_STRENGTH)
    theta = mean.copy()
    for _ in range(_SWEEPS):
        p = sigmoid(columns @ theta)
        slope = columns.T @ (weight * (correct - p)) - firm * (theta - mean)
        curvature = (columns.T * (weight * p * (1 - p))) @ columns + firm * np.eye(3)
        theta = theta + np.linalg.solve(curvature, slope)
    return StackWeights(*theta.tolist())
