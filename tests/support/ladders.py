"""Ladders of random numbers, for tests of what keeps and serves them."""

import numpy as np

from common.models.conformal import Conformal
from common.models.ladder import LadderModels
from common.models.local_logistic import LocalLogistic
from common.models.logistic import initial_arrays
from common.models.stack import StackWeights
from common.skills import SkillMap
from tests.support.models import random_arrays

FAMILIES = {"item 1": 0, "Q8.procedure": 1}


def random_logistic(skill_map: SkillMap, seed: int = 0, *, sloped: bool = True) -> LocalLogistic:
    """Normal with deviation .5; two families, one offset."""
    rng, rows = np.random.default_rng(seed), skill_map.rows
    arrays = {
        name: rng.normal(0, 0.5, array.shape).astype(np.float32)
        for name, array in initial_arrays(rows, len(FAMILIES)).items()
    }
    slopes = rng.normal(0, 0.5, (rows if sloped else 0, 2)).astype(np.float32)
    return LocalLogistic(arrays, FAMILIES, {"item 1": -0.25}, slopes)


def random_ladder(skill_map: SkillMap, seed: int = 0, *, network: bool = True) -> LadderModels:
    """With a network of four hidden units, or without one."""
    return LadderModels(
        random_logistic(skill_map, seed),
        random_arrays(skill_map.rows, 4, seed) if network else None,
        {"item 1": 0.5} if network else {},
        StackWeights(-0.2, 0.7, 0.4),
        Conformal(0.75, 30, "school"),
    )
