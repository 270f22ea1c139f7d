"""The worlds: what simulated students know, how they learn and forget, hidden from every policy.

Twenty skills in four chains of five; each skill needs the one before it, and learning without it goes at a
quarter of the speed. Four families that disagree on purpose. What was practised on more days fades more slowly
(not in the family of rules, where spacing teaches nothing).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from common.models.bkt import BktParameters, default_bkt
from common.models.odds import logit_of, sigmoid
from common.models.simulated_minds import RulesMind, Traits
from common.models.simulated_minds import World as Content
from common.models.simulated_students import KINDS

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

SKILLS, CHAIN, FACETS = 20, 5, 4
WITHOUT_PREREQUISITE = 0.25
BEFORE = np.array([-1 if k % CHAIN == 0 else k - 1 for k in range(SKILLS)])
HELD_LOGIT = float(np.log(0.8 / 0.2))  # in families with levels a skill is held from P(right) = .8
LACKING_LOGIT = -1.0
FIRST_NIGHT = 0.12  # share of what was gained that is lost from one day to the next
FIRST_LAPSE = 0.02  # the same for a skill that is known or not

# Logit mean and deviation over the 47 skills that 200 students or more met in a public tutor's log (ASSISTments
# 2009, half of the students), as this project's BKT fits them; the design shortens p_init by .6.
FITTED = {"p_init": (0.99, 0.76), "p_learn": (-1.87, 0.90), "p_guess": (-1.74, 1.0), "p_slip": (-1.55, 0.60)}
ALLOWED = {"p_init": (0.02, 0.9), "p_learn": (0.02, 0.6), "p_guess": (0.01, 0.45), "p_slip": (0.02, 0.35)}
_NO_ITEM = SKILLS * FACETS


class World(Protocol):
    """n students. population: what a policy may know, (SKILLS,) each."""

    population: BktParameters
    students: int

    def chance(self, skill: Indices, facet: Indices) -> Floats:
        """(n,) P(right) of each student's item."""
        ...

    def practise(self, skill: Indices, right: Bools, active: Bools) -> None:
        """Learn from one item; nothing happens to students who aren't active."""
        ...

    def rest(self, days: float) -> None:
        """Days without practice."""
        ...

    def held(self) -> Bools:
        """(n, SKILLS): the truth."""
        ...

    def lacks(self, skill: Indices) -> None:
        """Each student lacks this skill from now on, until it is learnt: a planted gap."""
        ...


@dataclass(slots=True)
class Memory:
    """Forgetting by a power law: (1 + d) ** -b is kept after d days, and each further day of practice halves b.

    power, idle_days: (n, SKILLS); touched_today: practised since the last rest.
    """

    power: Floats
    idle_days: Floats
    touched_today: Bools

    @staticmethod
    def fresh(students: int, first_night: float) -> "Memory":
        """Nothing practised yet. first_night: the share that is lost from one day to the next."""
        shape = (students, SKILLS)
        power = np.full(shape, 2.0 * -np.log2(1.0 - first_night))  # the first day of practice halves it
        return Memory(power, np.zeros(shape), np.zeros(shape, np.bool_))

    def touch(self, skill: Indices, active: Bools) -> None:
        """Practice on a new day makes steadier."""
        row = np.flatnonzero(active)
        new = ~self.touched_today[row, skill[row]]
        self.power[row[new], skill[row[new]]] *= 0.5
        self.idle_days[row, skill[row]] = 0.0
        self.touched_today[row, skill[row]] = True

    def kept(self, days: float) -> Floats:
        """(n, SKILLS) share of what was there that is kept over so many days more; then a new day begins."""
        later = self.idle_days + days
        share = ((1.0 + later) / (1.0 + self.idle_days)) ** -self.power
        self.idle_days = later
        self.touched_today[:] = False
        return np.asarray(share, np.float64)


class BktWorld:
    """W1: known or not. Parameters as fitted on a log; a hidden prior and speed per student."""

    def __init__(self, rng: np.random.Generator, students: int, skills: BktParameters | None = None) -> None:
        self._rng, self.students = rng, students
        self.population = drawn_skills(rng) if skills is None else skills
        ability, speed = rng.normal(0, 1, (students, 1)), rng.normal(0, 0.7, (students, 1))
        self._known = rng.random((students, SKILLS)) < sigmoid(logit_of(self.population.p_init) + ability)
        self._learn = sigmoid(logit_of(self.population.p_learn) + speed + 0.3 * ability)
        self._memory, self._row = Memory.fresh(students, FIRST_LAPSE), np.arange(students)

    def chance(self, skill: Indices, facet: Indices) -> Floats:
        """Slip or guess."""
        known = self._known[self._row, skill]
        return np.where(known, 1 - self.population.p_slip[skill], self.population.p_guess[skill])

    def practise(self, skill: Indices, right: Bools, active: Bools) -> None:
        """All at once, with the student's own chance."""
        ready = (BEFORE[skill] < 0) | self._known[self._row, BEFORE[skill]]
        chance = self._learn[self._row, skill] * np.where(ready, 1.0, WITHOUT_PREREQUISITE)
        self._known[self._row, skill] |= (self._rng.random(self.students) < chance) & active
        self._memory.touch(skill, active)

    def rest(self, days: float) -> None:
        """Seldom lost, and then whole."""
        kept = self._memory.kept(days)
        self._known &= self._rng.random(kept.shape) < kept

    def held(self) -> Bools:
        """Known."""
        return self._known.copy()

    def lacks(self, skill: Indices) -> None:
        """Not known."""
        self._known[self._row, skill] = False


