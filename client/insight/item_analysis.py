"""Item analysis: which item families are probably graded by a wrong key, unlike their skill, or tell nobody apart.

Each student speaks once for an item, with the first answer to it. What was to be expected comes from a model that
knows the student and the item's skills but not the item, or a wrong key would have been learnt as "hard". Every
question is put to all items at once, so chance findings are held to a share of the findings (Benjamini and
Hochberg 1995). Figures of fewer than ten students are never given.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from common.models.odds import logit_of, sigmoid

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

LEAST_STUDENTS = 10
LEAST_FOR_SHAPE = 30  # before an item is said to tell nobody apart
STRONG = 0.7  # chance of right from which a student counts as strong, for the page
LEAST_EXPECTED = 8.0  # right answers, before a key is doubted because they don't come
HARDER = 1.5  # logits by which a sound item may be harder than its skill
FEW_RIGHT = 0.15  # of those that were expected; some get past a wrong key by luck or by sharing its mistake
FALSE_SHARE = 0.05  # of findings, by Benjamini and Hochberg
FALSE_KEYS = 0.01  # of accused keys: whoever is sent to check a sound key comes back less gladly
LEAST_DIFFERENCE = 0.15  # in share right, before an item is called unlike its skill
_LEAST_LOGIT, _SWEEPS = 4.0, 25


class Flag(StrEnum):
    """The gravest thing about an item."""

    NONE = "none"
    TOO_EASY = "easier than its skill"
    TOO_HARD = "harder than its skill"
    FLAT = "tells nobody apart"
    WRONG_KEY = "probably a wrong key"


@dataclass(frozen=True, slots=True, eq=False)
class FirstAnswers:
    """One row for each student and item, (N,) each. item: index; expected: chance without knowing the item."""

    item: Indices
    correct: NDArray[np.bool_]
    expected: Floats


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """right, expected: shares. strong: students who were expected to be right, and strong_right of them.

    apart: correlation of being right with what was expected; nan where all or none were right.
    """

    item: int
    students: int
    right: float
    expected: float
    strong: int
    strong_right: int
    apart: float
    flag: Flag = Flag.NONE


@dataclass(frozen=True, slots=True)
class _Chances:
    """How likely so much is by chance, each in its own direction; 1 where the question can't be put."""

    all_wrong: float
    upside_down: float
    flat: float
    unlike: float


def analyse_items(answers: FirstAnswers) -> tuple[ItemFigures, ...]:
    """Every item with answers of at least ten students, in the order of their index."""
    order = np.argsort(answers.item, kind="stable")
    items, starts = np.unique(answers.item[order], return_index=True)
    parts = [part for part in np.split(order, starts[1:]) if len(part) >= LEAST_STUDENTS] if len(items) else []
    found = [_figures(int(answers.item[part[0]]), answers.correct[part], answers.expected[part]) for part in parts]
    chances = [_chances(answers.correct[part], answers.expected[part]) for part in parts]
    return tuple(
        ItemFigures(
            item=one.item,
            students=one.students,
            right=one.right,
            expected=one.expected,
            strong=one.strong,
            strong_right=one.strong_right,
            apart=one.apart,
            flag=flag,
        )
        for one, flag in zip(found, _flags(found, chances), strict=True)
    )


def survivors(p: Sequence[float], share: float = FALSE_SHARE) -> NDArray[np.bool_]:
    """(M,) which of M findings stand when at most `share` of them may be false."""
    values = np.asarray(p, np.float64)
    if len(values) == 0:
        return np.zeros(0, np.bool_)
    order = np.argsort(values, kind="stable")
    below = np.flatnonzero(values[order] <= share * np.arange(1, len(values) + 1) / len(values))
    kept = np.zeros(len(values), np.bool_)
    kept[order[: below[-1] + 1 if len(below) else 0]] = True
    return kept


