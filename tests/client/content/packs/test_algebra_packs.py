"""Integers, expressions, ratios and lines: the skill table, and wrong answers worked by hand from its rules."""

from collections.abc import Iterator

import pytest

from client.content.bank import built_in_bank, draw_item
from client.content.grader import grade
from client.content.items import FamilyKind, Item, plain_text
from client.content.packs import expressions, integers, lines, ratios

_BANK = built_in_bank()
_PACKS = {"N": (integers, 7), "E": (expressions, 9), "P": (ratios, 7), "L": (lines, 6)}


@pytest.mark.parametrize("pack", _PACKS)
def test_each_skill_has_four_families(pack: str) -> None:
    """Procedure, representation, word problem, find the mistake."""
    module, count = _PACKS[pack]
    assert [skill.id for skill in module.skills()] == [f"{pack}{n}" for n in range(1, count + 1)]
    facets = [kind for kind in FamilyKind if kind is not FamilyKind.FACT]
    for skill in module.skills():
        assert [f.kind for f in module.families() if f.skills == (skill.id,)] == facets


def test_needs_are_those_of_the_skill_table() -> None:
    """A sample of each pack."""
    needs = {skill.id: skill.needs for module, _ in _PACKS.values() for skill in module.skills()}
    assert needs["N1"] == ("V2", "Q2")
    assert needs["N7"] == ("N4", "N6")
    assert needs["E8"] == ("E3", "E7", "Q10")
    assert needs["P6"] == ("P5", "E5")
    assert needs["L3"] == ("L1", "N4", "Q4")


def _drawn(family: str) -> Iterator[Item]:
    found = _BANK.family(family)
    assert found is not None
    return (draw_item(found, seed) for seed in range(4_000))


@pytest.mark.parametrize(
    ("family", "stem", "typed", "misconception"),
    [
        ("N2.procedure", "minus 3 plus minus 6 equals what number", "9", "N2.adds_sizes"),
        ("N3.procedure", "13 minus minus 10 equals what number", "3", "N3.second_sign_lost"),
        ("N4.procedure", "minus 24 divided by minus 2 equals what number", "-12", "N4.two_negatives_negative"),
        ("N5.procedure", "24 plus 8 times 5 equals what number", "160", "N5.left_to_right"),
        ("N6.procedure", "open bracket 7 plus 5 close bracket times 6 equals what number", "37",
         "N6.brackets_ignored"),
        ("N7.procedure", "minus 9 squared equals what number", "81", "N7.minus_squared_too"),
        ("N7.procedure", "the square root of 100 equals what number", "50", "N7.root_halves"),
        ("E1.procedure", "What is the value of 8 x plus 11 for x equals 9?", "100", "E1.digits_joined"),
        ("E2.procedure", "Write as simply as you can: 2 x minus 9 plus 9 x minus 6", "-4x", "E2.joins_unlike"),
        ("E3.procedure", "Write without brackets: 8 open bracket 3 x minus 8 close bracket", "24x-8",
         "E3.first_term_only"),
        ("E7.procedure", "Find x: 9 x plus 4 equals 3 x plus 52", "4", "E7.sign_kept"),
        ("P5.procedure", "How much is 80 percent of 165?", "85", "P5.subtracts_the_percent"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_recognised(family: str, stem: str, typed: str, misconception: str) -> None:
    """As a student would type it; the value is worked by hand from the rule."""
    item = next(item for item in _drawn(family) if plain_text(item.stem) == stem)
    assert grade(item, typed).misconception == misconception


def test_typing_the_stem_back_solves_nothing() -> None:
    """Equal, but not worked out."""
    asked = "8 open bracket 3 x minus 8 close bracket"
    expand = next(item for item in _drawn("E3.procedure") if plain_text(item.stem).endswith(f" {asked}"))
    assert grade(expand, "24x - 64").solved
    back = grade(expand, "8(3x - 8)")
    assert (back.correct, back.solved, back.misconception) == (True, False, "E3.bracket_left")
    assert not grade(next(_drawn("N5.procedure")), "24+8×5").readable


def test_answers_may_be_typed_as_on_paper() -> None:
    """x = 3 for a number, a point with or without brackets, an inequality from either side."""
    equation = next(_drawn("E4.procedure"))
    assert grade(equation, f"x = {equation.answer}").solved
    point = next(_drawn("L1.representation"))
    assert grade(point, f"{point.answer.x}; {point.answer.y}").solved  # type: ignore[union-attr]
    assert not grade(point, str(point.answer.x)).readable  # type: ignore[union-attr]


def test_items_of_a_seed_stay_what_they_are() -> None:
    """Stored seeds have to give the items that were shown."""
    assert plain_text(_BANK.generate("N3.procedure", 0).stem) == "13 minus minus 10 equals what number"
    assert plain_text(_BANK.generate("E7.procedure", 1).stem) == "Find x: 9 x plus 4 equals 3 x plus 52"
    assert plain_text(_BANK.generate("P5.procedure", 1).stem) == "How much is 80 percent of 165?"
