"""The gate: which rung of the ladder predicts this school's held-back students best, with proof.

Rung by rung, upwards: a rung takes over from the best one below it if it shows it on enough students and answers,
by a margin, in most resamplings of students, and without promising too much. Whatever is unclear changes nothing:
the rung that serves already is only dropped when the same test favours the one below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from common.models.ladder import BKT, NAMES, RUNGS, Rung
from common.models.logistic_features import Floats, Indices
from common.models.metrics import (
    Answers,
    PairedPredictions,
    calibration_in_the_large,
    log_loss,
    paired_bootstrap,
)

LEAST_STUDENTS = 15
LEAST_ANSWERS = 300
LEAST_GAIN = 0.001  # of log loss, natural logarithm
LEAST_SHARE_BETTER = 0.8  # of student bootstraps
LARGEST_BIAS = 0.03  # mean prediction minus share right
_DRAWS = 200

Verdict = Literal["better", "no better", "luck", "biased", "broken"]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Answers that no fit has seen, and each rung's chances for them, (N,) each. Sensitive. student: index."""

    correct: Answers
    student: Indices
    chances: Mapping[Rung, Floats]

    @property
    def students(self) -> int:
        """How many students gave the answers."""
        return len(np.unique(self.student))

    def pairs(self, first: Rung, second: Rung) -> PairedPredictions:
        """Two rungs side by side."""
        return PairedPredictions(self.correct, self.chances[first], self.chances[second], self.student)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rung against the best below it; local. bias: of the upper one, mean prediction minus share right."""

    upper: Rung
    lower: Rung
    takes_over: bool
    sentence: str
    log_loss_upper: float
    log_loss_lower: float
    share_better: float
    bias: float


@dataclass(frozen=True, slots=True)
class GateDecision:
    """Which rung serves, and why, in sentences for the school's administrator."""

    rung: Rung
    reason: str
    students: int
    answers: int
    comparisons: tuple[Comparison, ...] = ()


def is_enough(students: int, answers: int) -> bool:
    """Whether so many students with so many scored answers can tell two models apart."""
    return students >= LEAST_STUDENTS and answers >= LEAST_ANSWERS


def climb(judged: Judged, *, default: Rung = BKT, serving: Rung | None = None, seed: int = 0) -> GateDecision:
    """The best rung here. default: for when too little can be judged; serving: what serves now, None = nothing."""
    students, answers = judged.students, len(judged.correct)
    if not is_enough(students, answers):
        kept = serving if serving is not None and serving in judged.chances else default
        return GateDecision(kept, _too_few(kept, students, answers), students, answers)
    best, comparisons = BKT, list[Comparison]()
    for upper in RUNGS[1:]:
        if upper in judged.chances:
            comparisons.append(compare(judged, upper, best, serving=serving, seed=seed))
            best = upper if comparisons[-1].takes_over else best
    reason = " ".join([f"{_capital(NAMES[best])} serves.", *(one.sentence for one in comparisons)])
    return GateDecision(best, reason, students, answers, tuple(comparisons))


def compare(judged: Judged, upper: Rung, lower: Rung, *, serving: Rung | None = None, seed: int = 0) -> Comparison:
    """Whether `upper` takes over from `lower`; if it serves already, whether it stays."""
    pairs = judged.pairs(upper, lower)
    verdict, share = judge(pairs, seed=seed)
    takes_over, kept = verdict == "better", False
    if not takes_over and serving == upper and verdict in ("no better", "luck"):
        turned = PairedPredictions(pairs.correct, pairs.second, pairs.first, pairs.student)
        takes_over = kept = judge(turned, seed=seed)[0] != "better"
    return Comparison(
        upper,
        lower,
        takes_over,
        _sentence(upper, lower, "kept" if kept else verdict, students=judged.students),
        log_loss_upper=log_loss(judged.correct, pairs.first),
        log_loss_lower=log_loss(judged.correct, pairs.second),
        share_better=share,
        bias=calibration_in_the_large(judged.correct, pairs.first),
    )


def judge(pairs: PairedPredictions, *, seed: int = 0) -> tuple[Verdict, float]:
    """Whether the first model is better by the rule, and in which share of bootstraps over students it is."""
    if not np.isfinite(pairs.first).all():
        return "broken", 0.0
    interval = paired_bootstrap(pairs, log_loss, rng=np.random.default_rng(seed), draws=_DRAWS)
    bias, share = calibration_in_the_large(pairs.correct, pairs.first), interval.share_below_zero
    if not -interval.difference >= LEAST_GAIN:
        return "no better", share
    if share < LEAST_SHARE_BETTER:
        return "luck", share
    return ("better" if abs(bias) <= LARGEST_BIAS else "biased"), share


def _sentence(upper: Rung, lower: Rung, verdict: str, *, students: int) -> str:
    name, other, on = _capital(NAMES[upper]), NAMES[lower], f"on {students} students of this school"
    return {
        "better": f"{name} predicts better than {other} {on}.",
        "no better": f"{name} doesn't predict better than {other} {on}.",
        "luck": f"{name} is ahead of {other} {on}, but that could be luck.",
        "broken": f"{name} gives no usable predictions {on}.",
        "biased": f"{name} misjudges how much is right {on}.",
        "kept": f"{name} served before, and {other} isn't clearly better {on}.",
    }[verdict]


def _too_few(rung: Rung, students: int, answers: int) -> str:
    return (
        f"{_capital(NAMES[rung])} serves: {students} students with {answers} scored answers are too few "
        f"to compare models here (it takes {LEAST_STUDENTS} and {LEAST_ANSWERS})."
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
