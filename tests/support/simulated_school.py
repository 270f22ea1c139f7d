"""A simulated school and a model that knows it well: for tests of what happens after a release."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from common.arrays import Arrays
from common.models.dkt import initial_arrays, train_without_privacy
from common.models.encoding import EncodedHistory, encode
from common.models.simulated_students import SimulatedItem, simulate
from common.skills import SkillMap

SKILL_MAP = SkillMap("school/1", ("halves", "thirds", "quarters"))
HIDDEN = 8


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSchool:
    """Students of one world in three sets, and arrays that were trained on others of that world."""

    train: list[EncodedHistory]
    validation: list[EncodedHistory]
    test: list[EncodedHistory]
    release: Arrays
    start: Arrays


@lru_cache(maxsize=1)
def simulated_school() -> SimulatedSchool:
    """80, 60 and 40 students; item difficulties differ by about 1.5 logits, which no shared array holds."""
    rng = np.random.default_rng(3)
    items = [
        SimulatedItem(f"{skill}/{n}", (skill,), float(rng.normal(0, 1.5)))
        for skill in SKILL_MAP.names
        for n in range(4)
    ]
    students = [encode(h, SKILL_MAP) for h in simulate("growth", items, students=340, rng=rng)]
    start = initial_arrays(SKILL_MAP.rows, HIDDEN, seed=1)
    release = train_without_privacy(start, students[180:], {}, steps=40, seed=1)
    return SimulatedSchool(students[:80], students[80:140], students[140:180], release, start)
