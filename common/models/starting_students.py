"""The simulated students that a campaign's start is made from: nobody real, so they cost no privacy."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from common.models.encoding import EncodedHistory, encode
from common.models.simulated_students import Family, SimulatedItem, simulate
from common.skills import OTHER_SKILL_ROW, SkillMap

STUDENTS = 2500
# A logistic growth of skills is nearest to what logs of real practice look like, so most students grow.
_MIXTURE: tuple[tuple[Family, int], ...] = (("growth", 1300), ("bkt", 600), ("rules", 600))
_ITEMS_PER_SKILL = 6
_JOINT_ITEMS = 0.15  # share of items with a second skill
_OTHER_SKILL = 0.02  # share of attempts whose first skill becomes "some other skill", so that row 0 is trained


def starting_students(
    skill_map: SkillMap, items: Sequence[SimulatedItem], rng: np.random.Generator
) -> list[EncodedHistory]:
    """Histories over these items by students of three families."""
    return [
        _with_other_skills(encode(history, skill_map), rng)
        for family, count in _MIXTURE
        for history in simulate(family, items, students=count, rng=rng)
    ]


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
