"""What practice software often does: the policies that the served one is compared with, for all students at once.

Each is called once per item and returns a skill for each student, or NOTHING when it calls the student done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.records import Answers, Records
from benchmarks.practice.worlds import BEFORE, SKILLS, WITHOUT_PREREQUISITE
from client.practice.mastery import MASTERED_P

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOTHING = -1
IN_A_ROW, LIMIT = 3, 10
ZONE = (0.6, 0.8)
KNOWN_FOR_SURE = 0.97
_FIRST = np.maximum(BEFORE, 0)


class Policy(Protocol):
    """Chooses, hears how it went, and says what it takes for mastered."""

    def choose(self, records: Records, at_seconds: float) -> Indices:
        """(n,) skills, or NOTHING."""
        ...

    def hear(self, answers: Answers) -> None:
        """The answers to the last choice."""
        ...

    def declared(self, records: Records) -> Bools:
        """(n, SKILLS): mastered, as the policy sees it."""
        ...


@dataclass(slots=True)
class View:
    """What a rule of thumb sees beside the records. (n, SKILLS): ever likely known or run, ever run of three."""

    done: Bools
    run: Bools
    step: int
    rng: np.random.Generator


Thumb = Callable[[Records, View], Indices]


class Simple:
    """A rule of thumb; it calls mastered whatever was once likely known or right three times running."""

    def __init__(self, thumb: Thumb, students: int, seed: int) -> None:
        self._thumb = thumb
        never = np.zeros((students, SKILLS), np.bool_)
        self._view = View(never, never.copy(), 0, np.random.default_rng(seed))

    def choose(self, records: Records, at_seconds: float) -> Indices:
        """As the rule says."""
        self._view.run |= records.streak >= IN_A_ROW
        self._view.done |= _shown(records)
        return self._thumb(records, self._view)

    def hear(self, answers: Answers) -> None:
        """Counts items."""
        self._view.step += 1

    def declared(self, records: Records) -> Bools:
        """Once shown, for good."""
        return self._view.done | _shown(records)


class Bandit:
    """Like ZPDES: skills whose right answers rise earn weight; four choices of five follow the weights."""

    def __init__(self, students: int, seed: int) -> None:
        shape = (students, SKILLS)
        self._weight, self._count = np.full(shape, 0.1), np.zeros(shape, np.int64)
        self._six, self._rng = np.zeros((*shape, 6)), np.random.default_rng(seed)
        self._row = np.arange(students)

    def choose(self, records: Records, at_seconds: float) -> Indices:
        """Drawn in proportion to weight, among what is open."""
        recent = self._six[:, :, 3:].mean(2)
        done = (recent >= 0.99) & (self._count >= 3)
        opened = (BEFORE < 0) | (recent[:, _FIRST] > 0.5)
        chance = 0.8 * _shares(self._weight, opened & ~done) + 0.2 * _shares(np.ones_like(recent), opened & ~done)
        return np.asarray(
            (chance.cumsum(1) > self._rng.random((len(chance), 1)) * chance.sum(1)[:, None]).argmax(1)
        )

    def hear(self, answers: Answers) -> None:
        """Reward: successes in the last three minus those in the three before."""
        at = (self._row, answers.skill)
        self._six[at] = np.concatenate([self._six[at][:, 1:], answers.right[:, None]], axis=1)
        self._count[at] += 1
        reward = np.maximum(self._six[at][:, 3:].mean(1) - self._six[at][:, :3].mean(1), 0)
        self._weight[at] = 0.8 * self._weight[at] + 0.2 * reward + 0.005

    def declared(self, records: Records) -> Bools:
        """Three right in a row."""
        return np.asarray((self._six[:, :, 3:].mean(2) >= 0.99) & (self._count >= 3), np.bool_)


def at_random(records: Records, view: View) -> Indices:
    """Any skill."""
    return view.rng.integers(0, SKILLS, len(view.done))


def fixed_order(records: Records, view: View) -> Indices:
    """Three of each, in order, round and round."""
    return np.full(len(view.done), view.step // 3 % SKILLS)


def three_in_a_row(records: Records, view: View) -> Indices:
    """The first skill that never had three right in a row."""
    return _first(~(view.run | (records.streak >= IN_A_ROW)))


def three_or_ten(records: Records, view: View) -> Indices:
    """The same, leaving a skill after ten attempts."""
    return _first(~(view.run | (records.streak >= IN_A_ROW) | (records.attempts >= LIMIT)))


def surely_known(records: Records, view: View) -> Indices:
    """The first skill with P(known) below .95."""
    return _first(records.known < MASTERED_P)


def in_the_zone(records: Records, view: View) -> Indices:
    """Expected success nearest to the middle of the zone."""
    score = -abs(records.chance() - sum(ZONE) / 2) + 0.02 * view.rng.random(records.known.shape)
    return np.asarray((score - (records.known > KNOWN_FOR_SURE)).argmax(1))


def greedy_gain(records: Records, view: View) -> Indices:
    """Most P(learning) now, by a model that knows the needs."""
    ready = np.where(BEFORE < 0, 1.0, records.known[:, _FIRST])
    pace = WITHOUT_PREREQUISITE + (1 - WITHOUT_PREREQUISITE) * ready
    return np.asarray(((1 - records.known) * records.population.p_learn * pace).argmax(1))


def _shown(records: Records) -> Bools:
    return np.asarray((records.known >= MASTERED_P) | (records.streak >= IN_A_ROW), np.bool_)


def _first(open_: Bools) -> Indices:
    return np.where(open_.any(1), open_.argmax(1), NOTHING)


def _shares(weight: Floats, available: Bools) -> Floats:
    weight = np.where(available, weight, 0.0) + 1e-9
    return np.asarray(weight / weight.sum(1, keepdims=True), np.float64)