class LevelWorld:
    """W2 and W3: a level per skill grows with practice, ever more slowly; the policy's BKT is a generic one."""

    def __init__(self, rng: np.random.Generator, students: int) -> None:
        self.students, self.population = students, generic_skills()
        own = rng.normal(0, 0.3, (students, 1)) + rng.normal(0, 0.3, (students, SKILLS))
        self._start = -0.4 + own + rng.normal(0, 0.4, SKILLS)
        self._level = self._start.copy()
        speed = rng.normal(0, 0.6, (students, 1)) + rng.normal(0, 0.3, SKILLS)
        self._gain = np.exp(speed)
        self._memory, self._row = Memory.fresh(students, FIRST_NIGHT), np.arange(students)

    def chance(self, skill: Indices, facet: Indices) -> Floats:
        """Logistic in the level."""
        return sigmoid(self._level[self._row, skill])

    def practise(self, skill: Indices, right: Bools, active: Bools) -> None:
        """Less where much is there already, and at a quarter without the skill before."""
        ready = (BEFORE[skill] < 0) | (self._level[self._row, BEFORE[skill]] >= HELD_LOGIT)
        room = sigmoid(0.3 - self._level[self._row, skill]) * np.where(ready, 1.0, WITHOUT_PREREQUISITE)
        self._level[self._row, skill] += active * self._gain[self._row, skill] * room
        self._memory.touch(skill, active)

    def rest(self, days: float) -> None:
        """What was gained fades."""
        kept = self._memory.kept(days)
        self._level = self._start + (self._level - self._start) * kept

    def held(self) -> Bools:
        """P(right) of .8 or more."""
        return np.asarray(self._level >= HELD_LOGIT, np.bool_)

    def lacks(self, skill: Indices) -> None:
        """P(right) of about .27."""
        self._level[self._row, skill] = self._start[self._row, skill] = LACKING_LOGIT


class RulesWorld:
    """W4: right rules, wrong rules that often work, and the kinds of students; nothing was tuned on it."""

    def __init__(self, rng: np.random.Generator, students: int) -> None:
        self._rng, self.students, self.population = rng, students, generic_skills()
        kind = rng.choice(len(KINDS), students, p=[one.share for one in KINDS])
        self._guessing = np.array([one.guessing for one in KINDS])[kind]
        self._mind = RulesMind(_content(rng), _traits(kind, rng), rng=rng, skill_rng=rng)
        self._row = np.arange(students)

    def chance(self, skill: Indices, facet: Indices) -> Floats:
        """Some answers are given without thinking."""
        tried = self._mind.chance(skill * FACETS + facet)
        return self._guessing * 0.25 + (1 - self._guessing) * tried

    def practise(self, skill: Indices, right: Bools, active: Bools) -> None:
        """Rules are repaired or picked up."""
        self._mind.practise(np.where(active, skill * FACETS, _NO_ITEM), right)

    def rest(self, days: float) -> None:
        """Old habits return."""
        self._mind.rest(self._row, np.full(self.students, days))

    def held(self) -> Bools:
        """The right rule."""
        return self._mind.held()

    def lacks(self, skill: Indices) -> None:
        """No rule."""
        self._mind.lose(skill)


def drawn_skills(rng: np.random.Generator) -> BktParameters:
    """Twenty skills like those that were fitted."""
    drawn = {name: sigmoid(rng.normal(mean, sd, SKILLS)) for name, (mean, sd) in FITTED.items()}
    return shortened(drawn)


def shortened(drawn: dict[str, Floats]) -> BktParameters:
    """p_init by .6, all within the design's limits, and no forgetting while practising."""
    drawn = drawn | {"p_init": drawn["p_init"] * 0.6}
    return BktParameters(
        **{name: np.clip(drawn[name], *ALLOWED[name]) for name in ALLOWED}, p_forget=np.zeros(SKILLS)
    )


def generic_skills() -> BktParameters:
    """What a policy knows of a world that isn't BKT's: what every school starts with."""
    return default_bkt(SKILLS)


def _content(rng: np.random.Generator) -> Content:
    """Four items a skill, and one without any skill for whoever is done."""
    skill = np.append(np.repeat(np.arange(SKILLS), FACETS), -1)
    skills = np.full((len(skill), 4), -1, np.int64)
    skills[:, 0] = skill
    shares = (skills >= 0).astype(np.float64)
    return Content(skills, shares, rng.normal(0, 0.3, len(skill)), rng.random(len(skill)) < 0.6, BEFORE)


def _traits(kind: Indices, rng: np.random.Generator) -> Traits:
    n = len(kind)
    return Traits(
        ability=np.array([one.ability for one in KINDS])[kind] + rng.normal(0, 0.7, n),
        speed=np.array([one.speed for one in KINDS])[kind] * rng.lognormal(0, 0.4, n),
        forgetting=np.array([one.forgetting for one in KINDS])[kind] * rng.lognormal(0, 0.3, n),
        guessing=np.array([one.guessing for one in KINDS])[kind],
    )
