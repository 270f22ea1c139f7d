"""The start of a logistic campaign, from simulated students only: bias, slopes, and how curved the loss is.

What is common to all practice (who was right before will be right again) is in the slopes. How hard a skill or a
family of items is, nobody knows yet: both start at 0. The curvature tells averaged Newton steps how far to go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays, to_bytes
from common.model_terms import LogisticTerms
from common.models.encoding import EncodedHistory
from common.models.logistic import LogisticDesign, design, initial_arrays, predict, skill_part
from common.models.logistic_features import WIDTH
from common.models.odds import sigmoid
from common.models.simulated_students import SimulatedItem
from common.models.starting_students import generic_items, starting_students
from common.privacy.clipping import clip_factors
from common.shared_model import CURVATURE, column_scales, family_columns

Floats = NDArray[np.float64]

# Seven in ten of a school's students train (the others test), so a mean update is flatter by that much.
TRAINING_SHARE = 0.7
_SWEEPS, _RIDGE, _LARGEST_STEP = 20, 1.0, 2.0


def logistic_start(
    terms: LogisticTerms, clip_norm: float, *, seed: int, items: Sequence[SimulatedItem] = ()
) -> bytes:
    """`common.arrays` bytes of the start; terms' start_digest isn't read. Some seconds.

    items: what the consortium's schools have in common, of which terms.families are the shared ones; without them
    items are invented. The same arguments give the same bytes on the same machine.
    """
    rng, skill_map = np.random.default_rng(seed), terms.skill_map
    students = _half_without_times(starting_students(skill_map, items or generic_items(skill_map, rng), rng))
    arrays = _fitted(students, terms)
    return to_bytes({**arrays, CURVATURE: curvature(arrays, students, terms, clip_norm=clip_norm)})


def curvature(
    arrays: Arrays, students: Sequence[EncodedHistory], terms: LogisticTerms, *, clip_norm: float
) -> NDArray[np.float32]:
    """(d,) diagonal of the Hessian of a mean update, each number in units of its scaled column.

    The mean over students of factor * n^(-1/2) * sum of p (1 - p) x^2, divided by clip_norm as a mean update is;
    factor: what the clip leaves of a student.
    """
    total = np.zeros(len(column_scales(terms)))
    for student in students:
        total += _student_curvature(arrays, student, terms, clip_norm=clip_norm)
    return np.asarray(TRAINING_SHARE * total / (len(students) * clip_norm), np.float32)


def _half_without_times(students: Sequence[EncodedHistory]) -> list[EncodedHistory]:
    """Logs may have no times: what those columns say mustn't hide in the bias, or such logs are misjudged."""
    return [replace(one, at_seconds=np.full(len(one), np.nan)) if n % 2 else one for n, one in enumerate(students)]


def _student_curvature(
    arrays: Arrays, student: EncodedHistory, terms: LogisticTerms, *, clip_norm: float
) -> Floats:
    rows, scales = design([student], family_columns(terms)), column_scales(terms)
    p, root = predict(arrays, rows), np.sqrt(max(len(rows), 1))
    error, bend = (p - rows.correct) * rows.weight / root, p * (1 - p) * rows.weight / root
    gradient, diagonal = np.zeros(len(scales)), np.zeros(len(scales))
    for columns, attempt, x in _columns(rows, skills=len(terms.skill_names) + 1):
        np.add.at(gradient, columns, error[attempt] * x)
        np.add.at(diagonal, columns, bend[attempt] * x * x)
    squared = np.square(gradient * scales).sum()
    return np.asarray(clip_factors(np.array([squared]), clip_norm) * diagonal * scales * scales)


def _columns(
    rows: LogisticDesign, *, skills: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], Floats]]:
    """(column, attempt, value) of everything that isn't 0, block by block."""
    everybody = np.arange(len(rows))
    yield np.zeros(len(rows), np.int64), everybody, np.ones(len(rows))
    attempt, slope = np.nonzero(rows.features)
    yield 1 + slope, attempt, rows.features[attempt, slope]
    share = np.where(rows.skill_rows >= 0, 1.0, 0.0) / np.maximum((rows.skill_rows >= 0).sum(1), 1)[:, None]
    attempt, slot = np.nonzero(share)
    yield 1 + WIDTH + rows.skill_rows[attempt, slot].astype(np.int64), attempt, share[attempt, slot]
    known = np.flatnonzero(rows.family >= 0)
    yield 1 + WIDTH + skills + rows.family[known], known, np.ones(len(known))


def _fitted(students: Sequence[EncodedHistory], terms: LogisticTerms) -> Arrays:
    """Bias and slopes that fit these students once skills may differ; what the skills differ by is dropped."""
    count = len(terms.skill_names) + 1
    rows = design(students, {})
    root = np.sqrt(np.bincount(rows.student, minlength=len(students)))
    weight, columns = rows.weight / root[rows.student], np.column_stack([np.ones(len(rows)), rows.features])
    dense, beta = np.zeros(1 + WIDTH), np.zeros(count)
    for _ in range(_SWEEPS):
        p = sigmoid(columns @ dense + skill_part(beta, rows.skill_rows))
        bend = (columns * (weight * p * (1 - p))[:, None]).T @ columns + _RIDGE * np.eye(1 + WIDTH)
        slope = columns.T @ (weight * (rows.correct - p)) - _RIDGE * dense
        dense += np.clip(np.linalg.solve(bend, slope), -_LARGEST_STEP, _LARGEST_STEP)
        p = sigmoid(columns @ dense + skill_part(beta, rows.skill_rows))
        beta += _skill_step(beta, rows, surprise=weight * (rows.correct - p), curve=weight * p * (1 - p))
        dense[0], beta = dense[0] + beta.mean(), beta - beta.mean()
    arrays = initial_arrays(count, len(terms.families))
    arrays["bias"][:], arrays["slopes"][:] = dense[0], dense[1:]
    return arrays


def _skill_step(beta: Floats, rows: LogisticDesign, *, surprise: Floats, curve: Floats) -> Floats:
    """(rows,) a Newton step with a diagonal that bounds the Hessian, since an attempt's shares sum to 1."""
    real = rows.skill_rows >= 0
    attempt, slot = np.nonzero(real)
    share, row = 1.0 / real.sum(1)[attempt], rows.skill_rows[attempt, slot]
    slope = np.bincount(row, share * surprise[attempt], len(beta)) - _RIDGE * beta
    bend = np.bincount(row, share * curve[attempt], len(beta)) + _RIDGE
    return np.asarray(np.clip(slope / bend, -_LARGEST_STEP, _LARGEST_STEP), np.float64)
