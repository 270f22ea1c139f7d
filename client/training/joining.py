"""A school's last fit, on held-back answers: its logistic model calibrated, and the network's share in the stack.

Few numbers, held firmly. The gate sees each half of the students predicted with numbers that the other half gave,
so nothing is judged by answers that it was fitted to.
"""

from dataclasses import dataclass, replace

import numpy as np

from client.training.rungs import Chances, FittedRungs, RungLogits
from client.training.scored_answers import ScoredAnswers
from common.models.calibration import AS_IT_IS, Calibration, fit_calibration
from common.models.ladder import Rung
from common.models.local_logistic import calibrated
from common.models.metrics import Answers
from common.models.stack import LOGISTIC_ALONE, StackWeights, fit_stack


@dataclass(frozen=True, slots=True)
class Joining:
    """calibration: of the logistic model, which the stack reads calibrated. weights: of the stack."""

    calibration: Calibration = AS_IT_IS
    weights: StackWeights = LOGISTIC_ALONE

    def chances(self, logits: RungLogits) -> dict[Rung, Chances]:
        """Chances of a right answer by rung."""
        return replace(logits, logistic=self.calibration.of(logits.logistic)).chances(self.weights)

    def applied(self, fitted: FittedRungs) -> FittedRungs:
        """The same rungs with the logistic model calibrated."""
        model = calibrated(fitted.logistic.model, self.calibration)
        return replace(fitted, logistic=replace(fitted.logistic, model=model))


def fit_joining(answers: ScoredAnswers, logits: RungLogits, some: Answers | None = None) -> Joining:
    """some: (N,), the answers to fit to; all of them if not given."""
    here = np.ones(len(answers), np.bool_) if some is None else some
    correct, weight = answers.correct[here], answers.weight.astype(np.float64)[here]
    calibration = fit_calibration(correct, logits.logistic[here], weight=weight)
    if logits.dkt is None or not np.isfinite(logits.dkt).all():
        return Joining(calibration)  # what a broken network says stays broken, and the gate refuses it
    logistic = calibration.of(logits.logistic[here])
    return Joining(calibration, fit_stack(correct, logistic, logits.dkt[here], weight=weight))


def judged_chances(answers: ScoredAnswers, logits: RungLogits) -> dict[Rung, Chances]:
    """What the gate compares: each half of the students as the other half's joining predicts them."""
    half = _half_of_the_students(answers)
    first, second = (fit_joining(answers, logits, ~part).chances(logits) for part in (half, ~half))
    return {rung: np.where(half, first[rung], second[rung]) for rung in first}


def _half_of_the_students(answers: ScoredAnswers) -> Answers:
    """(N,) whether an answer's student is in the first half; the same students each time."""
    count = int(answers.student.max(initial=-1)) + 1
    return np.asarray(np.random.default_rng(0).permutation(count)[answers.student] % 2 == 0, np.bool_)
