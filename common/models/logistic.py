"""The logistic rung: named arrays, what they are multiplied with, and the logit they give.

    logit = bias + mean over the attempt's skills of beta + slopes . columns + family + local offset

`family` is the difficulty that an item family shares between schools; F may be 0. Offsets of single items are
fitted at the school and are in no array here, since they never leave it. Columns: `logistic_features`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays, Shapes
from common.errors import Corrupt, ErrorCode
from common.interactions import MAX_SKILLS
from common.models.encoding import NO_SKILL, EncodedHistory
from common.models.logistic_features import WIDTH, Floats, feature_tables
from common.models.odds import sigmoid

NO_FAMILY = -1
NAMES = ("bias", "slopes", "beta", "family")


@dataclass(frozen=True, slots=True, eq=False)
class LogisticDesign:
    """N attempts as the logistic model sees them, student after student. Sensitive; stays at the school.

    features (N, 15) float64; skill_rows (N, 4), -1 = none; family (N,) int64, -1 = none; correct (N,) bool;
    weight (N,) float64 in (0, 1]; student (N,) int64 index into the histories.
    """

    features: Floats = field(repr=False)
    skill_rows: NDArray[np.int32] = field(repr=False)
    family: NDArray[np.int64] = field(repr=False)
    correct: NDArray[np.bool_] = field(repr=False)
    weight: Floats = field(repr=False)
    student: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.correct)

    def only(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> "LogisticDesign":
        """Some of the attempts; their columns still come from all attempts before them."""
        return LogisticDesign(
            self.features[kept],
            self.skill_rows[kept],
            self.family[kept],
            self.correct[kept],
            self.weight[kept],
            self.student[kept],
        )


def logistic_shapes(rows: int, families: int) -> Shapes:
    """Shapes in the order of an update; rows = K + 1 skill rows."""
    return (("bias", (1,)), ("slopes", (WIDTH,)), ("beta", (rows,)), ("family", (families,)))


def initial_arrays(rows: int, families: int) -> Arrays:
    """All zeros: every answer is as likely right as wrong."""
    return {name: np.zeros(shape, np.float32) for name, shape in logistic_shapes(rows, families)}


def sizes_of(arrays: Mapping[str, NDArray[np.floating]]) -> tuple[int, int]:
    """(rows, families) of the arrays. Corrupt unless they have exactly the model's names, order and shapes."""
    bad = Corrupt(ErrorCode.BAD_ARRAY, "The arrays aren't those of a logistic model.")
    if tuple(arrays) != NAMES or arrays["beta"].ndim != 1 or arrays["family"].ndim != 1:
        raise bad
    rows, families = len(arrays["beta"]), len(arrays["family"])
    if rows == 0 or any(arrays[name].shape != shape for name, shape in logistic_shapes(rows, families)):
        raise bad
    return rows, families


def design(histories: Sequence[EncodedHistory], families: Mapping[str, int]) -> LogisticDesign:
    """All attempts of the histories, their first ones too. families: row of `family` by item id."""
    lengths = [len(history) for history in histories]
    family = [families.get(item, NO_FAMILY) for history in histories for item in history.items]
    skills = [history.skill_rows for history in histories]
    weight = [history.weight for history in histories]
    correct = [history.correct for history in histories]
    return LogisticDesign(
        features=feature_tables(histories),
        skill_rows=np.concatenate([np.zeros((0, MAX_SKILLS), np.int32), *skills]),
        family=np.array(family, np.int64),
        correct=np.concatenate([np.zeros(0, np.bool_), *correct]),
        weight=np.concatenate([np.zeros(0), *weight]),
        student=np.repeat(np.arange(len(histories), dtype=np.int64), lengths),
    )


def logits(
    arrays: Mapping[str, NDArray[np.floating]], rows: LogisticDesign, offsets: Floats | None = None
) -> Floats:
    """(N,) float64. offsets: (N,) local item offsets; none: every item is as hard as its skills."""
    total = float(arrays["bias"][0]) + rows.features @ np.asarray(arrays["slopes"], np.float64)
    total += skill_part(arrays["beta"], rows.skill_rows)
    total += np.append(np.asarray(arrays["family"], np.float64), 0.0)[rows.family]
    return total if offsets is None else total + offsets


def predict(
    arrays: Mapping[str, NDArray[np.floating]], rows: LogisticDesign, offsets: Floats | None = None
) -> Floats:
    """(N,) chances of a right answer."""
    return sigmoid(logits(arrays, rows, offsets))


def skill_part(beta: NDArray[np.floating], skill_rows: NDArray[np.int32]) -> Floats:
    """(N,) mean of beta over each attempt's skills, (N, 4)."""
    real = skill_rows != NO_SKILL
    chosen = np.append(np.asarray(beta, np.float64), 0.0)[skill_rows]
    return np.asarray(chosen.sum(-1) / real.sum(-1), np.float64)
