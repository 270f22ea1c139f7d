"""Drift: whether what serves still predicts this school's new answers, and whether those still look alike.

Three questions, each against chance over students: is it worse than the skill tracer on the same answers, does it
promise too much or too little, and do the answers come from another mix than it was chosen on. One window alone
never changes what serves: that takes two worse ones running (`client.insight.drift_watch`).
Sources: MODELS section 6; population stability index as usual in credit scoring, here with a null.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from client.insight.replayed import ReplayedAnswers
from client.insight.student_shuffles import (
    Floats,
    StudentMean,
    share_at_least,
    signs,
    student_mean,
    sums_by_student,
)
from common.models.ladder import BKT, Rung
from common.models.metrics import calibration_error, log_loss

LEAST_STUDENTS = 10
LEAST_ANSWERS = 300
LEAST_WORSE = 0.001  # of log loss, as at the gate
LARGEST_BIAS = 0.03  # as at the gate
LARGEST_ERROR = 0.05  # of calibration
LARGEST_SHIFT = 0.25  # of the population stability index
# The gate for "worse" is passed twice running, so it may be wide; the others warn at once.
WORSE_P, WARN_P = 0.05, 0.005
_BINS = 15
_GAPS_SECONDS = np.array([60.0, 3_600.0, 86_400.0, 7 * 86_400.0])
_LEAST_PROBABILITY = 1e-7


class Verdict(StrEnum):
    """The gravest thing that was found."""

    NOT_ENOUGH = "not enough yet"
    FINE = "fine"
    SHIFTED = "other answers"
    MISJUDGES = "misjudges"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the new answers' mix is from the one before. index: population stability; p: of chance."""

    name: str
    index: float
    p: float

    @property
    def alarms(self) -> bool:
        """Far, and not by chance."""
        return self.index > LARGEST_SHIFT and self.p <= WARN_P


@dataclass(frozen=True, slots=True)
class DriftFigures:
    """rung: what served. against_bkt: log loss of what serves minus the skill tracer's, None where that serves.

    bias: mean prediction minus share right. error: of calibration, p_error of chance. shifts: empty where there
    is nothing to compare with.
    """

    verdict: Verdict
    rung: Rung
    students: int
    answers: int
    log_loss: float = 0.0
    log_loss_bkt: float = 0.0
    against_bkt: StudentMean | None = None
    bias: StudentMean | None = None
    error: float = 0.0
    p_error: float = 1.0
    shifts: tuple[Shift, ...] = ()


def find_drift(new: ReplayedAnswers, before: ReplayedAnswers, rung: Rung, *, seed: int = 0) -> DriftFigures:
    """What the new answers say of the rung that serves. before: answers from when it was chosen, may be few."""
    students, answers = len(np.unique(new.student)), len(new)
    if students < LEAST_STUDENTS or answers < LEAST_ANSWERS:
        return DriftFigures(Verdict.NOT_ENOUGH, rung, students, answers)
    served = new.chances[rung]
    against = None if rung == BKT else worse_than_bkt(new, rung, seed=seed)
    bias = student_mean(new.student, served - new.correct, seed=seed)
    error, p_error = _calibration(new, served, seed=seed)
    shifts = find_shifts(new, before, seed=seed)
    misjudges = (abs(bias.mean) > LARGEST_BIAS and bias.p_beyond <= WARN_P) or (
        error > LARGEST_ERROR and p_error <= WARN_P
    )
    verdict = Verdict.SHIFTED if any(one.alarms for one in shifts) else Verdict.FINE
    verdict = Verdict.MISJUDGES if misjudges else verdict
    verdict = Verdict.WORSE if against is not None and is_worse(against) else verdict
    return DriftFigures(
        verdict,
        rung,
        students,
        answers,
        log_loss(new.correct, served),
        log_loss(new.correct, new.chances[BKT]),
        against,
        bias,
        error,
        p_error,
        shifts,
    )


