"""Wheel-spinning: how early it is seen that three right in a row won't come within ten attempts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.compare import make_world
from benchmarks.practice.worlds import FACETS, SKILLS
from client.practice.spin import IN_A_ROW, SPINS_ABOVE, WITHIN, spin_logit
from common.models.metrics import auc

Floats = NDArray[np.float64]
SEEN_AFTER = (1, 3, 5)


def spinning(family: str, *, students: int, seed: int) -> dict[str, Any]:
    """Among those undecided after 1, 3 and 5 attempts at one skill each: AUC, precision, recall."""
    right = attempts_at_one_skill(family, students=students, seed=seed)
    runs = np.stack([right[:, t : t + IN_A_ROW].all(1) for t in range(WITHIN - IN_A_ROW + 1)], axis=1)
    mastered_at = np.where(runs.any(1), runs.argmax(1) + IN_A_ROW, WITHIN + 1)
    return {f"after_{n}": _after(n, right, mastered_at) for n in SEEN_AFTER}


def attempts_at_one_skill(family: str, *, students: int, seed: int) -> NDArray[np.bool_]:
    """(students, 10) right answers, each student at a skill of their own."""
    rng = np.random.default_rng(seed)
    world = make_world(family, rng, students)
    skill, everybody = rng.integers(0, SKILLS, students), np.ones(students, np.bool_)
    right = np.zeros((students, WITHIN), np.bool_)
    for t in range(WITHIN):
        right[:, t] = rng.random(students) < world.chance(skill, np.full(students, t % FACETS))
        world.practise(skill, right[:, t], everybody)
    return right


def _after(n: int, right: NDArray[np.bool_], mastered_at: NDArray[np.int64]) -> dict[str, float]:
    open_ = mastered_at > n
    spins = mastered_at[open_] > WITHIN
    seen = right[open_, :n].astype(np.float64)
    padded = np.concatenate([np.zeros((len(seen), IN_A_ROW)), seen], axis=1)[:, -IN_A_ROW:]
    score = spin_logit(np.full(len(seen), float(n)), seen.sum(1), last=tuple(padded.T))
    called = score > np.log(SPINS_ABOVE / (1 - SPINS_ABOVE))
    return {
        "undecided": float(open_.sum()),
        "base_rate": float(spins.mean()),
        "auc": float(auc(spins, score)),
        "called": float(called.mean()),
        "precision": float(spins[called].mean()) if called.any() else 0.0,
        "recall": float(called[spins].mean()) if spins.any() else 0.0,
    }
