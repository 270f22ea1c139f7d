"""Wheel-spinning: how early it is seen that three right in a row won't come within ten attempts.

Students have a history, as at school: twenty answers on other skills, before ten at one skill of their own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.compare import make_world
from benchmarks.practice.records import SECONDS_AN_ITEM, Answers, Records
from benchmarks.practice.worlds import FACETS, SKILLS, World
from client.practice.holding import mean_surprise
from client.practice.policy import SET_SIZE
from client.practice.spin import IN_A_ROW, SPINS_ABOVE, WITHIN, spin_logit
from common.models.metrics import auc

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
SEEN_AFTER = (1, 3, 5)
WORLDS, EARLIER_SETS = 20, 4


@dataclass(frozen=True, slots=True, eq=False)
class Tries:
    """right (n, WITHIN) at the skill of each student; surprise (n,) of the answers before them, as a mean."""

    right: NDArray[np.bool_]
    surprise: Floats


def spinning(family: str, *, students: int, seed: int) -> dict[str, Any]:
    """Among those undecided after 1, 3 and 5 attempts at one skill each: AUC, precision, recall; over worlds."""
    worlds = [tries_at_one_skill(family, students=students // WORLDS, seed=seed + n) for n in range(WORLDS)]
    tries = Tries(np.concatenate([one.right for one in worlds]), np.concatenate([one.surprise for one in worlds]))
    runs = np.stack([tries.right[:, t : t + IN_A_ROW].all(1) for t in range(WITHIN - IN_A_ROW + 1)], axis=1)
    mastered_at = np.where(runs.any(1), runs.argmax(1) + IN_A_ROW, WITHIN + 1)
    return {f"after_{n}": _after(n, tries, mastered_at) for n in SEEN_AFTER}


def tries_at_one_skill(family: str, *, students: int, seed: int) -> Tries:
    """In one world, each student at a skill of their own."""
    rng = np.random.default_rng(seed)
    world = make_world(family, rng, students)
    records = Records(world.population, students)
    own = rng.integers(0, SKILLS, students)
    for _ in range(EARLIER_SETS):
        other = (own + rng.integers(1, SKILLS, students)) % SKILLS
        for _ in range(SET_SIZE):
            _answer(world, records, other, rng=rng)
    surprise = mean_surprise(records.track[1], records.track[0])
    right = [_answer(world, records, own, rng=rng) for _ in range(WITHIN)]
    return Tries(np.stack(right, axis=1), surprise)


def _answer(world: World, records: Records, skill: Indices, *, rng: np.random.Generator) -> NDArray[np.bool_]:
    facet = records.attempts[records.row, skill] % FACETS
    right = rng.random(world.students) < world.chance(skill, facet)
    everybody = np.ones(world.students, np.bool_)
    world.practise(skill, right, everybody)
    records.observe(Answers(skill, facet, right, everybody, records.track[0].max() * SECONDS_AN_ITEM))
    return right


def _after(n: int, tries: Tries, mastered_at: Indices) -> dict[str, float]:
    open_ = mastered_at > n
    spins = mastered_at[open_] > WITHIN
    seen = tries.right[open_, :n].astype(np.float64)
    padded = np.concatenate([np.zeros((len(seen), IN_A_ROW)), seen], axis=1)[:, -IN_A_ROW:]
    tried = np.full(len(seen), float(n))
    score = spin_logit(tried, seen.sum(1), last=tuple(padded.T), surprise=tries.surprise[open_])
    called = score > np.log(SPINS_ABOVE / (1 - SPINS_ABOVE))
    return {
        "undecided": float(open_.sum()),
        "base_rate": float(spins.mean()),
        "auc": float(auc(spins, score)),
        "called": float(called.mean()),
        "precision": float(spins[called].mean()) if called.any() else 0.0,
        "recall": float(called[spins].mean()) if spins.any() else 0.0,
    }
