"""The stack: one logit out of the logistic model's and the network's.

    logit = c + a_logistic * logit of the logistic model + a_dkt * logit of the network

Fitted, the two shares add up to 1, and start from the logistic model alone: a network has to earn its share on
answers that neither model saw. A school with few of them stays with the logistic model, so the stack is hardly
ever worse than the rung below it.
"""

from dataclasses import dataclass

import numpy as np

from common.models.calibration import fit_around
from common.models.logistic_features import Floats
from common.models.metrics import Answers

# lambda of the pull towards c = 0 and no share for the network (docs/decisions/0019).
CONSTANT_STRENGTH, SHARE_STRENGTH = 300.0, 100.0


@dataclass(frozen=True, slots=True)
class StackWeights:
    """c, a_logistic and a_dkt."""

    constant: float
    logistic: float
    dkt: float


LOGISTIC_ALONE = StackWeights(constant=0.0, logistic=1.0, dkt=0.0)
# For two shared models that no school has adapted, chosen on a public log; a school with own stages fits its own.
CONSORTIUM = StackWeights(constant=-0.1, logistic=0.8, dkt=0.3)


def stacked_logit(weights: StackWeights, logistic: Floats, dkt: Floats) -> Floats:
    """(N,) from the two models' logits, (N,) each."""
    return weights.constant + weights.logistic * logistic + weights.dkt * dkt


def fit_stack(correct: Answers, logistic: Floats, dkt: Floats, *, weight: Floats) -> StackWeights:
    """The weights that these answers ask for, (N,) each, of students neither model saw. weight: of evidence.

    The network's share lies in [0, 1]: what a fit finds outside is an accident of few answers.
    """
    columns = np.column_stack([np.ones(len(correct)), dkt - logistic])
    strength = np.array([CONSTANT_STRENGTH, SHARE_STRENGTH])
    constant, share = fit_around(logistic, columns, correct, weight=weight, strength=strength).tolist()
    share = min(max(share, 0.0), 1.0)
    return StackWeights(constant, 1 - share, share)
