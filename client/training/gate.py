"""The gate: does the shared model predict this school's held-back students better than the school's own BKT?

The upper rung has to show it on enough students and answers, by a margin, in most resamplings of students, and
without promising too much. Whatever is unclear leaves the school with what it has.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from common.models.metrics import (
    PairedPredictions,
    calibration_in_the_large,
    log_loss,
    paired_bootstrap,
)

Rung = Literal["bkt", "dkt"]

LEAST_STUDENTS = 15
LEAST_ANSWERS = 300
LEAST_GAIN = 0.001  # of log loss, natural logarithm
LEAST_SHARE_BETTER = 0.8  # of student bootstraps
LARGEST_BIAS = 0.03  # mean prediction minus share right
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class GateFigures:
    """What the gate looked at; local. None: too little to measure."""

    students: int
    answers: int
    log_loss_bkt: float | None = None
    log_loss_dkt: float | None = None
    share_better: float | None = None
    bias_dkt: float | None = None


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Which rung serves, and why, in a sentence for the school's administrator."""

    rung: Rung
    reason: str
    figures: GateFigures


def is_enough(students: int, answers: int) -> bool:
    """Whether so many students with so many scored answers can tell two models apart."""
    return students >= LEAST_STUDENTS and answers >= LEAST_ANSWERS


def judge(pairs: PairedPredictions, *, seed: int = 0) -> GateDecision:
    """pairs: first = the shared model as adapted here, second = the school's BKT, on students neither saw."""
    students, answers = len(np.unique(pairs.student)), len(pairs.correct)
    if not is_enough(students, answers):
        reason = (
            f"The school's own model serves: {students} students with {answers} scored answers are too few "
            f"to compare the two (it takes {LEAST_STUDENTS} and {LEAST_ANSWERS})."
        )
        return GateDecision("bkt", reason, GateFigures(students, answers))
    interval = paired_bootstrap(pairs, log_loss, rng=np.random.default_rng(seed), draws=_DRAWS)
    figures = GateFigures(
        students,
        answers,
        log_loss_bkt=log_loss(pairs.correct, pairs.second),
        log_loss_dkt=log_loss(pairs.correct, pairs.first),
        share_better=interval.share_below_zero,
        bias_dkt=calibration_in_the_large(pairs.correct, pairs.first),
    )
    return _decide(-interval.difference, interval.share_below_zero, figures)


def _decide(gain: float, share_better: float, figures: GateFigures) -> GateDecision:
    on = f"on {figures.students} students of this school"
    bias = figures.bias_dkt
    if not gain >= LEAST_GAIN:
        return GateDecision(
            "bkt", f"The school's own model serves: the shared one doesn't predict better {on}.", figures
        )
    if share_better < LEAST_SHARE_BETTER:
        return GateDecision(
            "bkt", f"The school's own model serves: the shared one's gain {on} could be luck.", figures
        )
    if bias is None or not abs(bias) <= LARGEST_BIAS:
        return GateDecision(
            "bkt", f"The school's own model serves: the shared one misjudges how much is right {on}.", figures
        )
    return GateDecision("dkt", f"The shared model serves: it predicts better {on}.", figures)
