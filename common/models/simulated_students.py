"""Simulated students: invented histories that resemble practice, for tests, benchmarks, demo and warm start.

A student stays on a skill, mostly moves on after three right in a row, sometimes wanders, and comes back on other
days. What happens in the student's head is one of three families of `common.models.simulated_minds`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from common.errors import ErrorCode, FixSettings
from common.interactions import MAX_SKILLS, History, Interaction
from common.models.simulated_minds import (
    BktMind,
    Floats,
    GrowthMind,
    Indices,
    Mind,
    RulesMind,
    Traits,
    World,
)

Family = Literal["bkt", "growth", "rules"]
FAMILIES: tuple[Family, ...] = ("bkt", "growth", "rules")

_MINDS: dict[Family, Callable[..., Mind]] = {"bkt": BktMind, "growth": GrowthMind, "rules": RulesMind}
_CHAIN = 5  # in the order of first appearance, each skill needs the one before it, in chains of five
_LONGEST, _SHORTEST = 120, 4
_SESSION = 12  # attempts on one day, on average
_RANDOM_ANSWER_RIGHT = 0.25


@dataclass(frozen=True, slots=True)
class SimulatedItem:
    """An item to practise. difficulty: offset added to the logit, below 0 is harder."""

    item: str
    skills: tuple[str, ...]
    difficulty: float = 0.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of student. share: of the population; ability: mean, in logits; the rest as in `Traits`."""

    name: str
    share: float
    ability: float
    speed: float
    forgetting: float
    guessing: float


KINDS = (
    Kind("steady", 0.45, 0.0, 1.0, 1.0, 0.0),
    Kind("fast expert", 0.15, 1.3, 1.8, 0.6, 0.0),
    Kind("struggler", 0.20, -1.2, 0.5, 1.3, 0.02),
    Kind("forgetter", 0.12, 0.0, 1.0, 6.0, 0.0),
    Kind("guesser", 0.08, -0.3, 0.8, 1.0, 0.5),
)


@dataclass(frozen=True, slots=True)
class Population:
    """Simulated histories, and the kind of each student, which no model or policy may see."""

    histories: list[History] = field(repr=False)
    kinds: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """The items of each skill: skill k's are order[start[k] : start[k] + count[k]]."""

    order: Indices
    start: Indices
    count: Indices


@dataclass(frozen=True, slots=True, eq=False)
class _Record:
    """What happened, (T, n), students with the longest histories first."""

    item: Indices
    right: NDArray[np.bool_]
    at_seconds: Floats


def simulate(
    family: Family, items: Sequence[SimulatedItem], *, students: int, rng: np.random.Generator
) -> list[History]:
    """Histories of invented students, see `simulate_population`."""
    return simulate_population(family, items, students=students, rng=rng).histories


def simulate_population(
    family: Family,
    items: Sequence[SimulatedItem],
    *,
    students: int,
    rng: np.random.Generator,
    skill_rng: np.random.Generator | None = None,
    median_interactions: float = 27.0,
) -> Population:
    """Invented students with random ids, their histories and hidden kinds.

    skill_rng: draws how hard each skill is and how fast it is learnt, so that two schools with equal ones teach
    the same content to different students; None draws it with everything else.

    Lengths are log-normal (deviation .9) within 4-120; the default median gives a mean of about 36. at_seconds
    counts from the midnight before the first day. FixSettings if there is no student or no item.
    """
    if students < 1 or not items:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "A simulation needs at least one student and one item.")
    drawn = np.clip(rng.lognormal(np.log(median_interactions), 0.9, students), _SHORTEST, _LONGEST)
    lengths = -np.sort(-drawn.astype(np.int64))
    skill_rng = rng if skill_rng is None else skill_rng
    world, shelf = _world(items, skill_rng)
    kind = rng.choice(len(KINDS), students, p=[kind.share for kind in KINDS])
    traits = _traits(kind, rng)
    mind = _MINDS[family](world, traits, rng=rng, skill_rng=skill_rng)
    record = _practise(mind, shelf, world, traits=traits, lengths=lengths, rng=rng)
    order = rng.permutation(students)  # else the first students would have the longest histories
    ids = [f"simulated-{value:08x}" for value in rng.choice(2**32, students, replace=False)]
    histories = [
        _history(ids[s], items, record, column=int(column), length=int(lengths[column]))
        for s, column in enumerate(order)
    ]
    return Population(histories, tuple(KINDS[int(kind[column])].name for column in order))


