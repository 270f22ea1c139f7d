"""How simulated students know, learn and forget: three generating families, for all students at once.

They disagree on purpose. A model or policy that is good in one of them only has learnt the family, not students.
Constants are choices, not estimates: nothing here was fitted to anybody's answers.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from common.models.odds import logit_of, sigmoid

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Rng = np.random.Generator  # rng draws what belongs to students, skill_rng what belongs to the content

_NONE, _WRONG, _RIGHT = 0, 1, 2  # which rule a student holds for a skill
_WITHOUT_PREREQUISITE = 0.25  # learning is this much slower


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """Hidden values of n students, (n,) each.

    ability: logits. speed, forgetting: factors around 1. guessing: share of answers given without thinking.
    """

    ability: Floats
    speed: Floats
    forgetting: Floats
    guessing: Floats


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """I items over K skills. skills (I, 4): skill indices, -1 = none; shares (I, 4): 1/|S| or 0.

    difficulty (I,): offset added to the logit. exposes (I,): whether a wrong rule gives a wrong answer here.
    prerequisite (K,): index of the skill that should come before, -1 = none.
    """

    skills: Indices
    shares: Floats
    difficulty: Floats
    exposes: NDArray[np.bool_]
    prerequisite: Indices

    def ready(self, held: NDArray[np.bool_]) -> Floats:
        """(m, K) learning factor of students who hold the skills `held` (m, K)."""
        before = held[:, np.maximum(self.prerequisite, 0)] | (self.prerequisite < 0)
        return np.where(before, 1.0, _WITHOUT_PREREQUISITE)


class Mind(Protocol):
    """The knowledge of all students; the first m students answer item (m,) each."""

    def chance(self, item: Indices) -> Floats:
        """(m,) probability of a right answer by a student who tries."""
        ...

    def practise(self, item: Indices, right: NDArray[np.bool_]) -> None:
        """Learn from the attempt and its feedback."""
        ...

    def rest(self, student: Indices, days: Floats) -> None:
        """Forget over so many days without practice."""
        ...


class BktMind:
    """A skill is known or not; it is learnt at once, sometimes, and lost again, seldom."""

    def __init__(self, world: World, traits: Traits, *, rng: Rng, skill_rng: Rng) -> None:
        n, k = len(traits.ability), len(world.prerequisite)
        self._world, self._traits, self._rng = world, traits, rng
        self._learn = logit_of(skill_rng.uniform(0.05, 0.3, k))
        self._guess, self._slip = skill_rng.uniform(0.1, 0.3, k), skill_rng.uniform(0.04, 0.15, k)
        first = logit_of(skill_rng.uniform(0.3, 0.8, k)) + traits.ability[:, None]
        self._known = rng.random((n, k)) < sigmoid(first)

    def chance(self, item: Indices) -> Floats:
        """Mean over the item's skills."""
        skills, student = self._world.skills[item], np.arange(len(item))[:, None]
        known = self._known[student, skills]
        right = np.where(known, 1 - self._slip[skills], self._guess[skills])
        eased = sigmoid(logit_of(right) + self._world.difficulty[item][:, None])
        return np.asarray((eased * self._world.shares[item]).sum(1), np.float64)

    def practise(self, item: Indices, right: NDArray[np.bool_]) -> None:
        """Each skill of the item has its chance to be learnt, whatever the answer was."""
        m = len(item)
        ready = self._world.ready(self._known[:m])
        learn = sigmoid(self._learn + np.log(self._traits.speed[:m])[:, None]) * ready
        touched = _touched(self._world, item)
        self._known[:m] |= touched & (self._rng.random(touched.shape) < learn)

    def rest(self, student: Indices, days: Floats) -> None:
        """Each known skill is lost with .4 % a day, times the student's forgetting."""
        kept = (1 - 0.004 * self._traits.forgetting[student]) ** days
        self._known[student] &= self._rng.random((len(student), self._known.shape[1])) < kept[:, None]


