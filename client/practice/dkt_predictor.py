"""DktPredictor: the shared network in numpy, one step per new answer; it serves as a part of the stack."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from client.practice.skill_rows import FamilyRows
from client.practice.student_states import StudentStates
from common.arrays import Arrays
from common.interactions import History, Interaction
from common.models import dkt_numpy
from common.models.dkt_shapes import hidden_of
from common.models.odds import sigmoid
from common.skills import SkillMap

Floats = NDArray[np.float64]


class DktPredictor:
    """Keeps (h, c) per student, so that an answer costs one step and not a whole history.

    difficulty: offset by item, fitted at this school; an item without one counts as hard as its skills.
    """

    def __init__(
        self, arrays: Arrays, skill_map: SkillMap, *, difficulty: Mapping[str, float], version: str
    ) -> None:
        self._arrays = arrays
        self._difficulty = difficulty
        self._rows = FamilyRows(skill_map, offset=self._of_item, prepare=lambda rows: rows)
        self._version = version
        hidden = hidden_of(arrays)
        self._states = StudentStates(lambda: dkt_numpy.start(hidden), self._advance)

    @property
    def version(self) -> str:
        """The digest of the release."""
        return self._version

    def predict(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) probability that the next answer is right."""
        return sigmoid(self.logits(history, families))

    def logits(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) float64 logits of a right answer."""
        asked = self._rows.asked(families)
        state = self._states.after(history)
        by_skills = dkt_numpy.logits(self._arrays, state, asked.sets)
        return np.asarray(by_skills.astype(np.float64)[asked.which] + asked.offsets, np.float64)

    def _of_item(self, item: str) -> float:
        return self._difficulty.get(item, 0.0)

    def _advance(self, state: dkt_numpy.DktState, answer: Interaction) -> dkt_numpy.DktState:
        rows, difficulty = self._rows.of(answer.skills), self._of_item(answer.item)
        return dkt_numpy.step(self._arrays, state, rows, correct=answer.correct, difficulty=difficulty)
