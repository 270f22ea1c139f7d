"""BankTables: what the choice of an item asks of the bank, worked out once and not at every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from client.content.bank import ItemBank
from client.content.items import Family, FamilyKind
from client.practice.mastery import MASTERED_FAMILIES

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BankTables:
    """K skills in bank order, each after those it needs; a skill that no family exercises is left out.

    index: row of a skill. families: of each row. needs (K, K): 1.0 where the row's skill needs the column's.
    speakers: one family per row, to ask a model about the skill. depth (K,): longest way down the needs.
    facts: rows whose families are single facts.
    """

    bank: ItemBank = field(repr=False)
    skills: tuple[str, ...]
    index: Mapping[str, int]
    families: tuple[tuple[Family, ...], ...]
    speakers: tuple[Family, ...]
    needs: Floats
    depth: NDArray[np.int64]
    facts: frozenset[int]

    def families_of(self, skill: str) -> int:
        """How many families exercise a skill; of one that no pack knows, enough to ask for different ones."""
        row = self.index.get(skill)
        return MASTERED_FAMILIES if row is None else len(self.families[row])

    def needs_of(self, skill: str) -> tuple[str, ...]:
        """The skills of this bank to have first."""
        row = self.index.get(skill)
        return () if row is None else tuple(self.skills[need] for need in np.flatnonzero(self.needs[row]))


def tables_of(bank: ItemBank) -> BankTables:
    """One pass over the bank."""
    by_skill: dict[str, list[Family]] = {skill.id: [] for skill in bank.skills()}
    for family in bank.families():
        for skill_id in family.skills:
            by_skill[skill_id].append(family)
    skills = tuple(skill for skill, families in by_skill.items() if families)
    index = {skill: row for row, skill in enumerate(skills)}
    families = tuple(tuple(by_skill[skill]) for skill in skills)
    needs = _needs(bank, index)
    facts = (row for row, some in enumerate(families) if all(one.kind is FamilyKind.FACT for one in some))
    return BankTables(
        bank=bank,
        skills=skills,
        index=index,
        families=families,
        speakers=tuple(some[0] for some in families),
        needs=needs,
        depth=_depth(needs),
        facts=frozenset(facts),
    )


def _needs(bank: ItemBank, index: Mapping[str, int]) -> Floats:
    needs = np.zeros((len(index), len(index)))
    for skill, row in index.items():
        for need in bank.prerequisites(skill):
            if need in index:
                needs[row, index[need]] = 1.0
    return needs


def _depth(needs: Floats) -> NDArray[np.int64]:
    """Rows come after what they need, so one pass suffices."""
    depth = np.zeros(len(needs), np.int64)
    for row, needed in enumerate(needs):
        if needed.any():
            depth[row] = 1 + depth[needed > 0].max()
    return depth