class GrowthMind:
    """A level per skill grows with practice, ever more slowly, and falls back between days."""

    def __init__(self, world: World, traits: Traits, *, rng: Rng, skill_rng: Rng) -> None:
        n, k = len(traits.ability), len(world.prerequisite)
        self._world, self._traits = world, traits
        self._gain = skill_rng.uniform(0.1, 0.5, k)
        self._start = traits.ability[:, None] + rng.normal(0, 0.6, (n, k)) + skill_rng.normal(0.2, 0.8, k)
        self._level = self._start.copy()

    def chance(self, item: Indices) -> Floats:
        """Logistic in the mean level, with some guessing and slips."""
        level = self._level[np.arange(len(item))[:, None], self._world.skills[item]]
        logit = (level * self._world.shares[item]).sum(1) + self._world.difficulty[item]
        return np.asarray(0.1 + 0.85 * sigmoid(logit), np.float64)

    def practise(self, item: Indices, right: NDArray[np.bool_]) -> None:
        """A right answer teaches somewhat more than a wrong one that was explained."""
        m = len(item)
        level = self._level[:m]
        pace = self._traits.speed[:m] * np.where(right, 1.2, 0.8)
        room = sigmoid(1.5 - level) * self._world.ready(level > 0)
        level += _touched(self._world, item) * self._gain * pace[:, None] * room

    def rest(self, student: Indices, days: Floats) -> None:
        """What was gained above the start fades by 2 % a day, times the student's forgetting."""
        kept = np.exp(-0.02 * self._traits.forgetting[student] * days)[:, None]
        self._level[student] = self._start[student] + (self._level[student] - self._start[student]) * kept


class RulesMind:
    """A procedure per skill: the right rule, a wrong rule that often works (a misconception), or none yet."""

    def __init__(self, world: World, traits: Traits, *, rng: Rng, skill_rng: Rng) -> None:
        n, k = len(traits.ability), len(world.prerequisite)
        self._world, self._traits, self._rng = world, traits, rng
        right = sigmoid(skill_rng.normal(-0.3, 0.8, k) + traits.ability[:, None])
        # Students differ in how much they make up for themselves; skills in how tempting their wrong rule is.
        wrong = (1 - right) * sigmoid(rng.normal(0, 1, (n, 1)) + skill_rng.normal(0, 1, k))
        draw = rng.random((n, k))
        self._rule = np.where(draw < right, _RIGHT, np.where(draw < right + wrong, _WRONG, _NONE))

    def chance(self, item: Indices) -> Floats:
        """Every procedure of the item has to work, so the weakest one decides."""
        skills = self._world.skills[item]
        rule = self._rule[np.arange(len(item))[:, None], skills]
        with_wrong = np.where(self._world.exposes[item], 0.05, 0.9)[:, None]
        works = np.where(rule == _RIGHT, 0.94, np.where(rule == _WRONG, with_wrong, 0.2))
        eased = sigmoid(logit_of(works) + self._world.difficulty[item][:, None])
        return np.asarray(np.where(skills >= 0, eased, 1.0).min(1), np.float64)

    def practise(self, item: Indices, right: NDArray[np.bool_]) -> None:
        """A failure that is explained repairs a rule; without any rule either may be picked up."""
        m = len(item)
        rule = self._rule[:m]
        pace = self._traits.speed[:m, None] * self._world.ready(rule == _RIGHT) * _touched(self._world, item)
        draw = self._rng.random(rule.shape)
        failed = ~right[:, None]
        to_right = draw < pace * np.where(rule == _WRONG, np.where(failed, 0.2, 0.0), np.where(failed, 0.15, 0.25))
        to_wrong = (rule == _NONE) & ~to_right & (draw > 1 - 0.08 * (pace > 0))
        self._rule[:m] = np.where(to_right, _RIGHT, np.where(to_wrong, _WRONG, rule))

    def held(self) -> NDArray[np.bool_]:
        """(n, K): the right rule."""
        return np.asarray(self._rule == _RIGHT, np.bool_)

    def lose(self, skill: Indices) -> None:
        """Each student (n,) is left without any rule for one skill."""
        self._rule[np.arange(len(skill)), skill] = _NONE

    def rest(self, student: Indices, days: Floats) -> None:
        """Old habits return: a right rule gives way to the wrong one with .4 % a day, times forgetting."""
        kept = (1 - 0.004 * self._traits.forgetting[student]) ** days
        rule = self._rule[student]
        relapse = (rule == _RIGHT) & (self._rng.random(rule.shape) > kept[:, None])
        self._rule[student] = np.where(relapse, _WRONG, rule)


def _touched(world: World, item: Indices) -> NDArray[np.bool_]:
    """(m, K): which skills each student's item has."""
    skills = world.skills[item]
    slot_student, slot = np.nonzero(skills >= 0)
    touched = np.zeros((len(item), len(world.prerequisite)), np.bool_)
    touched[slot_student, skills[slot_student, slot]] = True
    return touched
