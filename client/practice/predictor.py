"""Predictor: how likely a student is to answer each item right; BKT is the one that always works."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from client.practice.student_states import StudentStates
from common.interactions import History, Interaction
from common.models.bkt import BktParameters, chance_right, default_bkt, update_known
from common.skills import SkillMap

Floats = NDArray[np.float64]


class Predictor(Protocol):
    """What the choice of the next item asks."""

    @property
    def version(self) -> str:
        """ "bkt", or the digest of the release that predicts; kept beside each answer."""
        ...

    def predict(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) probability that the next answer is right, for each of N item families."""
        ...


class BktPredictor:
    """Predicts with BKT, and says what BKT thinks is known; the mastery rule rests on the latter."""

    def __init__(self, parameters: BktParameters, skill_map: SkillMap) -> None:
        self.parameters = parameters
        self.skill_map = skill_map
        # Worked out once: the same skills are asked for at every answer.
        self._known_rows: dict[tuple[str, ...], list[int]] = {}
        self._asked: dict[tuple[str, ...], tuple[tuple[str, float, float, float], ...]] = {}
        self._states: StudentStates[Mapping[str, float]] = StudentStates(dict, self._advance)

    @property
    def version(self) -> str:
        """ "bkt"."""
        return "bkt"

    def predict(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) probability that the next answer is right."""
        known = self._states.after(history)
        return np.array([self._chance(known, family.skills) for family in families], np.float64)

    def p_start(self, skill: str) -> float:
        """P(known) before any answer."""
        return float(self.parameters.p_init[self.skill_map.row(skill)])

    def p_starts(self, skills: tuple[str, ...]) -> Floats:
        """(N,) P(known) before any answer."""
        return self.parameters.p_init[self._rows(skills)]

    def p_learn(self, skills: tuple[str, ...]) -> Floats:
        """(N,) P(learning) at an attempt."""
        return self.parameters.p_learn[self._rows(skills)]

    def p_guess_and_slip(self, skills: tuple[str, ...]) -> tuple[Floats, Floats]:
        """(N,) each."""
        rows = self._rows(skills)
        return self.parameters.p_guess[rows], self.parameters.p_slip[rows]

    def p_right(self, p_known: float, skill: str) -> float:
        """P(right) of the skill's next item."""
        row = self.skill_map.row(skill)
        return chance_right(self.parameters, {row: p_known}, (row,))

    def p_after(self, p_known: float, skill: str, *, correct: bool, weight: float = 1.0) -> float:
        """P(known) after an answer that exercised the skill."""
        row = self.skill_map.row(skill)
        return update_known(self.parameters, {row: p_known}, (row,), correct=correct, weight=weight)[row]

    def _rows(self, skills: tuple[str, ...]) -> list[int]:
        found = self._known_rows.get(skills)
        if found is None:
            found = self._known_rows[skills] = [self.skill_map.row(skill) for skill in skills]
        return found

    def _advance(self, known: Mapping[str, float], answer: Interaction) -> Mapping[str, float]:
        # By skill and not by row: unmapped skills share row 0's numbers, not each other's progress.
        changed = {
            skill: self.p_after(
                known.get(skill, self.p_start(skill)), skill, correct=answer.correct, weight=answer.weight
            )
            for skill in answer.skills
        }
        return {**known, **changed}

    def _chance(self, known: Mapping[str, float], skills: tuple[str, ...]) -> float:
        """The mean over the skills, each by itself."""
        asked = self._asked.get(skills)
        if asked is None:
            asked = self._asked[skills] = tuple(map(self._told_of, skills))
        total = 0.0
        for skill, start, guess, slip in asked:
            p = known.get(skill, start)
            total += p * (1 - slip) + (1 - p) * guess
        return total / len(asked)

    def _told_of(self, skill: str) -> tuple[str, float, float, float]:
        """Skill, p_init, p_guess and p_slip as plain numbers: each page asks for every skill."""
        row, values = self.skill_map.row(skill), self.parameters
        return skill, float(values.p_init[row]), float(values.p_guess[row]), float(values.p_slip[row])


def default_predictor(skills: Sequence[str]) -> BktPredictor:
    """BKT with the built-in values: what a school has from the first minute."""
    skill_map = SkillMap("built-in", tuple(skills))
    return BktPredictor(default_bkt(skill_map.rows), skill_map)
