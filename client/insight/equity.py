"""The fairness check: whether what serves predicts one group of this school's students worse than the others.

Two questions for each group. Is it promised more or less, against what then happens, than the others are? And are
right answers told from wrong ones differently: ABROCA, the area between the two ROC curves (Gardner, Brooks and
Baker 2019)? A bare ABROCA is always above 0, so both are held against chance: the groups of whole students
permuted. Holm's rule keeps the chance of any false alarm in a school at 5 %. AUC hides what calibration shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from client.insight.student_shuffles import StudentMean, share_at_least, student_mean
from common.models.metrics import auc

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

LEAST_STUDENTS = 10  # below, nothing is said of a group
LEAST_TO_COMPARE, LEAST_ANSWERS = 20, 500  # in the group and among the others
LARGEST_GAP = 0.03  # in promise, before it is worth an alarm
ALARM_P = 0.05
PERMUTATIONS = 999
_BINS = 100
POOLED = "several small groups"
UNKNOWN = "not given"


@dataclass(frozen=True, slots=True, eq=False)
class JudgedAnswers:
    """N answers with what was said of them. student (N,): index; chances (N,): of what serves. Sensitive."""

    correct: NDArray[np.bool_] = field(repr=False)
    student: Indices = field(repr=False)
    chances: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group. bias: mean chance minus share right, over its students. auc: nan with answers of one kind only.

    gap: its bias minus the others'. abroca: against the others, and what chance alone stays below in 95 % of
    permutations. p_gap, p_abroca: of chance, Holm's rule applied; 1 where too little can be compared.
    """

    group: str
    students: int
    answers: int
    right: float
    bias: StudentMean
    auc: float
    gap: float = 0.0
    p_gap: float = 1.0
    abroca: float = 0.0
    abroca_by_chance: float = 0.0
    p_abroca: float = 1.0
    compared: bool = False

    @property
    def promises_alarm(self) -> bool:
        """Promised more or less than the others, by enough to matter and not by chance."""
        return self.p_gap <= ALARM_P and abs(self.gap) > LARGEST_GAP

    @property
    def order_alarm(self) -> bool:
        """Right and wrong told apart otherwise than among the others, and not by chance."""
        return self.p_abroca <= ALARM_P


def compare_groups(answers: JudgedAnswers, groups: Sequence[str], *, seed: int = 0) -> tuple[GroupFigures, ...]:
    """One figure set per group, largest first. groups: of each student index; "" is not given.

    Groups under ten students are put together with the next larger ones until there are ten, so that none can be
    worked out from the others' figures; () if fewer than two remain.
    """
    present = np.unique(answers.student)
    label = pooled_groups({int(one): groups[one] or UNKNOWN for one in present})
    names = sorted(set(label.values()), key=lambda name: (-list(label.values()).count(name), name))
    if len(names) < 2:
        return ()
    place = np.array([names.index(label[int(one)]) for one in present])
    found = [_figures(answers, present, place == number, name=name) for number, name in enumerate(names)]
    tested = [_compared(one, answers, (present, place == n), seed=seed) for n, one in enumerate(found)]
    return _held_by_holm(tested)


def pooled_groups(label: Mapping[int, str]) -> dict[int, str]:
    """The same, with groups under ten students put together, the smallest first, until every group has ten."""
    counts: dict[str, int] = {}
    for name in label.values():
        counts[name] = counts.get(name, 0) + 1
    pooled: set[str] = set()
    for name in sorted(counts, key=lambda one: (counts[one], one)):
        together = sum(counts[one] for one in pooled)
        if counts[name] >= LEAST_STUDENTS and (not pooled or together >= LEAST_STUDENTS):
            break
        pooled.add(name)
    return {one: POOLED if name in pooled else name for one, name in label.items()}


