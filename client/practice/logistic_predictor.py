"""LogisticPredictor: the logistic rung in numpy, a state per student and one step per new answer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from client.practice.skill_rows import FamilyRows
from client.practice.student_states import StudentStates
from common.clock import Clock
from common.interactions import History, Interaction
from common.models.local_logistic import LocalLogistic, design_logits
from common.models.logistic import NO_FAMILY, LogisticDesign
from common.models.logistic_state import LogisticState, advance, features, start
from common.models.odds import sigmoid
from common.skills import SkillMap

Floats = NDArray[np.float64]


class LogisticPredictor:
    """The model as this school fitted it; an item without an offset counts as hard as its skills.

    clock: for the time since the last answer, which is a part of the model. A history without times has none.
    """

    def __init__(self, model: LocalLogistic, skill_map: SkillMap, *, clock: Clock, version: str) -> None:
        self._model = model
        self._rows = FamilyRows(skill_map, self._of_item)
        self._clock = clock
        self._version = version
        rows = skill_map.rows
        self._states: StudentStates[LogisticState] = StudentStates(lambda: start(rows), self._advance)

    @property
    def version(self) -> str:
        """The digest of the release, or "logistic" where the school was measured alone."""
        return self._version

    def predict(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) probability that the next answer is right."""
        return sigmoid(self.logits(history, families))

    def logits(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) float64 logits of a right answer."""
        asked = self._rows.asked(families)
        design = self._design(history, asked.rows)
        by_skills = design_logits(self._model, design, np.zeros(len(asked.rows)))
        return np.asarray(by_skills[asked.which] + asked.offsets, np.float64)

    def _design(self, history: History, rows: NDArray[np.int32]) -> LogisticDesign:
        """One row for each set of skills, as an item that is as hard as they are."""
        count = len(rows)
        timed = bool(history.interactions) and history.interactions[-1].at_seconds is not None
        now = self._clock.now().timestamp() if timed else None
        return LogisticDesign(
            features(self._states.after(history), rows, now),
            rows,
            np.full(count, NO_FAMILY, np.int64),
            np.zeros(count, np.bool_),
            np.ones(count),
            np.zeros(count, np.int64),
        )

    def _of_item(self, item: str) -> float:
        """What the item adds to the logit of its skills."""
        family = self._model.families.get(item)
        shared = 0.0 if family is None else float(self._model.arrays["family"][family])
        return shared + self._model.offsets.get(item, 0.0)

    def _advance(self, state: LogisticState, answer: Interaction) -> LogisticState:
        return advance(
            state,
            self._rows.of(answer.skills),
            correct=answer.correct,
            at_seconds=answer.at_seconds,
            weight=answer.weight,
        )
