"""Multiplication facts: the 91 families, their keys by repeated addition, their slips."""

from fractions import Fraction

from benchmarks.packs.stem_reader import tokens
from client.content.bank import draw_item
from client.content.packs import facts

_FAMILIES = {family.id: family for family in facts.families()}


def test_each_skill_has_its_number_of_facts() -> None:
    """55 + 15 + 10 + 11 facts, as the skill table says."""
    counts = {skill.id: sum(skill.id in f.skills for f in _FAMILIES.values()) for skill in facts.skills()}
    assert counts == {"F5": 55, "F6": 15, "F7": 10, "F8": 11}


def test_both_orders_of_a_fact_are_one_family() -> None:
    """7 × 8 and 8 × 7 come up under the same id."""
    orders = {tuple(tokens(draw_item(_FAMILIES["F7:7x8"], seed).stem)) for seed in range(12)}
    assert orders == {(7, 8), (8, 7)}


def test_slips_follow_their_rules() -> None:
    """Worked by hand: 7 × 8, 12 × 4, 5 × 0, 1 × 9, 3 × 6."""

    def slips(family: str) -> dict[object, str]:
        return {d.value: d.misconception for d in draw_item(_FAMILIES[family], 0).distractors}

    assert slips("F7:7x8")[Fraction(54)] == "F7.neighbouring_fact"
    assert slips("F7:7x8")[Fraction(65)] == "F7.digits_swapped"
    assert slips("F6:4x12")[Fraction(16)] == "F6.adds"
    assert slips("F8:7x12")[Fraction(14)] == "F8.loses_the_tens"
    assert slips("F5:0x5") == {Fraction(5): "F5.times_zero_keeps"}
    assert slips("F5:1x9") == {Fraction(1): "F5.times_one_is_one", Fraction(10): "F5.adds"}
    assert slips("F6:3x6")[Fraction(12)] == "F6.one_group_too_few"


def test_the_worked_twin_is_another_fact() -> None:
    """Rung 4 never solves the item itself."""
    for family in _FAMILIES.values():
        item = draw_item(family, 1)
        assert item.hints[3][-1] != item.solution[-1]
