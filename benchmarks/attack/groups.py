"""`python -m benchmarks.attack.groups`: do groups of schools with a trimmed mean stop poison that a sum lets by?

One sum: every school in one masked sum, the noise shared by all honest ones, a bound on the sum's length. Groups:
masked sums of five schools each, a trimmed mean over them (the largest and the smallest in each number left out),
each group's noise shared inside it, so more noise in all. Both at the default plan's epsilon; nobody's update is
seen in either. Not built into the product: this measures whether it would pay (docs/decisions).
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.default_plan import default_plan
from benchmarks.attack.poisoning import (
    GATE_MARGIN,
    HIDDEN,
    SHAPES,
    SKILL_MAP,
    Population,
    auc_on,
    make_population,
    model_of,
)
from client.training.engine import clipped_sum
from common.arrays import flatten
from common.federated_step import moved, norm_bound
from common.models.dkt_shapes import SHARED
from common.optimizer import start_weights
from common.plan import CampaignPlan

# A school of 280 students trains on 196 of them. PUPILS stand for those: noise and bounds shrink in proportion.
PUPILS, TRAINED, GROUP, TRIMMED = 20, 196, 5, 1
CASES = ((25, 0), (25, 1), (25, 3), (50, 3))
Vector = NDArray[np.float64]
# What a bad school sends, from its honest update, the model and how long it may be without being noticed.
LIES: dict[str, Callable[[Vector, Vector, float], Vector]] = {
    "sign flip x 3": lambda honest, model, room: -3.0 * honest,
    "replacement below the bound": lambda honest, model, room: room * model / np.linalg.norm(model),
    "label flip": lambda honest, model, room: honest,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One campaign: how many schools, how many of them bad and how, and whether sums are of groups."""

    schools: int
    bad: int
    lie: str
    grouped: bool
    seed: int


def campaign(setting: Setting, population: Population) -> dict[str, float]:
    """AUC of the candidate, and of what serves after the gate; how many sums were void."""
    rng = np.random.default_rng([setting.seed, setting.grouped])
    plan = _plan(GROUP if setting.grouped else setting.schools)
    weights = start_weights(flatten({name: population.start[name] for name in SHARED}, SHAPES).astype(np.float64))
    bound, void = _scaled_bound(plan), 0
    for number in range(1, plan.rounds + 1):
        updates = _updates(
            setting, population, weights.model, bound=bound, rate=plan.privacy.sampling_rate, rng=rng
        )
        sums = [_noised_sum(group, plan, rng) for group in _groups(updates, setting, rng)]
        good = [one for one in sums if np.linalg.norm(one) <= bound]
        void += len(sums) - len(good)
        if len(good) <= 2 * TRIMMED * setting.grouped:
            continue
        mean = _middle(good) if setting.grouped else good[0]
        divisor = plan.privacy.sampling_rate * PUPILS * (GROUP if setting.grouped else setting.schools)
        divisor *= plan.members[0].students / TRAINED  # plans count all students, not those of the training set
        weights = moved(plan, weights, mean / divisor, round_number=number) or weights
    final, start = auc_on(model_of(population, weights.model), population.held_out), start_auc(population)
    return {"candidate": final, "served": final if final >= start - GATE_MARGIN else start, "void": void}


def start_auc(population: Population) -> float:
    """Before the campaign."""
    return auc_on(population.start, population.held_out)


def _updates(
    setting: Setting, population: Population, model: Vector, *, bound: float, rate: float, rng: np.random.Generator
) -> list[Vector]:
    """(d,) each, bad schools first; every school draws its students."""
    arrays = model_of(population, model)
    found = []
    for school in range(setting.schools):
        is_bad = school < setting.bad
        pupils = population.flipped if is_bad and setting.lie == "label flip" else population.pupils
        drawn = [one for one in pupils[school] if rng.random() < rate]
        honest = clipped_sum(arrays, drawn, 1.0).values
        # Bad schools share the room that honest sums and noise leave below the bound: half of it.
        room = 0.5 * bound / max(1, setting.bad)
        found.append(LIES[setting.lie](honest, model, room) if is_bad else honest)
    return found


def _groups(updates: list[Vector], setting: Setting, rng: np.random.Generator) -> list[list[Vector]]:
    """Everybody, or random groups of GROUP, drawn anew in each round."""
    if not setting.grouped:
        return [updates]
    order = rng.permutation(len(updates))
    return [[updates[place] for place in part] for part in np.split(order, len(order) // GROUP)]


def _noised_sum(updates: Sequence[Vector], plan: CampaignPlan, rng: np.random.Generator) -> Vector:
    """With every school's share of the noise."""
    share = (
        plan.privacy.noise_multiplier * math.sqrt(len(updates) / plan.privacy.honest_schools) * PUPILS / TRAINED
    )
    total: Vector = np.sum(updates, axis=0)
    return total + rng.normal(0.0, share, total.shape)


def _middle(sums: list[Vector]) -> Vector:
    """The trimmed mean of each number."""
    ordered = np.sort(np.array(sums), axis=0)
    return np.asarray(ordered[TRIMMED : len(sums) - TRIMMED].mean(axis=0), np.float64)


def _scaled_bound(plan: CampaignPlan) -> float:
    """The product's own bound on a sum's length, for this model and for pupils that stand for more."""
    model = plan.model.model_copy(update={"hidden": HIDDEN, "skill_names": SKILL_MAP.names})
    bound = norm_bound(plan.model_copy(update={"model": model}), [member.school for member in plan.members])
    return bound * PUPILS / TRAINED


def _plan(schools: int) -> CampaignPlan:
    """The default plan's privacy, with the noise shared by as many as the planner relies on."""
    return default_plan(schools).campaign


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table and writes it."""
    parser = argparse.ArgumentParser("python -m benchmarks.attack.groups")
    parser.add_argument("--out", type=Path, default=Path("groups.json"))
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = "1"
    rows = [row for schools, bad in CASES for row in _rows(schools, bad, seeds=given.seeds)]
    given.out.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


def _rows(schools: int, bad: int, *, seeds: int) -> list[dict[str, Any]]:
    populations = [make_population(seed, schools=schools, pupils=PUPILS) for seed in range(1, seeds + 1)]
    start = float(np.mean([start_auc(one) for one in populations]))
    rows = []
    for lie in LIES if bad else ("label flip",):
        row: dict[str, Any] = {"schools": schools, "bad": bad, "attack": lie if bad else "none", "start": start}
        for grouped in (False, True):
            found = [
                campaign(Setting(schools, bad, lie, grouped, seed), one) for seed, one in enumerate(populations)
            ]
            name = "groups" if grouped else "one sum"
            row[name] = {key: float(np.mean([each[key] for each in found])) for key in found[0]}
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
