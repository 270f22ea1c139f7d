"""Every policy in every family: runs over several worlds, added up per student, with intervals over students."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.baselines import (
    Bandit,
    Policy,
    Simple,
    at_random,
    fixed_order,
    greedy_gain,
    in_the_zone,
    surely_known,
    three_in_a_row,
    three_or_ten,
)
from benchmarks.practice.runs import Calendar, Run, run
from benchmarks.practice.served import Served
from benchmarks.practice.worlds import BktWorld, LevelWorld, RulesWorld, World
from common.models.bkt import BktParameters

Floats = NDArray[np.float64]
Figure = dict[str, float]

SERVED, WITHOUT_SPACING = "served", "served without spacing"
WITHOUT_RE_CHECKS = "served without re-checks"
DRAWS = 200
_OVER_DAYS = Calendar(items_a_day=12, test_days=3)
FAMILIES: Mapping[str, Calendar] = {
    "bkt": Calendar(),
    "level": Calendar(),
    "fading": _OVER_DAYS,
    "rules": Calendar(),
}
POLICIES: Mapping[str, Callable[[int, int], Policy]] = {
    "random": partial(Simple, at_random),
    "fixed order": partial(Simple, fixed_order),
    "three in a row": partial(Simple, three_in_a_row),
    "three in a row, exit at 10": partial(Simple, three_or_ten),
    "BKT above .95": partial(Simple, surely_known),
    "60-80 % zone": partial(Simple, in_the_zone),
    "bandit like ZPDES": Bandit,
    "greedy expected gain": partial(Simple, greedy_gain),
    SERVED: Served,
    WITHOUT_SPACING: partial(Served, spacing=False),
    WITHOUT_RE_CHECKS: partial(Served, re_checks=False),
}
# numerator, denominator: a number per student each; an empty denominator means per student.
RATIOS = {
    "gained_per_100": ("gained", "asked", 100.0),
    "failure": ("failed", "asked", 1.0),
    "over_practice": ("over", "asked", 1.0),
    "under_practice": ("unheld", "declared", 1.0),
    "retention_30d": ("later", "ever", 1.0),
    "gained_of_60": ("gained", "", 1.0),
    "declared": ("declared", "", 1.0),
    "held_after_30d": ("later", "", 1.0),
}


def make_world(
    family: str, rng: np.random.Generator, students: int, *, skills: BktParameters | None = None
) -> World:
    """skills: of the BKT family, drawn if None."""
    if family == "bkt":
        return BktWorld(rng, students, skills)
    return RulesWorld(rng, students) if family == "rules" else LevelWorld(rng, students)


def run_world(
    case: tuple[str, str], *, world: int, students: int, seed: int, skills: BktParameters | None = None
) -> Run:
    """One world of a case (family, policy): the same students and skills for every policy."""
    family, policy = case
    made = make_world(family, np.random.default_rng([seed, world]), students, skills=skills)
    chosen = POLICIES[policy](students, seed + world)
    return run(chosen, made, FAMILIES[family], seed=seed + 1000 + world)


def joined(runs: list[Run]) -> Run:
    """The students of several worlds as one population."""
    return Run(**{one.name: np.concatenate([getattr(r, one.name) for r in runs]) for one in fields(Run)})


def figures(done: Run, *, seed: int) -> dict[str, Figure]:
    """Each ratio with a 95 % interval from a bootstrap over students."""
    n = len(done.gained)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), DRAWS).astype(np.float64)
    weights = np.vstack([np.ones(n), weights])
    found = {}
    for name, (above, below, scale) in RATIOS.items():
        bottom = weights @ getattr(done, below) if below else np.full(len(weights), float(n))
        ratios = scale * (weights @ getattr(done, above)) / np.maximum(bottom, 1e-9)
        low, high = np.quantile(ratios[1:], (0.025, 0.975))
        found[name] = {"value": float(ratios[0]), "low": float(low), "high": float(high)}
    return found
