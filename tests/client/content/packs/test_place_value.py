"""Place value and decimals: what the packs hold, wrong answers worked by hand, figures that say what they show."""

from fractions import Fraction
from random import Random

import pytest

from benchmarks.packs.stem_reader import shapes
from client.content import number_figures as figures
from client.content.bank import draw_item
from client.content.figures import Figure
from client.content.items import AnswerKind, Distractor, FamilyKind, Item, Remainder, plain_text
from client.content.packs import place_value
from client.content.packs.decimals import point_misaligned
from client.content.packs.whole_multiply import carry_added_first, no_placeholder
from client.content.packs.whole_round import rounded

_FAMILIES = {family.id: family for family in place_value.families()}


def _items(family: str, seeds: int = 120) -> list[Item]:
    return [draw_item(_FAMILIES[family], seed) for seed in range(seeds)]


def test_nine_skills_have_four_families_each() -> None:
    """Procedure, representation, word problem, find the mistake."""
    assert [skill.id for skill in place_value.skills()] == [f"V{n}" for n in range(1, 10)]
    for skill in place_value.skills():
        kinds = [family.kind for family in _FAMILIES.values() if family.skills == (skill.id,)]
        assert kinds == [kind for kind in FamilyKind if kind is not FamilyKind.FACT]


def test_every_misconception_of_the_skill_table_comes_up() -> None:
    """As a distractor, or as what a choice shows."""
    named = {
        misconception
        for family in _FAMILIES
        for item in _items(family)
        for misconception in (
            *(distractor.misconception for distractor in item.distractors),
            *(choice.misconception for choice in item.choices),
        )
    }
    assert {
        *("V1.face_value", "V1.parts_in_a_row", "V2.first_digit_decides", "V2.sign_reversed", "V3.always_down"),
        *("V3.rounds_in_a_chain", "V4.carry_lost", "V4.carry_in_the_column", "V5.smaller_from_larger"),
        *("V5.stuck_at_zero", "V6.no_placeholder", "V6.carry_added_first", "V7.zero_skipped"),
        *("V7.remainder_too_large", "V8.longer_is_larger", "V8.shorter_is_larger", "V9.point_misaligned"),
        "V9.places_miscounted",
    } <= named


def test_rounding_goes_up_from_the_middle() -> None:
    """By hand."""
    assert [rounded(n, 10) for n in (344, 345, 346)] == [340, 350, 350]
    assert [rounded(n, 100) for n in (349, 350, 9_950)] == [300, 400, 10_000]


def test_multiplying_goes_wrong_as_the_table_says() -> None:
    """24 × 13 without the zero is 72 + 24; in 27 × 4 the carried 2 is added to the 2 before multiplying."""
    assert no_placeholder(24, 13) == 96
    assert carry_added_first(27, 4) == 168


def test_points_misaligned_are_digits_aligned() -> None:
    """2.4 + 1.35 as 24 + 135."""
    assert point_misaligned(Fraction("2.4"), Fraction("1.35"), "+") == Fraction("1.59")
    assert point_misaligned(Fraction(5), Fraction("0.5"), "−") == 0


def test_a_division_leaves_less_than_its_divisor() -> None:
    """And knows the answer whose remainder is too large."""
    for item in _items("V7.procedure"):
        assert item.kind is AnswerKind.REMAINDER
        assert isinstance(item.answer, Remainder)
        dividend, divisor = (int(n) for n in plain_text(item.stem).split() if n.isdecimal())
        assert item.answer.quotient * divisor + item.answer.rest == dividend
        larger = Remainder(item.answer.quotient - 1, item.answer.rest + divisor)
        assert Distractor("V7.remainder_too_large", larger) in item.distractors


@pytest.mark.parametrize(
    ("figure", "tag", "count", "words"),
    [
        (figures.blocks(3, 5, 2), "rect", 10, "Blocks: 3 hundreds, 5 tens and 2 ones."),
        (figures.dots_in_rows(14, 4), "circle", 14, "14 dots in rows of 4; the last row may not be full."),
        (figures.jumps("47", ("100", "8")), "path", 2, "Start at 47. The jumps are 100 and 8."),
        (figures.jumps_between(("78", "100", "312")), "path", 2, "stop at 78, 100 and 312."),
        (
            figures.cut_rectangle((20, 4), (10, 3)),
            "line",
            6,
            "Across it measures 20 and 4, down it measures 10 and 3.",
        ),
        (figures.line_between("2.3", "2.4", gaps=10, at=7), "line", 12, "from 2.3 to 2.4 with 10 equal gaps"),
    ],
)
def test_a_figure_shows_and_says_its_numbers(figure: Figure, tag: str, count: int, words: str) -> None:
    """Counted in the SVG."""
    assert len(shapes(figure, tag)) == count
    assert words in figure.alternative


def test_blocks_stay_inside_their_picture() -> None:
    """Nine of each, and two such sets."""
    for figure in (figures.blocks(9, 9, 9), figures.two_sets_of_blocks((9, 9, 9), (9, 9, 9))):
        for box in shapes(figure, "rect"):
            assert float(box["x"]) + float(box["width"]) <= 480
    lowest = max(float(box["y"]) + float(box["height"]) for box in shapes(figure, "rect"))
    assert lowest <= float(figure.svg.split('viewBox="0 0 480 ')[1].split('"')[0])


def test_every_draw_of_a_family_differs_in_its_numbers() -> None:
    """A second draw from the same source is another problem."""
    source = Random(5)
    stems = [plain_text(_FAMILIES["V4.procedure"].draw(source).stem) for _ in range(20)]
    assert len(set(stems)) == 20
