"""A network's start that has learnt what a logistic model knows: from simulated students who answer as it says.

Post-processing: the logistic model was paid for, its students are invented, so this costs no privacy.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from common.arrays import Arrays
from common.models.dkt import train_without_privacy
from common.models.encoding import EncodedHistory
from common.models.logistic_students import answer_as
from common.models.starting_students import generic_items, starting_students
from common.models.warm_start import warm_start
from common.skills import SkillMap

STEPS = 90
ABILITY_SPREAD = 0.5  # logits; what the logistic model can't know of a student before the first answer


def distilled(
    logistic: Arrays,
    skill_map: SkillMap,
    hidden: int,
    *,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> Arrays:
    """All six arrays of a DKT for the skill map's rows. logistic: its arrays for the same rows.

    The same arguments give the same bytes on the same machine. About as long as two warm starts.
    """
    rng = np.random.default_rng(seed)
    start = warm_start(skill_map, hidden, seed)
    beta = np.asarray(logistic["beta"], np.float32)
    start["b_out"][:] += beta - beta.mean()
    students = starting_students(skill_map, generic_items(skill_map, rng), rng)
    answering = answering_like(logistic, students, rng)
    return train_without_privacy(start, answering, {}, steps=STEPS, seed=seed, progress=progress)


def answering_like(
    logistic: Arrays, students: Sequence[EncodedHistory], rng: np.random.Generator
) -> list[EncodedHistory]:
    """The same attempts with answers drawn from the logistic model, by students of differing ability; no times.

    The longest histories come first.
    """
    longest_first = sorted(students, key=len, reverse=True)
    timeless = [replace(one, at_seconds=np.full(len(one), np.nan)) for one in longest_first]
    return answer_as(logistic, timeless, difficulty={}, ability_spread=ABILITY_SPREAD, rng=rng)
