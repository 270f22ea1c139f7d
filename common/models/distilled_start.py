"""The start of a network that builds on a released logistic model: it learns from students who answer like it.

A released model may be post-processed for ever: what the network takes over costs no further privacy.
"""

from collections.abc import Callable, Sequence

import numpy as np

from common.arrays import Arrays
from common.models.dkt import initial_arrays, train_without_privacy
from common.models.logistic_students import answer_as
from common.models.simulated_students import SimulatedItem
from common.models.starting_students import generic_items, starting_students
from common.skills import SkillMap

STEPS, ABILITY_SPREAD = 110, 0.5


def distilled_start(
    logistic: Arrays,
    families: Sequence[str],
    skill_map: SkillMap,
    *,
    hidden: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> Arrays:
    """All six arrays. logistic, families: the released model, whose rows are the skill map's.

    b_out begins at the logistic model's skills. The students meet invented items, and each family as a further
    item of any skill; half of the items have no known difficulty, as at a school that has just begun.
    """
    rng = np.random.default_rng(seed)
    items = [*generic_items(skill_map, rng), *_family_items(families, skill_map, rng)]
    shared = dict(zip(families, logistic["family"].tolist(), strict=True))
    difficulty = {item.item: shared.get(item.item, item.difficulty) for item in items}
    students = answer_as(
        logistic,
        starting_students(skill_map, items, rng),
        difficulty=difficulty,
        ability_spread=ABILITY_SPREAD,
        rng=rng,
    )
    start = initial_arrays(skill_map.rows, hidden, seed)
    start["b_out"] = logistic["bias"] + logistic["beta"]
    known = {item.item: difficulty[item.item] for item in items[::2]}
    return train_without_privacy(start, students, known, steps=STEPS, seed=seed, progress=progress)


def _family_items(families: Sequence[str], skill_map: SkillMap, rng: np.random.Generator) -> list[SimulatedItem]:
    """Each family at a skill drawn by chance: the network only has to learn what a known difficulty means."""
    names = skill_map.names
    return [SimulatedItem(family, (names[int(rng.integers(len(names)))],)) for family in families]
