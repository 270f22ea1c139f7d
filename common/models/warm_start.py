"""The start of a campaign: a DKT that was trained on simulated students only, so it costs no privacy at all.

It knows what is common to all practice (who was right before will be right again, other skills tell something too)
and nothing about the consortium's skills: how hard each is, its output bias, starts from the same value for all.
"""

from collections.abc import Callable

import numpy as np

from common.arrays import Arrays
from common.models.dkt import initial_arrays, train_without_privacy
from common.models.starting_students import generic_items, starting_students
from common.skills import SkillMap

STEPS = 110


def warm_start(
    skill_map: SkillMap, hidden: int, seed: int, *, progress: Callable[[float], None] | None = None
) -> Arrays:
    """All six arrays for the skill map's rows; `progress` is told the share that is done.

    The same arguments give the same bytes on the same machine and torch version; a plan names the arrays by
    digest, so schools never have to repeat this.
    """
    rng = np.random.default_rng(seed)
    items = generic_items(skill_map, rng)
    # Half of the items have no known difficulty, as at a school that has just begun.
    difficulty = {item.item: item.difficulty for item in items[::2]}
    students = starting_students(skill_map, items, rng)
    start = initial_arrays(skill_map.rows, hidden, seed)
    arrays = train_without_privacy(start, students, difficulty, steps=STEPS, seed=seed, progress=progress)
    arrays["b_out"][:] = arrays["b_out"].mean()
    return arrays