def worse_than_bkt(new: ReplayedAnswers, rung: Rung, *, seed: int = 0) -> StudentMean:
    """Log loss of a rung minus the skill tracer's on the same answers, paired by student."""
    loss, bkt = (_losses(new.correct, new.chances[one]) for one in (rung, BKT))
    return student_mean(new.student, loss - bkt, seed=seed)


def is_worse(against: StudentMean) -> bool:
    """By the gate's own margin, and not by chance."""
    return against.mean >= LEAST_WORSE and against.p_above <= WORSE_P


def find_shifts(new: ReplayedAnswers, before: ReplayedAnswers, *, seed: int = 0) -> tuple[Shift, ...]:
    """How the mix of skills, right answers and gaps moved; () with too few students on either side."""
    if min(len(np.unique(one.student)) for one in (new, before)) < LEAST_STUDENTS:
        return ()
    return tuple(
        _shift(name, (new, new_bins), (before, before_bins), seed=seed)
        for name, new_bins, before_bins in (
            ("skills", new.skill, before.skill),
            ("right answers", new.correct.astype(np.int64), before.correct.astype(np.int64)),
            ("gaps", _gap_bins(new), _gap_bins(before)),
        )
    )


def stability_index(new: Floats, before: Floats) -> Floats:
    """Population stability index of (..., B) counts, half an answer added to each of the B kinds."""
    kinds = new.shape[-1]
    p, q = ((one + 0.5) / (one.sum(-1, keepdims=True) + 0.5 * kinds) for one in (new, before))
    return np.asarray(((p - q) * np.log(p / q)).sum(-1), np.float64)


def _shift(
    name: str,
    new: tuple[ReplayedAnswers, NDArray[np.int64]],
    before: tuple[ReplayedAnswers, NDArray[np.int64]],
    *,
    seed: int,
) -> Shift:
    """Chance: each student's two parts, new and before, might as well have changed places."""
    kinds = 1 + max(int(bins.max()) for _, bins in (new, before))
    parts = [_counts(answers, bins, kinds) for answers, bins in (new, before)]
    found = float(stability_index(parts[0].sum(0), parts[1].sum(0)))
    flips = signs(len(parts[0]), seed=seed)
    middle, half = (parts[0] + parts[1]).sum(0) / 2, flips @ (parts[0] - parts[1]) / 2
    null = stability_index(middle + half, middle - half)
    return Shift(name, found, share_at_least(null, found))


def _counts(answers: ReplayedAnswers, bins: NDArray[np.int64], kinds: int) -> Floats:
    """(students, kinds) answers of each kind, a row for every student of the school."""
    counts = np.zeros((len(answers.students), kinds))
    np.add.at(counts, (answers.student, bins), 1.0)
    return counts


def _gap_bins(answers: ReplayedAnswers) -> NDArray[np.int64]:
    """Under a minute, an hour, a day, a week, longer; unknown counts as longest."""
    gaps = np.nan_to_num(answers.gap_seconds, nan=np.inf)
    return np.searchsorted(_GAPS_SECONDS, gaps).astype(np.int64)


def _calibration(new: ReplayedAnswers, served: Floats, *, seed: int) -> tuple[float, float]:
    """Expected calibration error, and the chance of so much if students' residuals had come out the other way."""
    bins = np.minimum((served * _BINS).astype(np.int64), _BINS - 1)
    residuals = np.zeros((len(new), _BINS))
    residuals[np.arange(len(new)), bins] = new.correct - served
    totals = sums_by_student(new.student, residuals)
    null = np.abs(signs(len(totals), seed=seed) @ totals).sum(1) / len(new)
    found = calibration_error(new.correct, served)
    return found, share_at_least(null, found)


def _losses(correct: NDArray[np.bool_], chances: Floats) -> Floats:
    """(N,) negative log likelihoods; chances of 0 and 1 are cut."""
    p = np.clip(chances, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    return np.asarray(-np.where(correct, np.log(p), np.log1p(-p)), np.float64)
