"""Chance over students: what a figure would be if each student's share of it had come out the other way round.

Answers of one student hang together, so whole students are flipped or drawn again, never single answers. With ten
students a flip has 1,024 outcomes; smaller groups are for nobody to judge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class StudentMean:
    """A mean over answers with its 95 % interval over students. p_above: of chance giving so much or more.

    p_beyond: of chance giving so much or more in either direction.
    """

    mean: float
    low: float
    high: float
    p_above: float
    p_beyond: float


def sums_by_student(student: Indices, values: NDArray[np.floating]) -> Floats:
    """(S,) or (S, B) sums of (N,) or (N, B) values; students without an answer are left out."""
    _, place = np.unique(student, return_inverse=True)
    totals = np.zeros((int(place.max(initial=-1)) + 1, *values.shape[1:]))
    np.add.at(totals, place, values)
    return totals


def signs(students: int, *, seed: int, draws: int = DRAWS) -> Floats:
    """(draws, S) of -1 and 1."""
    sides = np.random.default_rng(seed).integers(0, 2, (draws, students))
    return np.where(sides == 1, 1.0, -1.0)


def share_at_least(null: Floats, found: float) -> float:
    """How often chance gives so much or more; the finding itself counts once, so it is never 0."""
    return float((1 + np.count_nonzero(null >= found - 1e-12)) / (1 + len(null)))


def student_mean(student: Indices, values: Floats, *, seed: int = 0) -> StudentMean:
    """The mean of (N,) values. The chance of it: each student's sum as likely above 0 as below."""
    totals, counts = sums_by_student(student, values), sums_by_student(student, np.ones(len(values)))
    null = signs(len(totals), seed=seed) @ totals
    rng = np.random.default_rng([seed, 1])
    drawn = rng.multinomial(len(totals), np.full(len(totals), 1 / len(totals)), DRAWS).astype(np.float64)
    low, high = np.quantile((drawn @ totals) / (drawn @ counts), [0.025, 0.975])
    whole = float(totals.sum())
    return StudentMean(
        whole / float(counts.sum()),
        float(low),
        float(high),
        share_at_least(null, whole),
        share_at_least(np.abs(null), abs(whole)),
    )
