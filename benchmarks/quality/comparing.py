"""Paired differences of AUC between two models by group of schools, students drawn again inside each school.

A draw gives each student a count; a weighted AUC over answers that were sorted once makes a draw cheap.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.groups import Answered, BySchool, Chances, members_of

Floats = NDArray[np.float64]
DRAWS = 200
COMPARED = ("pooled", "mean", "small", "new", "new_mean")


@dataclass(frozen=True, slots=True)
class Difference:
    """first minus second with its 95 % interval over draws of students."""

    group: str
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class SortedAnswers:
    """Answers in the order of their predictions. ties: where each run of equal predictions starts."""

    order: NDArray[np.int64]
    correct: Floats
    ties: NDArray[np.int64]

    @staticmethod
    def of(correct: NDArray[np.bool_], predicted: Chances) -> "SortedAnswers":
        """Sorts once; `auc` is then a few passes."""
        order = np.argsort(predicted, kind="stable")
        ties = np.flatnonzero(np.diff(predicted[order], prepend=-np.inf))
        return SortedAnswers(order, correct[order].astype(np.float64), ties)

    def auc(self, counts: Floats) -> float:
        """AUC with each answer counted `counts` (N,) times; nan without both kinds."""
        counted = counts[self.order]
        right = np.add.reduceat(counted * self.correct, self.ties)
        wrong = np.add.reduceat(counted * (1 - self.correct), self.ties)
        pairs = right.sum() * wrong.sum()
        below = np.cumsum(wrong) - wrong / 2
        return float((right * below).sum() / pairs) if pairs else float("nan")


def compare(
    truth: Sequence[Answered],
    better: BySchool,
    than: BySchool,
    *,
    seed: int,
    draws: int = DRAWS,
    groups: Sequence[str] = COMPARED,
) -> list[Difference]:
    """By group; a group without schools, or in which no draw has both kinds of answers, is left out."""
    found = []
    for group in groups:
        schools = [one for one in members_of(group, truth) if one.name in better and one.name in than]
        if not schools:
            continue
        blocks = [schools] if group in ("pooled", "new") else [[one] for one in schools]
        sides = [[_sorted(block, side) for block in blocks] for side in (better, than)]
        whole = _difference(sides, [np.ones(sum(len(one.correct) for one in block)) for block in blocks])
        rng = np.random.default_rng(seed)
        drawn = [_difference(sides, [_draw(block, rng) for block in blocks]) for _ in range(draws)]
        real = [value for value in drawn if not np.isnan(value)]
        if real and not np.isnan(whole):
            low, high = np.quantile(real, [0.025, 0.975])
            found.append(Difference(group, whole, float(low), float(high)))
    return found


def _sorted(block: Sequence[Answered], chances: BySchool) -> SortedAnswers:
    correct = np.concatenate([one.correct for one in block])
    return SortedAnswers.of(correct, np.concatenate([chances[one.name] for one in block]))


def _draw(block: Sequence[Answered], rng: np.random.Generator) -> Floats:
    """(N,) how often each answer counts: students are drawn again inside each school."""
    parts = []
    for one in block:
        present, index = np.unique(one.student, return_inverse=True)
        drawn = np.bincount(rng.integers(0, len(present), len(present)), minlength=len(present))
        parts.append(drawn[index].astype(np.float64))
    return np.concatenate(parts)


def _difference(sides: Sequence[Sequence[SortedAnswers]], counts: Sequence[Floats]) -> float:
    """Mean over blocks in which both sides are known."""
    pairs = [(one.auc(n), other.auc(n)) for one, other, n in zip(*sides, counts, strict=True)]
    gaps = [first - second for first, second in pairs if not np.isnan(first)]
    return float(np.mean(gaps)) if gaps else float("nan")