def _world(items: Sequence[SimulatedItem], rng: np.random.Generator) -> tuple[World, _Shelf]:
    names = {skill: k for k, skill in enumerate(dict.fromkeys(s for item in items for s in item.skills))}
    skills = np.full((len(items), MAX_SKILLS), -1, np.int64)
    for i, item in enumerate(items):
        skills[i, : len(item.skills)] = [names[skill] for skill in item.skills]
    real = skills >= 0
    which, slot = np.nonzero(real)
    skill_of = skills[which, slot]
    order = np.argsort(skill_of, kind="stable")
    count = np.bincount(skill_of, minlength=len(names))
    chain = np.arange(len(names))
    world = World(
        skills=skills,
        shares=real / real.sum(1, keepdims=True),
        difficulty=np.array([item.difficulty for item in items], np.float64),
        exposes=rng.random(len(items)) < 0.6,
        prerequisite=np.where(chain % _CHAIN == 0, -1, chain - 1),
    )
    return world, _Shelf(which[order], np.cumsum(count) - count, count)


def _traits(kind: Indices, rng: np.random.Generator) -> Traits:
    n = len(kind)
    return Traits(
        ability=np.array([k.ability for k in KINDS])[kind] + rng.normal(0, 0.7, n),
        speed=np.array([k.speed for k in KINDS])[kind] * rng.lognormal(0, 0.4, n),
        forgetting=np.array([k.forgetting for k in KINDS])[kind] * rng.lognormal(0, 0.3, n),
        guessing=np.array([k.guessing for k in KINDS])[kind],
    )


def _practise(
    mind: Mind, shelf: _Shelf, world: World, *, traits: Traits, lengths: Indices, rng: np.random.Generator
) -> _Record:
    n, steps = len(lengths), int(lengths[0])
    record = _Record(np.zeros((steps, n), np.int64), np.zeros((steps, n), np.bool_), np.zeros((steps, n)))
    skill, run = rng.integers(len(shelf.count), size=n), np.zeros(n, np.int64)
    day, second = rng.integers(0, 5, n).astype(np.float64), _time_of_day(n, rng)
    for t in range(steps):
        m = int(np.searchsorted(-lengths, -t))  # students whose history goes on
        if t:
            returning = np.flatnonzero(rng.random(m) < 1 / _SESSION)
            days = rng.geometric(0.4, len(returning)).astype(np.float64)
            mind.rest(returning, days)
            day[returning] += days
            second[returning] = _time_of_day(len(returning), rng)
        item = shelf.order[shelf.start[skill[:m]] + rng.integers(0, shelf.count[skill[:m]])]
        guessed = rng.random(m) < traits.guessing[:m]
        right = rng.random(m) < np.where(guessed, _RANDOM_ANSWER_RIGHT, mind.chance(item))
        mind.practise(item, right)
        second[:m] += np.where(guessed, 4.0, rng.lognormal(np.log(25), 0.6, m))
        record.item[t, :m], record.right[t, :m] = item, right
        record.at_seconds[t, :m] = day[:m] * 86_400 + second[:m]
        run[:m] = np.where(right, run[:m] + 1, 0)
        skill[:m], run[:m] = _next_skill(skill[:m], run[:m], skills=len(shelf.count), rng=rng)
    return record


def _time_of_day(count: int, rng: np.random.Generator) -> Floats:
    """Seconds since midnight, between 8 and 14 o'clock."""
    return rng.uniform(8 * 3600, 14 * 3600, count)


def _next_skill(skill: Indices, run: Indices, *, skills: int, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Stay, or leave after three right in a row (60 %) or by whim (7 %): half of the time to one just ahead."""
    m = len(skill)
    leave = ((run >= 3) & (rng.random(m) < 0.6)) | (rng.random(m) < 0.07)
    ahead = (skill + rng.integers(1, 4, m)) % skills
    elsewhere = np.where(rng.random(m) < 0.5, ahead, rng.integers(skills, size=m))
    return np.where(leave, elsewhere, skill), np.where(leave, 0, run)


def _history(
    student: str, items: Sequence[SimulatedItem], record: _Record, *, column: int, length: int
) -> History:
    rows = zip(
        record.item[:length, column].tolist(),
        record.right[:length, column].tolist(),
        record.at_seconds[:length, column].round(1).tolist(),
        strict=True,
    )
    return History(student, tuple(Interaction(items[i].item, items[i].skills, right, at) for i, right, at in rows))