def chance_of_so_few(right: int, chances: Floats) -> float:
    """P(at most `right` of these happen), each with its own chance; exact, by adding one after the other."""
    so_far = np.zeros(len(chances) + 1)
    so_far[0] = 1.0
    for chance in chances:
        so_far[1:] = so_far[1:] * (1 - chance) + so_far[:-1] * chance
        so_far[0] *= 1 - chance
    return float(min(so_far[: right + 1].sum(), 1.0))


def _figures(item: int, correct: NDArray[np.bool_], expected: Floats) -> ItemFigures:
    strong = expected >= STRONG
    mixed = 0 < correct.sum() < len(correct) and np.ptp(expected) > 0
    apart = float(np.corrcoef(_logits(expected), correct)[0, 1]) if mixed else math.nan
    return ItemFigures(
        item,
        len(correct),
        float(correct.mean()),
        float(expected.mean()),
        int(strong.sum()),
        int(correct[strong].sum()),
        apart,
    )


def _chances(correct: NDArray[np.bool_], expected: Floats) -> _Chances:
    logits = _logits(expected)
    enough = expected.sum() >= LEAST_EXPECTED
    harder = sigmoid(logits - HARDER)
    residual = float((correct - expected).sum() / math.sqrt((expected * (1 - expected)).sum()))
    return _Chances(
        all_wrong=chance_of_so_few(int(correct.sum()), harder) if enough else 1.0,
        upside_down=_below(_slope_score(correct, logits, np.full(len(correct), correct.mean()))),
        flat=_below(_slope_score(correct, logits, _as_hard_as_it_is(correct, logits))),
        unlike=2 * _below(-abs(residual)),
    )


def _flags(found: Sequence[ItemFigures], chances: Sequence[_Chances]) -> list[Flag]:
    all_wrong = survivors([one.all_wrong for one in chances], FALSE_KEYS)
    upside_down = survivors([one.upside_down for one in chances], FALSE_KEYS)
    flat = survivors([one.flat for one in chances])
    unlike = survivors([one.unlike for one in chances])
    flags = []
    for place, one in enumerate(found):
        few = one.right <= FEW_RIGHT * one.expected
        if (all_wrong[place] and few) or upside_down[place]:
            flags.append(Flag.WRONG_KEY)
        elif flat[place] and one.students >= LEAST_FOR_SHAPE:
            flags.append(Flag.FLAT)
        elif unlike[place] and abs(one.right - one.expected) >= LEAST_DIFFERENCE:
            flags.append(Flag.TOO_HARD if one.right < one.expected else Flag.TOO_EASY)
        else:
            flags.append(Flag.NONE)
    return flags


def _slope_score(correct: NDArray[np.bool_], logits: Floats, said: Floats) -> float:
    """How far being right rises more steeply with the expected logit than `said` has it, in deviations.

    The score test of a logistic slope, the item's own difficulty taken out; 0 where nothing can be told.
    """
    weight = said * (1 - said)
    if weight.sum() < 1e-9:
        return 0.0
    away = logits - (weight * logits).sum() / weight.sum()
    spread = float((weight * away**2).sum())
    return 0.0 if spread < 1e-9 else float((away * (correct - said)).sum() / math.sqrt(spread))


def _as_hard_as_it_is(correct: NDArray[np.bool_], logits: Floats) -> Floats:
    """(n,) chances by the expected logits plus the one offset with which as many are right; by Newton's method."""
    offset, target = 0.0, min(max(float(correct.sum()), 0.5), len(correct) - 0.5)
    for _ in range(_SWEEPS):
        said = sigmoid(logits + offset)
        offset += float(np.clip((target - said.sum()) / max((said * (1 - said)).sum(), 1e-6), -1, 1))
    return sigmoid(logits + offset)


def _logits(expected: Floats) -> Floats:
    """Cut, so that a model that is too sure of one student doesn't decide alone."""
    least = float(sigmoid(np.array(-_LEAST_LOGIT)))
    return logit_of(np.clip(expected, least, 1 - least))


def _below(z: float) -> float:
    """Chance of a normal deviate of at most z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))
