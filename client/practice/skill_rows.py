"""FamilyRows: item families as arrays of skill rows and offsets, worked out once for the families that are asked.

A bank has ten times as many families as sets of skills, so a model speaks of the sets, and items add their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from common.interactions import MAX_SKILLS
from common.models.encoding import NO_SKILL
from common.skills import SkillMap

P = TypeVar("P")


@dataclass(frozen=True, slots=True, eq=False)
class Asked(Generic[P]):
    """N families with M different sets of skills.

    sets: what the model made of the sets' rows, (M, 4). which: (N,) the set that each family has. offsets: (N,)
    what each item adds to a logit.
    """

    sets: P
    which: NDArray[np.int64]
    offsets: NDArray[np.float64]


class FamilyRows(Generic[P]):
    """Rows of a skill map, as `common.models.encoding` has them: different rows first, then -1.

    offset: what an item adds to the logit of its skills. prepare: what a model makes of rows (M, 4) before it
    knows a student. Both give the same for the same.
    """

    def __init__(
        self,
        skill_map: SkillMap,
        *,
        offset: Callable[[str], float],
        prepare: Callable[[NDArray[np.int32]], P],
    ) -> None:
        self._skill_map = skill_map
        self._offset = offset
        self._prepare = prepare
        self._known: dict[tuple[str, ...], NDArray[np.int32]] = {}
        # Practice asks about the same tuple of families after every answer.
        self._newest: tuple[tuple[Family, ...], Asked[P]] | None = None

    def of(self, skills: tuple[str, ...]) -> NDArray[np.int32]:
        """(4,) int32."""
        found = self._known.get(skills)
        if found is None:
            rows = list(dict.fromkeys(map(self._skill_map.row, skills)))
            found = np.array(rows + [NO_SKILL] * (MAX_SKILLS - len(rows)), np.int32)
            found.flags.writeable = False
            self._known[skills] = found
        return found

    def asked(self, families: Sequence[Family]) -> Asked[P]:
        """The families' different sets of skills, in the order of their first family."""
        newest = self._newest
        if newest is not None and newest[0] is families:
            return newest[1]
        asked = self._work_out(families)
        if isinstance(families, tuple):  # anything else may have changed by the next time
            self._newest = (families, asked)
        return asked

    def _work_out(self, families: Sequence[Family]) -> Asked[P]:
        place: dict[tuple[str, ...], int] = {}
        which = np.array([place.setdefault(family.skills, len(place)) for family in families], np.int64)
        offsets = np.array([self._offset(family.id) for family in families], np.float64)
        return Asked(self._prepare(np.stack([self.of(skills) for skills in place])), which, offsets)
