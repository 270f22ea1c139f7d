"""A planted gap: the records say that a needed skill is known, and it isn't. After how many items is it found?"""

import numpy as np

from benchmarks.practice.compare import make_world
from benchmarks.practice.records import Records
from benchmarks.practice.runs import ask
from benchmarks.practice.served import Served
from benchmarks.practice.worlds import BEFORE, SKILLS
from client.practice.policy import DEFAULT_SETTINGS, Rule

BELIEVED = 0.9
ITEMS = 8


def gaps(family: str, *, students: int, seed: int) -> dict[str, float]:
    """Shares within eight items: a repair asked about the gap; P(known) fell below what a need must have."""
    rng = np.random.default_rng(seed)
    world = make_world(family, rng, students)
    target = rng.choice(np.flatnonzero(BEFORE >= 0), students)
    row, gap = np.arange(students), BEFORE[target]
    world.lacks(gap)
    world.lacks(target)
    records, policy = Records(world.population, students), Served(students, seed)
    records.known[row, gap] = BELIEVED
    policy.begin(target)
    asked_after = np.full(students, ITEMS + 1)
    doubted = np.zeros(students, np.bool_)
    # Only the target may be begun; what it needs may be looked at.
    allowed = np.zeros((students, SKILLS), np.bool_)
    allowed[row, target] = allowed[row, gap] = True
    policy.allow(allowed)
    for item in range(ITEMS):
        ask(policy, world, records, at_seconds=60.0 * item, rng=rng)
        repaired = (policy.rule == Rule.REPAIR) & (policy.last == gap)
        asked_after = np.where(repaired, np.minimum(asked_after, item + 1), asked_after)
        doubted |= records.known[row, gap] < DEFAULT_SETTINGS.ready
    return {
        "found_within_8": float((asked_after <= ITEMS).mean()),
        "doubted_within_8": float(doubted.mean()),
        "median_items": float(np.median(asked_after)),
    }
