"""Which answers count when models are compared: every attempt from the second of a history, for every model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from common.interactions import MAX_SKILLS
from common.models.encoding import EncodedHistory
from common.models.metrics import Answers

_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredAnswers:
    """N answers, student after student, each student's in order. Sensitive; stays at the school.

    correct (N,) bool; student (N,) index into the histories; skill_rows (N, 4), -1 = none; weight (N,) float32;
    items: N item ids.
    """

    correct: Answers
    student: NDArray[np.int64]
    skill_rows: NDArray[np.int32]
    weight: NDArray[np.float32]
    items: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.correct)

    @property
    def students(self) -> int:
        """How many students have at least one of these answers."""
        return len(np.unique(self.student))


def scored_answers(histories: Sequence[EncodedHistory]) -> ScoredAnswers:
    """The answers that models predict from what came before them."""
    return ScoredAnswers(
        correct=from_second([history.correct for history in histories], np.bool_),
        student=np.repeat(np.arange(len(histories)), [max(len(history) - 1, 0) for history in histories]),
        skill_rows=from_second([history.skill_rows for history in histories], np.int32).reshape(-1, MAX_SKILLS),
        weight=from_second([history.weight for history in histories], np.float32),
        items=tuple(item for history in histories for item in history.items[1:]),
    )


def from_second(parts: Sequence[NDArray[np.generic]], dtype: type[_Number]) -> NDArray[_Number]:
    """Each history's values from the second attempt on, one after the other."""
    kept = [part[1:] for part in parts if len(part) > 1]
    return np.concatenate(kept).astype(dtype) if kept else np.zeros(0, dtype)
