"""FamilyRows: the skill rows of item families as arrays, worked out once for each set of skills.

A bank has ten times as many families as sets of skills, so a model speaks of the sets, and items add their own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from common.interactions import MAX_SKILLS
from common.models.encoding import NO_SKILL
from common.skills import SkillMap


class FamilyRows:
    """Rows of a skill map, as `common.models.encoding` has them: different rows first, then -1."""

    def __init__(self, skill_map: SkillMap) -> None:
        self._skill_map = skill_map
        self._known: dict[tuple[str, ...], NDArray[np.int32]] = {}

    def of(self, skills: tuple[str, ...]) -> NDArray[np.int32]:
        """(4,) int32."""
        found = self._known.get(skills)
        if found is None:
            rows = list(dict.fromkeys(map(self._skill_map.row, skills)))
            found = np.array(rows + [NO_SKILL] * (MAX_SKILLS - len(rows)), np.int32)
            found.flags.writeable = False
            self._known[skills] = found
        return found

    def distinct(self, families: Sequence[Family]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """(M, 4) rows of the M different sets of skills, and (N,) which of them each family has."""
        place: dict[tuple[str, ...], int] = {}
        which = np.array([place.setdefault(family.skills, len(place)) for family in families], np.int64)
        return np.stack([self.of(skills) for skills in place]), which