def abroca(inside: tuple[Floats, Floats], outside: tuple[Floats, Floats]) -> Floats:
    """(D,) areas between ROC curves. Each side: (D, B) right and wrong answers by bin of chance, lowest first.

    The curves are drawn through the bins' corners and compared on a grid of false-alarm rates.
    """
    grid = np.linspace(0.0, 1.0, 4 * _BINS + 1)
    curves = [_curves(right, wrong, grid) for right, wrong in (inside, outside)]
    apart = np.abs(curves[0] - curves[1])
    return np.asarray((apart[:, 1:] + apart[:, :-1]).sum(1) / 2 / (len(grid) - 1), np.float64)


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted so that any one of them at or below 5 % is an error in at most 5 % of schools."""
    adjusted, highest = [1.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=lambda one: p[one])):
        highest = max(highest, min((len(p) - rank) * p[place], 1.0))
        adjusted[place] = highest
    return adjusted


def _curves(right: Floats, wrong: Floats, grid: Floats) -> Floats:
    """(D, G) hit rates at each false-alarm rate, from the highest bin of chance down."""
    hits, alarms = (_from_above(one) for one in (right, wrong))
    return np.array([np.interp(grid, one, other) for one, other in zip(alarms, hits, strict=True)])


def _from_above(counts: Floats) -> Floats:
    """(D, B + 1) shares reached, from 0 to 1."""
    reached = np.cumsum(counts[:, ::-1], axis=1)
    total = np.maximum(reached[:, -1:], 1e-12)
    return np.concatenate([np.zeros((len(counts), 1)), reached / total], axis=1)


def _figures(answers: JudgedAnswers, present: Indices, inside: NDArray[np.bool_], *, name: str) -> GroupFigures:
    rows = np.isin(answers.student, present[inside])
    correct, chances = answers.correct[rows], answers.chances[rows]
    bias = student_mean(answers.student[rows], chances - correct)
    return GroupFigures(
        name, int(inside.sum()), len(correct), float(correct.mean()), bias, float(auc(correct, chances))
    )


def _compared(
    figures: GroupFigures, answers: JudgedAnswers, split: tuple[Indices, NDArray[np.bool_]], *, seed: int
) -> GroupFigures:
    """With gap, ABROCA and their chances before Holm's rule; as it was where too little can be compared."""
    present, inside = split
    others = len(answers.correct) - figures.answers
    few = min(figures.students, len(present) - figures.students) < LEAST_TO_COMPARE
    if few or min(figures.answers, others) < LEAST_ANSWERS:
        return figures
    right, wrong, promise = _tables(answers, present)
    draws = _permuted(inside, seed=seed)
    gaps = _gaps(draws, promise, right.sum(1) + wrong.sum(1))
    inside_right, inside_wrong = draws @ right, draws @ wrong
    outside = (right.sum(0) - inside_right, wrong.sum(0) - inside_wrong)
    areas = abroca((inside_right, inside_wrong), outside)
    return replace(
        figures,
        gap=float(gaps[0]),
        p_gap=share_at_least(np.abs(gaps[1:]), abs(float(gaps[0]))),
        abroca=float(areas[0]),
        abroca_by_chance=float(np.quantile(areas[1:], 0.95)),
        p_abroca=share_at_least(areas[1:], float(areas[0])),
        compared=True,
    )


def _tables(answers: JudgedAnswers, present: Indices) -> tuple[Floats, Floats, Floats]:
    """(S, B) right and wrong answers of each student by bin of chance, and (S,) sums of chance minus right."""
    student = np.searchsorted(present, answers.student)
    edges = np.quantile(answers.chances, np.linspace(0, 1, _BINS + 1)[1:-1])
    bins = np.searchsorted(edges, answers.chances, side="right")
    right, wrong = (np.zeros((len(present), _BINS)) for _ in range(2))
    np.add.at(right, (student, bins), answers.correct.astype(np.float64))
    np.add.at(wrong, (student, bins), 1.0 - answers.correct)
    promise = np.bincount(student, answers.chances - answers.correct, len(present)).astype(np.float64)
    return right, wrong, promise


def _permuted(inside: NDArray[np.bool_], *, seed: int) -> Floats:
    """(1 + PERMUTATIONS, S) of 0 and 1: the group as it is, then groups of as many students by chance."""
    rng = np.random.default_rng(seed)
    once = inside.astype(np.float64)
    return np.stack([once, *(rng.permutation(once) for _ in range(PERMUTATIONS))])


def _gaps(draws: Floats, promise: Floats, counts: Floats) -> Floats:
    """(D,) bias inside minus bias outside."""
    inside, outside = ((one @ promise) / np.maximum(one @ counts, 1.0) for one in (draws, 1 - draws))
    return np.asarray(inside - outside, np.float64)


def _held_by_holm(tested: Sequence[GroupFigures]) -> tuple[GroupFigures, ...]:
    """Both questions about all groups that could be compared, adjusted together."""
    compared = [one for one in tested if one.compared]
    p = holm([*(one.p_gap for one in compared), *(one.p_abroca for one in compared)])
    held = {one.group: (p[place], p[place + len(compared)]) for place, one in enumerate(compared)}
    return tuple(
        replace(one, p_gap=held[one.group][0], p_abroca=held[one.group][1]) if one.compared else one
        for one in tested
    )
