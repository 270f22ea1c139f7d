"""Figures over groups of schools: all together, the mean, small ones, the worst tenth, and new ones.

Pooled figures alone mislead: one school may hold most answers, and a pooled AUC partly rewards knowing the school.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.protocol import Consortium, School
from client.training.scored_answers import scored_answers
from common.models.metrics import Answers, Metric, auc, calibration_error, log_loss

Chances = NDArray[np.float64]
BySchool = Mapping[str, Chances]
Groups = dict[str, float | None]

GROUPS = ("pooled", "mean", "small", "worst_tenth", "new", "new_mean")
METRICS: tuple[tuple[str, Metric], ...] = (("auc", auc), ("log_loss", log_loss), ("ece", calibration_error))
LEAST_TEST_STUDENTS = 5  # of a school whose own figure counts
SMALL_ROWS = 1500
WORST_SHARE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What one school's judged students answered, from the second attempt of each on.

    correct (N,); student (N,) index; position (N,) of the attempt in its history, from 1; rows: training attempts.
    """

    name: str
    new: bool
    rows: int
    correct: Answers = field(repr=False)
    student: NDArray[np.int64] = field(repr=False)
    position: NDArray[np.int64] = field(repr=False)

    @property
    def students(self) -> int:
        """How many students have a scored answer."""
        return len(np.unique(self.student))


def answered(consortium: Consortium) -> tuple[Answered, ...]:
    """The truth of every school, in the consortium's order; the same for every model."""
    return tuple(_answered(school) for school in consortium.schools)


def _answered(school: School) -> Answered:
    answers = scored_answers(school.judged)
    positions = [np.arange(2, len(history) + 1) for history in school.judged]
    position = np.concatenate([np.zeros(0, np.int64), *positions])
    return Answered(school.name, school.new, school.training_rows, answers.correct, answers.student, position)


def counted(truth: Sequence[Answered]) -> list[Answered]:
    """The members whose own figure counts."""
    return [one for one in truth if not one.new and one.students >= LEAST_TEST_STUDENTS]


def members_of(group: str, truth: Sequence[Answered]) -> list[Answered]:
    """The schools whose own figures a group's mean is over; for `pooled` and `new`, whose answers are joined."""
    if group in ("new", "new_mean"):
        return [one for one in truth if one.new]
    if group == "pooled":
        return [one for one in truth if not one.new]
    return [one for one in counted(truth) if group != "small" or one.rows < SMALL_ROWS]


def figures(metric: Metric, truth: Sequence[Answered], chances: BySchool, *, high_is_good: bool) -> Groups:
    """One metric by group; None where a group has no school, or nothing that the metric can be computed from."""
    found: Groups = {}
    for group in GROUPS:
        schools = [one for one in members_of(group, truth) if one.name in chances]
        if group in ("pooled", "new"):
            found[group] = known(pooled(metric, schools, chances))
            continue
        own = [metric(one.correct, chances[one.name]) for one in schools]
        own = sorted((value for value in own if not math.isnan(value)), reverse=not high_is_good)
        worst = max(1, math.ceil(WORST_SHARE * len(own))) if group == "worst_tenth" else len(own)
        found[group] = float(np.mean(own[:worst])) if own else None
    return found


def pooled(metric: Metric, schools: Sequence[Answered], chances: BySchool) -> float:
    """The metric over all answers of these schools together; nan without any."""
    if not schools:
        return float("nan")
    return metric(*joined(schools, chances))


def joined(schools: Sequence[Answered], chances: BySchool) -> tuple[Answers, Chances]:
    """All answers of these schools, and their predictions, (N,) each."""
    correct = np.concatenate([np.zeros(0, np.bool_), *(one.correct for one in schools)])
    return correct, np.concatenate([np.zeros(0), *(chances[one.name] for one in schools)])


def known(value: float) -> float | None:
    """None for nan, which JSON can't carry."""
    return None if math.isnan(value) else value
