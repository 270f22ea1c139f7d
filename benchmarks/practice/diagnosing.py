"""The diagnostic against a fixed form of twice its length, on the graph of the built-in packs."""

import numpy as np
from numpy.typing import NDArray

from client.content.bank import built_in_bank
from client.practice.bank_tables import tables_of
from client.practice.diagnostic import (
    MOST_ITEMS,
    Probe,
    after_probe,
    is_over,
    next_probe,
    starting_belief,
    ties_of,
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FORM_ITEMS = 24
EXCEPTIONS = 0.05  # of skills, known without what they need or the other way round
_CHUNK, _DRAWS = 250, 200


def diagnosing(*, students: int, seed: int) -> dict[str, dict[str, float]]:
    """Share of all skills that are classified rightly, known or not, after the test; with bootstrap intervals."""
    needs = tables_of(built_in_bank()).needs
    rng = np.random.default_rng(seed)
    skills = len(needs)
    probe = Probe(rng.uniform(0.1, 0.3, skills), rng.uniform(0.05, 0.2, skills), ties_of(needs))
    scores: dict[str, list[Floats]] = {}
    for _ in range(0, students, _CHUNK):
        held = simulated_knowledge(needs, _CHUNK, rng)
        for name, belief, items in _tests(held, probe, rng):
            right = ((belief >= 0.5) == held).mean(1)
            scores.setdefault(name, []).append(right)
            scores.setdefault(f"{name}: items", []).append(items)
    return {name: _interval(np.concatenate(parts), rng) for name, parts in scores.items()}


def simulated_knowledge(needs: Floats, students: int, rng: np.random.Generator) -> Bools:
    """(students, K): what students of all ages know; mostly in the order of the needs, with exceptions."""
    depth = np.zeros(len(needs))
    held = np.zeros((students, len(needs)), np.bool_)
    reached = rng.uniform(-1.0, 1.0, (students, 1))
    for skill, needed in enumerate(needs > 0):
        depth[skill] = 1 + depth[needed].max() if needed.any() else 0
        ready = held[:, needed].all(1)
        level = 1 - 2 * depth[skill] / 12 + 1.5 * reached[:, 0] + rng.normal(0, 0.5, students)
        held[:, skill] = ready & (level > 0)
    return np.asarray(held ^ (rng.random(held.shape) < EXCEPTIONS), np.bool_)


def _tests(held: Bools, probe: Probe, rng: np.random.Generator) -> list[tuple[str, Floats, Floats]]:
    n, skills = held.shape
    chance = np.where(held, 1 - probe.slip, probe.guess)
    belief = np.tile(starting_belief(np.zeros(skills), None), (n, 1))
    adaptive, length = _adaptive(belief, chance, probe=probe, rng=rng)
    form = np.unique(np.linspace(0, skills - 1, FORM_ITEMS).round().astype(np.int64))
    alone = Probe(probe.guess, probe.slip, np.eye(skills))
    answers = rng.random((n, len(form))) < chance[:, form]
    fixed = np.full(n, float(len(form)))
    return [
        ("adaptive", adaptive, length),
        ("fixed form, scored with the graph", _form(belief, form, answers, probe=probe), fixed),
        ("fixed form, scored skill by skill", _form(belief, form, answers, probe=alone), fixed),
    ]


def _adaptive(belief: Floats, chance: Floats, *, probe: Probe, rng: np.random.Generator) -> tuple[Floats, Floats]:
    n = len(belief)
    row, asked, length = np.arange(n), np.zeros(belief.shape, np.bool_), np.zeros(n)
    for item in range(MOST_ITEMS):
        going = ~is_over(belief, item)
        skill = next_probe(belief, asked, probe)
        right = rng.random(n) < chance[row, skill]
        belief = np.where(going[:, None], after_probe(belief, skill, right, probe=probe), belief)
        asked[row, skill] = True
        length += going
    return belief, length


def _form(belief: Floats, form: NDArray[np.int64], answers: Bools, *, probe: Probe) -> Floats:
    for place, skill in enumerate(form):
        belief = after_probe(belief, np.full(len(belief), skill), answers[:, place], probe=probe)
    return belief


def _interval(values: Floats, rng: np.random.Generator) -> dict[str, float]:
    means = values[rng.integers(0, len(values), (_DRAWS, len(values)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return {"value": float(values.mean()), "low": float(low), "high": float(high)}
