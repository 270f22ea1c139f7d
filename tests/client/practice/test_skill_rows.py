"""Families as arrays: sets of skills once, offsets of items, and nothing remembered that could change."""

import numpy as np
from numpy.typing import NDArray

from client.practice.skill_rows import FamilyRows
from common.skills import SkillMap
from tests.support.practising import BANK

_MAP = SkillMap("test", ("Q1", "Q2"))


def _rows() -> tuple[FamilyRows[NDArray[np.int32]], list[str]]:
    worked_out: list[str] = []

    def offset(item: str) -> float:
        worked_out.append(item)
        return float(len(item))

    return FamilyRows(_MAP, offset=offset, prepare=lambda rows: rows), worked_out


def test_a_set_of_skills_stands_once_and_an_item_has_its_own_offset() -> None:
    """Two families of Q1 share a row; a skill that the map doesn't hold has row 0."""
    rows, _ = _rows()
    families = (*BANK.families_of("Q1")[:2], BANK.families_of("Q8")[0])
    asked = rows.asked(families)
    assert asked.sets[asked.which][:, 0].tolist() == [1, 1, 0]
    assert len(asked.sets) == 2
    assert asked.offsets.tolist() == [float(len(family.id)) for family in families]


def test_the_same_tuple_is_worked_out_once() -> None:
    """Another tuple is worked out anew, and so is the first one after it."""
    rows, worked_out = _rows()
    first, second = tuple(BANK.families_of("Q1")[:2]), tuple(BANK.families_of("Q2")[:1])
    assert rows.asked(first) is rows.asked(first)
    assert len(worked_out) == 2
    assert rows.asked(second).offsets.tolist() == [float(len(second[0].id))]
    assert rows.asked(first).offsets.tolist() == [float(len(family.id)) for family in first]


def test_a_list_may_change_between_two_questions() -> None:
    """So nothing is remembered of it."""
    rows, _ = _rows()
    families = list(BANK.families_of("Q1")[:1])
    assert len(rows.asked(families).which) == 1
    families.append(BANK.families_of("Q2")[0])
    assert rows.asked(families).sets[:, 0].tolist() == [1, 2]
