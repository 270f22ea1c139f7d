"""The start of a campaign: a DKT that was trained on simulated students only, so it costs no privacy at all.

It knows what is common to all practice (who was right before will be right again, other skills tell something too)
and nothing about the consortium's skills: how hard each is, its output bias, starts from the same value for all.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from common.arrays import Arrays
from common.models.dkt import initial_arrays, train_without_privacy
from common.models.encoding import EncodedHistory, encode
from common.models.simulated_students import Family, SimulatedItem, simulate
from common.skills import OTHER_SKILL_ROW, SkillMap

STUDENTS, STEPS = 2500, 110
# A logistic growth of skills is nearest to what logs of real practice look like, so most students grow.
_MIXTURE: tuple[tuple[Family, int], ...] = (("growth", 1300), ("bkt", 600), ("rules", 600))
_ITEMS_PER_SKILL = 6
_JOINT_ITEMS = 0.15  # share of items with a second skill
_OTHER_SKILL = 0.02  # share of attempts whose first skill becomes "some other skill", so that row 0 is trained


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
    students = [
        _with_other_skills(encode(history, skill_map), rng)
        for family, count in _MIXTURE
        for history in simulate(family, items, students=count, rng=rng)
    ]
    start = initial_arrays(skill_map.rows, hidden, seed)
    arrays = train_without_privacy(start, students, difficulty, steps=STEPS, seed=seed, progress=progress)
    arrays["b_out"][:] = arrays["b_out"].mean()
    return arrays


def generic_items(skill_map: SkillMap, rng: np.random.Generator) -> list[SimulatedItem]:
    """Invented items for every skill, some of them with a second skill nearby, of all difficulties."""
    names, items = skill_map.names, []
    for k, name in enumerate(names):
        for n in range(_ITEMS_PER_SKILL):
            joint = len(names) > 1 and rng.random() < _JOINT_ITEMS
            second = (names[(k + int(rng.integers(1, min(5, len(names))))) % len(names)],) if joint else ()
            items.append(SimulatedItem(f"{name}/{n}", (name, *second), float(rng.normal(0, 0.7))))
    return items


def _with_other_skills(encoded: EncodedHistory, rng: np.random.Generator) -> EncodedHistory:
    skill_rows = encoded.skill_rows.copy()
    skill_rows[rng.random(len(encoded)) < _OTHER_SKILL, 0] = OTHER_SKILL_ROW
    return replace(encoded, skill_rows=skill_rows)
