"""A run: students practise by one policy for sixty items, go on once a week, and are asked again a month later."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.baselines import NOTHING, Policy
from benchmarks.practice.records import SECONDS_A_DAY, SECONDS_AN_ITEM, Answers, Records
from benchmarks.practice.worlds import FACETS, World

Floats = NDArray[np.float64]

ITEMS = 60
LATER_WEEKS, LATER_ITEMS = 6, 10
MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Calendar:
    """items_a_day: of the first sixty, which may all be of one day. test_days: until gains are read."""

    items_a_day: int = ITEMS
    test_days: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Per student, (n,) each. The first four concern the first sixty items, the rest the weeks after them too.

    gained: skills held at the test and not before. failed, over: items answered wrong, and on skills held already.
    asked: items. declared, unheld: skills when they were first called mastered, and those of them not held then.
    ever: skills held after some session and not before the first; later: those still held a month after the last.
    """

    gained: Floats
    failed: Floats
    over: Floats
    asked: Floats
    declared: Floats
    unheld: Floats
    ever: Floats
    later: Floats


@dataclass(slots=True, eq=False)
class Declarations:
    """Skills called mastered: counted when it is said, against the truth of that moment. before (n, SKILLS)."""

    before: NDArray[np.bool_]
    made: Floats
    wrong: Floats

    def note(self, declared: NDArray[np.bool_], held: NDArray[np.bool_]) -> None:
        """After each item."""
        new = declared & ~self.before
        self.made = self.made + new.sum(1)
        self.wrong = self.wrong + (new & ~held).sum(1)
        self.before = declared.copy()


def run(policy: Policy, world: World, calendar: Calendar, *, seed: int) -> Run:
    """Everybody answers the same number of items unless the policy calls them done."""
    rng, records = np.random.default_rng(seed), Records(world.population, world.students)
    at_first = world.held()
    ever, counts = np.zeros_like(at_first), np.zeros((3, world.students))
    declarations = Declarations(np.zeros_like(at_first), *np.zeros((2, world.students)))
    last_day = -1
    for at_seconds in _first_sixty(calendar):
        last_day = _sleep(world, last_day, at_seconds)
        counts += ask(policy, world, records, at_seconds=at_seconds, rng=rng)
        declarations.note(policy.declared(records), world.held())
        ever |= world.held()
    world.rest(calendar.test_days)
    gained = (world.held() & ~at_first).sum(1)
    for at_seconds in _weeks_after(last_day + calendar.test_days):
        last_day = _sleep(world, max(last_day, 0), at_seconds) if at_seconds else last_day
        ask(policy, world, records, at_seconds=at_seconds, rng=rng)
        declarations.note(policy.declared(records), world.held())
        ever |= world.held()
    world.rest(MONTH_DAYS)
    failed, over, asked = counts
    later = (world.held() & ever & ~at_first).sum(1)
    return Run(
        gained.astype(float),
        failed,
        over,
        asked,
        declarations.made,
        declarations.wrong,
        (ever & ~at_first).sum(1).astype(float),
        later.astype(float),
    )


def ask(policy: Policy, world: World, records: Records, *, at_seconds: float, rng: np.random.Generator) -> Floats:
    """One item each. (3, n): failed, asked although held, asked."""
    chosen = policy.choose(records, at_seconds)
    active = chosen != NOTHING
    skill = np.where(active, chosen, 0)
    facet = records.attempts[records.row, skill] % FACETS
    held = world.held()[records.row, skill]
    right = rng.random(world.students) < world.chance(skill, facet)
    world.practise(skill, right, active)
    answers = Answers(skill, facet, right, active, at_seconds)
    records.observe(answers)
    policy.hear(answers)
    return np.stack([~right & active, held & active, active]).astype(np.float64)


def _first_sixty(calendar: Calendar) -> Iterator[float]:
    for item in range(ITEMS):
        day, place = divmod(item, calendar.items_a_day)
        yield day * SECONDS_A_DAY + place * SECONDS_AN_ITEM


def _weeks_after(day: int) -> Iterator[float]:
    for week in range(1, LATER_WEEKS + 1):
        for place in range(LATER_ITEMS):
            yield (day + 7 * week) * SECONDS_A_DAY + place * SECONDS_AN_ITEM


def _sleep(world: World, last_day: int, at_seconds: float) -> int:
    day = int(at_seconds // SECONDS_A_DAY)
    if 0 <= last_day < day:
        world.rest(day - last_day)
    return day
