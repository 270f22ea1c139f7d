"""LogisticPredictor: the logistic rung in numpy, a state per student and one step per new answer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from client.practice.skill_rows import FamilyRows
from client.practice.student_states import StudentStates
from common.clock import Clock
from common.interactions import History, Interaction
from common.models.local_logistic import LocalLogistic, SkillTerms, skill_terms
from common.models.logistic_state import LogisticState, SkillSets, advance, features, skill_sets, start
from common.models.odds import sigmoid
from common.skills import SkillMap

Floats = NDArray[np.float64]


class LogisticPredictor:
    """The model as this school fitted it; an item without an offset counts as hard as its skills.

    clock: for the time since the last answer, which is a part of the model. A history without times has none.
    """

    def __init__(self, model: LocalLogistic, skill_map: SkillMap, *, clock: Clock, version: str) -> None:
        self._model = model
        self._rows = FamilyRows(skill_map, offset=self._of_item, prepare=self._prepared)
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
        sets, terms = asked.sets
        table = features(self._states.after(history), sets, self._seconds(history))
        by_skills = terms.constant + (table * terms.weights).sum(axis=1)
        return np.asarray(by_skills[asked.which] + asked.offsets, np.float64)

    def _prepared(self, rows: NDArray[np.int32]) -> tuple[SkillSets, SkillTerms]:
        return skill_sets(rows), skill_terms(self._model, rows)

    def _seconds(self, history: History) -> float | None:
        timed = bool(history.interactions) and history.interactions[-1].at_seconds is not None
        return self._clock.now().timestamp() if timed else None

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
