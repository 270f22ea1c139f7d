"""The logistic model as one school has it: shared arrays, and what was fitted here and never leaves.

To the logit of `common.models.logistic` come an offset per item and, where they help, slopes per skill: the mean
over an attempt's skills of slopes[row] . (its mean log wins, its mean log fails).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays
from common.models.calibration import Calibration
from common.models.encoding import EncodedHistory
from common.models.logistic import LogisticDesign, design, logits, skill_part
from common.models.logistic_features import Floats
from common.models.odds import sigmoid

SLOPED = slice(2, 4)  # the columns that a skill may have its own slopes for


@dataclass(frozen=True, slots=True, eq=False)
class LocalLogistic:
    """arrays: as in `logistic_shapes`. families: row of `family` by item. offsets: logit by item, fitted here.

    skill_slopes: (rows, 2), or (0, 2) where the school has none of its own.
    """

    arrays: Arrays = field(repr=False)
    families: Mapping[str, int] = field(repr=False, default_factory=dict)
    offsets: Mapping[str, float] = field(repr=False, default_factory=dict)
    skill_slopes: NDArray[np.float32] = field(repr=False, default_factory=lambda: np.zeros((0, 2), np.float32))


def local_logits(model: LocalLogistic, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) float64 logits before every attempt, student after student, first attempts too."""
    items = (item for history in histories for item in history.items)
    offsets = np.array([model.offsets.get(item, 0.0) for item in items])
    return design_logits(model, design(histories, model.families), offsets)


def design_logits(model: LocalLogistic, rows: LogisticDesign, offsets: Floats) -> Floats:
    """(N,) float64 logits. offsets: (N,) those of the attempts' items."""
    total = logits(model.arrays, rows, offsets)
    for column, slopes in enumerate(model.skill_slopes.T if len(model.skill_slopes) else ()):
        total += skill_part(slopes, rows.skill_rows) * rows.features[:, SLOPED][:, column]
    return total


@dataclass(frozen=True, slots=True, eq=False)
class SkillTerms:
    """The logit of an item that is as hard as its skills: constant + weights . columns, for each of M sets.

    constant: (M,). weights: (M, 15).
    """

    constant: Floats
    weights: Floats


def skill_terms(model: LocalLogistic, skill_rows: NDArray[np.int32]) -> SkillTerms:
    """What `design_logits` says of attempts at these sets of skills, (M, 4), worked out once for any past."""
    weights = np.tile(np.asarray(model.arrays["slopes"], np.float64), (len(skill_rows), 1))
    for column, slopes in enumerate(model.skill_slopes.T if len(model.skill_slopes) else ()):
        weights[:, SLOPED.start + column] += skill_part(slopes, skill_rows)
    return SkillTerms(float(model.arrays["bias"][0]) + skill_part(model.arrays["beta"], skill_rows), weights)


def predict_local(model: LocalLogistic, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) chances of a right answer, in the order of `local_logits`."""
    return sigmoid(local_logits(model, histories))


def calibrated(model: LocalLogistic, calibration: Calibration) -> LocalLogistic:
    """The model whose every logit is `calibration.of` this one's: a logistic model again."""
    arrays = {name: np.asarray(array * calibration.slope, np.float32) for name, array in model.arrays.items()}
    arrays["bias"] = np.asarray(arrays["bias"] + calibration.constant, np.float32)
    return replace(
        model,
        arrays=arrays,
        offsets={item: offset * calibration.slope for item, offset in model.offsets.items()},
        skill_slopes=np.asarray(model.skill_slopes * calibration.slope, np.float32),
    )
