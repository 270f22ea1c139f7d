"""Number facts: the 313 families, both orders in one, slips worked by hand, figures that show the numbers."""

from fractions import Fraction

import pytest

from benchmarks.packs.stem_reader import shapes, tokens
from client.content.bank import draw_item
from client.content.items import plain_text
from client.content.number_figures import ten_frames, ten_frames_crossed
from client.content.packs import facts

_FAMILIES = {family.id: family for family in facts.families()}


def _slips(family: str, answer: int) -> dict[object, str]:
    """Of the first item of a family that has this answer."""
    items = (draw_item(_FAMILIES[family], seed) for seed in range(40))
    item = next(item for item in items if item.answer == answer)
    return {d.value: d.misconception for d in item.distractors}


def test_each_skill_has_its_number_of_facts() -> None:
    """As the skill table says."""
    counts = [sum(skill.id in f.skills for f in _FAMILIES.values()) for skill in facts.skills()]
    assert counts == [36, 30, 36, 30, 55, 15, 10, 11, 54, 15, 10, 11]
    assert [skill.id for skill in facts.skills()] == [f"F{n}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("family", "both"),
    [
        ("F1:3+5", {"3 plus 5", "5 plus 3"}),
        ("F4:13-5", {"13 minus 5", "13 minus 8"}),
        ("F7:7x8", {"7 times 8", "8 times 7"}),
        ("F11:7x8", {"56 divided by 7", "56 divided by 8"}),
    ],
)
def test_both_orders_of_a_fact_are_one_family(family: str, both: set[str]) -> None:
    """The student who knows one can find the other."""
    stems = [plain_text(draw_item(_FAMILIES[family], seed).stem) for seed in range(30)]
    asked = {stem.removesuffix(" equals what number").removeprefix("what number equals ") for stem in stems}
    assert both <= asked


@pytest.mark.parametrize(
    ("family", "answer", "value", "misconception"),
    [
        ("F1:3+5", 8, 7, "F1.counts_the_start"),
        ("F1:0+4", 4, 0, "F1.plus_zero_is_zero"),
        ("F2:5+8", 13, 3, "F2.drops_the_ten"),
        ("F2:10+10", 20, 0, "F2.drops_the_ten"),
        ("F3:8-3", 5, 6, "F3.counts_the_start"),
        ("F3:8-3", 5, 11, "F3.adds"),
        ("F4:13-5", 8, 12, "F4.smaller_from_larger"),
        ("F5:0x5", 0, 5, "F5.times_zero_keeps"),
        ("F5:1x9", 9, 1, "F5.times_one_is_one"),
        ("F5:1x9", 9, 10, "F5.adds"),
        ("F6:4x12", 48, 16, "F6.adds"),
        ("F6:3x6", 18, 12, "F6.one_group_too_few"),
        ("F7:7x8", 56, 54, "F7.neighbouring_fact"),
        ("F7:7x8", 56, 65, "F7.digits_swapped"),
        ("F8:7x12", 84, 14, "F8.loses_the_tens"),
        ("F9:0x5", 0, 5, "F9.zero_shared_is_the_divisor"),
        ("F9:1x9", 9, 1, "F9.by_one_is_one"),
        ("F9:3x5", 3, Fraction(1, 3), "F9.swaps"),
        ("F10:4x7", 7, 24, "F10.subtracts"),
        ("F11:7x8", 8, 7, "F11.neighbouring_fact"),
        ("F12:8x12", 8, 9, "F12.divides_one_digit"),
    ],
)
def test_slips_follow_their_rules(family: str, answer: int, value: Fraction | int, misconception: str) -> None:
    """Worked by hand from the skill table."""
    assert _slips(family, answer)[Fraction(value)] == misconception


def test_the_worked_twin_is_another_fact() -> None:
    """Rung 4 never solves the item itself."""
    for family in _FAMILIES.values():
        item = draw_item(family, 1)
        assert item.hints[3][-1] != item.solution[-1]


def test_no_division_is_by_zero() -> None:
    """The facts of zero ask how nothing is shared."""
    zeros = [family for id_, family in _FAMILIES.items() if id_.startswith("F9:0x")]
    assert len(zeros) == 12
    for family in zeros:
        assert all(draw_item(family, seed).answer == 0 for seed in range(10))


def test_a_ten_frame_shows_and_says_its_dots() -> None:
    """Ten places a frame, however many dots there are."""
    figure = ten_frames(8, 5)
    dots = shapes(figure, "circle")
    assert (len(dots), len({dot["fill"] for dot in dots}), len(shapes(figure, "line"))) == (13, 2, 18)
    assert figure.alternative == "Two ten frames with 8 dark dots and 5 white dots."
    assert ten_frames(1, 2).alternative == "A ten frame with 1 dark dot and 2 white dots."


def test_crossed_dots_are_counted() -> None:
    """One stroke each, on the last dots."""
    figure = ten_frames_crossed(7, 2)
    assert (len(shapes(figure, "circle")), len(shapes(figure, "path"))) == (7, 2)
    assert figure.alternative == "A ten frame with 7 dots; 2 crossed out."
    assert list(tokens((figure,))) == [7, 2]
