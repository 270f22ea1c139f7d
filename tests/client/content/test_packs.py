"""Every family of every pack, derived again from what a student sees, keeps every law on its first seeds.

The nightly run takes 10,000 seeds: `python -m benchmarks.packs`.
"""

import pytest

from benchmarks.packs.family_check import check_family
from benchmarks.packs.oracles import all_oracles, oracle_of
from client.content.bank import built_in_bank
from client.content.items import FamilyKind

_BANK = built_in_bank()
_ORACLES = all_oracles()
# A fact has few stems; a family of another kind has 50 or more.
_SEEDS = {FamilyKind.FACT: 8}
_SEEDS_OF_OTHERS = 60


@pytest.mark.parametrize("family_id", [family.id for family in _BANK.families()])
def test_every_family_keeps_every_law(family_id: str) -> None:
    """Key, slips, hints, steps, words for mathematics, size and reading level."""
    family = _BANK.family(family_id)
    assert family is not None
    check = check_family(family, oracle_of(family, _ORACLES), range(_SEEDS.get(family.kind, _SEEDS_OF_OTHERS)))
    assert check.broken == {}, check.examples


def test_every_place_can_hold_the_mistake() -> None:
    """So that a student can't learn where it is."""
    for family in _BANK.families():
        if family.kind is FamilyKind.FIND_THE_MISTAKE:
            keys = {_BANK.generate(family.id, seed).answer for seed in range(60)}
            assert {"c1", "c2", "c3"} <= keys, family.id
