"""Per-student clipped gradient sums of the logistic model, for all students in one pass.

Student s with n answers has the gradient n^(-1/2) * sum over answers of w (p - y) x, its columns multiplied by the
plan's public factors. The root keeps a student with many answers from being all clip and one with few from being
all noise. A student's skills and families are few: only the (student, column) cells that occur are formed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.logistic import LogisticDesign, design, predict, sizes_of
from common.models.logistic_features import Floats
from common.privacy.clipping import ClippedSum, clip_factors

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The (student, column) pairs of a wide block that occur. student, column, value: (C,)."""

    student: Indices
    column: Indices
    value: Floats = field(repr=False)


def clipped_sum(
    arrays: Arrays,
    students: Sequence[EncodedHistory],
    clip_norm: float,
    *,
    families: Mapping[str, int],
    scales: Floats,
) -> ClippedSum:
    """Sum over students of gradient * min(1, clip_norm / norm), (d,) float64 in the order of `logistic_shapes`.

    students: one history each, their first answers count too. families: column of `family` by item. scales: (d,)
    public factors on the columns. A student whose gradient isn't finite, or who has no answer, contributes zero.
    """
    rows, count = sizes_of(arrays)
    dense_scale, skill_scale, family_scale = np.split(scales, [len(scales) - rows - count, len(scales) - count])
    attempts = design(students, families)
    raw_error = _raw_errors(arrays, attempts, students=len(students))
    columns = np.column_stack([np.ones(len(attempts)), attempts.features])
    raw_dense = _per_student(columns * raw_error[:, None], attempts.student, len(students)) * dense_scale
    raw_skills = _skill_cells(attempts, raw_error, rows, scale=skill_scale)
    raw_families = _family_cells(attempts, raw_error, count, scale=family_scale)
    with np.errstate(over="ignore"):  # an overflow gives infinity, and infinity gives factor 0
        raw_squared = np.square(raw_dense).sum(1)
        for cells in (raw_skills, raw_families):
            raw_squared += np.bincount(cells.student, np.square(cells.value), len(students))
    factors = clip_factors(raw_squared, clip_norm)
    usable = np.isfinite(raw_squared)
    parts = (
        (np.where(usable[:, None], raw_dense, 0.0) * factors[:, None]).sum(0),
        _total(raw_skills, factors, rows),
        _total(raw_families, factors, count),
    )
    return ClippedSum(np.concatenate(parts), clip_norm)


def _raw_errors(arrays: Arrays, attempts: LogisticDesign, *, students: int) -> Floats:
    """(N,) w (p - y) / sqrt(n), n being the student's answers."""
    answers = np.bincount(attempts.student, minlength=students)
    raw = attempts.weight * (predict(arrays, attempts) - attempts.correct)
    return np.asarray(raw / np.sqrt(answers[attempts.student]), np.float64)


def _per_student(values: Floats, student: Indices, students: int) -> Floats:
    """(S, width) sums of the rows of (N, width), which lie student after student."""
    answers = np.bincount(student, minlength=students)
    there = answers > 0
    summed = np.zeros((students, values.shape[1]))
    if there.any():
        summed[there] = np.add.reduceat(values, (np.cumsum(answers) - answers)[there])
    return summed


def _skill_cells(attempts: LogisticDesign, error: Floats, rows: int, *, scale: Floats) -> _Cells:
    real = attempts.skill_rows >= 0
    attempt, slot = np.nonzero(real)
    column = attempts.skill_rows[attempt, slot].astype(np.int64)
    return _cells(attempts.student[attempt], column, error[attempt] / real.sum(1)[attempt], scale=scale)


def _family_cells(attempts: LogisticDesign, error: Floats, count: int, *, scale: Floats) -> _Cells:
    known = attempts.family >= 0
    return _cells(attempts.student[known], attempts.family[known], error[known], scale=scale)


def _cells(student: Indices, column: Indices, value: Floats, *, scale: Floats) -> _Cells:
    width = len(scale)
    keys, cell = np.unique(student * max(width, 1) + column, return_inverse=True)
    columns = keys % max(width, 1)
    return _Cells(keys // max(width, 1), columns, np.bincount(cell, value, len(keys)) * scale[columns])


def _total(cells: _Cells, factors: Floats, width: int) -> Floats:
    """(width,) sum over students; a factor of 0 doesn't silence NaN, so such cells are replaced."""
    weighted = np.where(factors[cells.student] > 0, cells.value, 0.0) * factors[cells.student]
    return np.bincount(cells.column, weighted, width).astype(np.float64)
