"""How much easier or harder an item is than its skills: one shrunk offset per item, fitted at the school.

An offset is added to a logit: 0 means "as hard as its skills", below 0 is harder. It depends on other students'
answers, so it never enters an update (decision 0004) and never leaves the school.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.models.encoding import EncodedHistory, shares
from common.models.odds import sigmoid

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_SWEEPS = 12
_SKILL_RIDGE = 0.1
_ABILITY_RIDGE = 1.0
_LARGEST_STEP = 2.0  # a Newton step from a saturated logit could be enormous


def fit_item_difficulty(
    histories: Sequence[EncodedHistory],
    rows: int,
    *,
    ridge: float = 2.0,
    bases: Sequence[NDArray[np.floating]] | None = None,
) -> dict[str, float]:
    """Offset by item id; an item that nobody answered is missing and counts as 0.

    bases: (T,) logits of another model for each history, kept fixed. Without them the base is fitted along:
    an offset per skill row (mean over an attempt's skills) and an ability per student, so that an item isn't
    called easy because strong students met it. ridge: penalty ridge / 2 * offset^2; 2 means that an
    item needs about eight answers before half of its deviation is believed. Weighted by evidence.
    """
    if not any(len(history) for history in histories):
        return {}
    names, item = np.unique([name for history in histories for name in history.items], return_inverse=True)
    correct = np.concatenate([history.correct for history in histories]).astype(np.float64)
    weight = np.concatenate([history.weight for history in histories]).astype(np.float64)
    base = (
        _fitted_base(histories, rows, item, ridge=ridge)
        if bases is None
        else np.concatenate(bases).astype(np.float64)
    )
    offsets = fit_offsets(item, base, correct, weight=weight, ridge=ridge)
    return {str(name): float(offset) for name, offset in zip(names, offsets, strict=True)}


def fit_offsets(
    group: Indices, base: Floats, correct: Floats, *, weight: Floats, ridge: float, sweeps: int = _SWEEPS
) -> Floats:
    """(G,) offsets that maximise the penalised likelihood of each group's answers, by Newton's method.

    group, base (logits), correct, weight: (N,). The problems are one-dimensional and convex, one per group.
    """
    count = int(group.max()) + 1
    offsets = np.zeros(count)
    for _ in range(sweeps):
        p = sigmoid(base + offsets[group])
        slope = np.bincount(group, weight * (correct - p), count) - ridge * offsets
        curvature = np.bincount(group, weight * p * (1 - p), count) + ridge
        offsets += np.clip(slope / curvature, -_LARGEST_STEP, _LARGEST_STEP)
    return offsets


def _fitted_base(histories: Sequence[EncodedHistory], rows: int, item: Indices, *, ridge: float) -> Floats:
    """(N,) skills + student's ability, fitted in turns with item offsets."""
    skill_rows = np.concatenate([history.skill_rows for history in histories])
    share = shares(skill_rows).astype(np.float64)
    correct = np.concatenate([history.correct for history in histories]).astype(np.float64)
    weight = np.concatenate([history.weight for history in histories]).astype(np.float64)
    student = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
    skills = np.zeros(rows)
    skill_part, student_part, item_part = np.zeros(len(item)), np.zeros(len(item)), np.zeros(len(item))
    for _ in range(_SWEEPS):
        p = sigmoid(skill_part + student_part + item_part)
        skills += _skill_step(
            skills, skill_rows, share, surprise=weight * (correct - p), curve=weight * p * (1 - p)
        )
        skill_part = (skills[skill_rows] * share).sum(1)
        rest = skill_part + item_part
        student_part = fit_offsets(student, rest, correct, weight=weight, ridge=_ABILITY_RIDGE, sweeps=2)[student]
        rest = skill_part + student_part
        item_part = fit_offsets(item, rest, correct, weight=weight, ridge=ridge, sweeps=2)[item]
    return skill_part + student_part


def _skill_step(
    skills: Floats, skill_rows: NDArray[np.int32], share: Floats, *, surprise: Floats, curve: Floats
) -> Floats:
    """(rows,) one Newton step with a diagonal that bounds the Hessian: an attempt's shares sum to 1."""
    real = skill_rows >= 0
    row, part = skill_rows[real], share[real]
    spread = np.nonzero(real)[0]
    slope = np.bincount(row, part * surprise[spread], len(skills)) - _SKILL_RIDGE * skills
    curvature = np.bincount(row, part * curve[spread], len(skills)) + _SKILL_RIDGE
    return np.asarray(np.clip(slope / curvature, -_LARGEST_STEP, _LARGEST_STEP), np.float64)
