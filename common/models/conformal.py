"""When a prediction is sure enough to be said: split conformal prediction at 90 %.

The score of an answer is 1 minus the chance that was given to what happened. With the quantile q of the scores of
held-back students, "right" is in the set of a prediction p if 1 - p <= q, and "wrong" if p <= q. One of the two
alone is said; both, or neither, is "unsure". Nine of ten sets hold what then happens, on average over students
like those of the calibration. Source: Angelopoulos and Bates 2021, section 1; MODELS section 3 for the words.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from common.errors import Corrupt, ErrorCode
from common.models.logistic_features import Floats
from common.models.metrics import Answers

Word = Literal["likely_right", "likely_wrong", "unsure", "not_enough_evidence"]
Source = Literal["school", "release", "none"]

COVERAGE = 0.9
LEAST_STUDENTS = 20  # students, not answers, are exchangeable
LEAST_EVIDENCE = 3.0  # weighted answers before anything is said of a student


@dataclass(frozen=True, slots=True)
class Conformal:
    """quantile: of scores, in [0, 1]; at 1 nothing is ever sure. source: whose students it rests on."""

    quantile: float
    students: int
    source: Source

    def word(self, p: float, *, answers: float, on_these_skills: float) -> Word:
        """What may be said of the chance p. answers: the student's weighted answers; and those on these skills."""
        if answers < LEAST_EVIDENCE or on_these_skills <= 0:
            return "not_enough_evidence"
        right, wrong = 1 - p <= self.quantile, p <= self.quantile
        if right == wrong:
            return "unsure"
        return "likely_right" if right else "likely_wrong"

    def to_json(self) -> dict[str, float | int | str]:
        """A value that JSON can carry."""
        return {"quantile": self.quantile, "students": self.students, "source": self.source}

    @staticmethod
    def from_json(value: Any) -> "Conformal":
        """Reads what `to_json` made. Corrupt for anything else."""
        bad = Corrupt(ErrorCode.BAD_ARRAY, "The saved bound of sure predictions is damaged.")
        if not isinstance(value, dict) or set(value) != {"quantile", "students", "source"}:
            raise bad
        quantile, students, source = value["quantile"], value["students"], value["source"]
        if not isinstance(quantile, float | int) or not 0 <= quantile <= 1 or not isinstance(students, int):
            raise bad
        if source not in get_args(Source):
            raise bad
        return Conformal(float(quantile), students, source)


NEVER_SURE = Conformal(1.0, 0, "none")


def calibrate(correct: Answers, predicted: Floats, *, students: int, released: float | None = None) -> Conformal:
    """The school's own quantile from (N,) held-back answers of `students`, else the release's, else never sure."""
    if students >= LEAST_STUDENTS:
        return Conformal(conformal_quantile(correct, predicted), students, "school")
    return NEVER_SURE if released is None else Conformal(released, 0, "release")


def conformal_quantile(correct: Answers, predicted: Floats, coverage: float = COVERAGE) -> float:
    """The ceil((n + 1) coverage)-th smallest score of n; 1 when there are too few for that rank."""
    scores = np.sort(np.where(correct, 1 - predicted, predicted))
    rank = math.ceil((len(scores) + 1) * coverage)
    return float(scores[rank - 1]) if 1 <= rank <= len(scores) else 1.0


def coverage_of(quantile: float, correct: Answers, predicted: Floats) -> float:
    """Share of answers that are in their prediction's set; nan without answers."""
    scores = np.where(correct, 1 - predicted, predicted)
    return float((scores <= quantile).mean()) if len(scores) else float("nan")


def decided_share(quantile: float, predicted: Floats) -> float:
    """Share of predictions of which one word is said; nan without predictions."""
    sure = (1 - predicted <= quantile) != (predicted <= quantile)
    return float(sure.mean()) if len(predicted) else float("nan")
