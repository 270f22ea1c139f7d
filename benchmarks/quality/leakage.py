"""Guards against predictions that have seen the answer: flipped answers, and attempts expanded into rows by skill.

The flip works for any model. The expansion alarm needs a DKT: a logistic model doesn't show that leak.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.models.encoding import NO_SKILL, EncodedHistory

ALARM_GAIN = 0.05  # AUC
Predict = Callable[[Sequence[EncodedHistory]], NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A history as a model sees it. attempt: (T,) which attempt each row belongs to, rising from 0."""

    history: EncodedHistory
    attempt: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FlipResult:
    """How many answers were flipped, and for how many of them a prediction changed that came before the answer."""

    flips: int
    leaks: int

    @property
    def passed(self) -> bool:
        """Nothing looked ahead."""
        return self.flips > 0 and self.leaks == 0


@dataclass(frozen=True, slots=True)
class ExpansionAlarm:
    """AUC of a DKT trained and scored on attempts, and on the same attempts expanded into a row per skill."""

    honest_auc: float
    expanded_auc: float
    threshold: float = ALARM_GAIN

    @property
    def tripped(self) -> bool:
        """Whether the expanded rows look too good to be true."""
        return self.expanded_auc - self.honest_auc >= self.threshold

    def as_json(self) -> dict[str, float | bool]:
        """The figures, and whether the alarm rang."""
        return {**asdict(self), "tripped": self.tripped}


def as_attempts(history: EncodedHistory) -> Rows:
    """The honest form: one row per attempt."""
    return Rows(history, np.arange(len(history)))


def expanded(history: EncodedHistory) -> Rows:
    """The planted leak: an attempt with n skills becomes n rows, each with the attempt's answer."""
    attempt, slot = np.nonzero(history.skill_rows >= 0)
    skill_rows = np.full((len(attempt), history.skill_rows.shape[1]), NO_SKILL, np.int32)
    skill_rows[:, 0] = history.skill_rows[attempt, slot]
    return Rows(
        EncodedHistory(
            student=history.student,
            items=tuple(history.items[t] for t in attempt),
            skill_rows=skill_rows,
            correct=history.correct[attempt],
            weight=history.weight[attempt],
            at_seconds=history.at_seconds[attempt],
        ),
        attempt,
    )


def flip_answers(
    predict: Predict, students: Sequence[Rows], *, rng: np.random.Generator, flips: int
) -> FlipResult:
    """Flips one random attempt's answer, `flips` times, the students in turn.

    predict: predictions for every row from the second of the histories given, one after the other. All of an
    attempt's rows and all before must stay equal to the last bit.
    """
    usable = [rows for rows in students if len(rows.history) > 1]
    leaks = 0
    for number in range(flips if usable else 0):
        rows = usable[number % len(usable)]
        chosen = rng.integers(1, int(rows.attempt[-1]) + 1) if rows.attempt[-1] else 0
        before = int(np.count_nonzero(rows.attempt <= chosen)) - 1  # predictions start at the second row
        flipped = replace(rows.history, correct=rows.history.correct ^ (rows.attempt == chosen))
        same = np.array_equal(predict([rows.history])[:before], predict([flipped])[:before])
        leaks += not same
    return FlipResult(flips if usable else 0, leaks)
