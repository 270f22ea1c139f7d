"""Fractions: each key of the 36 families is worked out again from what the student sees."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from client.content.bank import draw_item
from client.content.items import FamilyKind, Item
from client.content.packs import fractions
from tests.support.stem_reader import (
    DARK,
    arrow_value,
    claims,
    expressions,
    figure_of,
    holds,
    numbers_in_text,
    shaded_share,
    shapes,
    solved,
    value_of,
)

_FAMILIES = {family.id: family for family in fractions.families()}
_SEEDS = range(100)


def _text(item: Item) -> list[int]:
    return numbers_in_text(item.stem)


def _bars(item: Item) -> tuple[Fraction, Fraction]:
    boxes = shapes(figure_of(item.stem), "rect")
    heights = sorted({box["y"] for box in boxes}, key=float)
    first, second = ([box for box in boxes if box["y"] == height] for height in heights)
    return shaded_share(first), shaded_share(second)


def _marked(item: Item) -> Fraction:
    figure = figure_of(item.stem)
    circles = shapes(figure, "circle")
    return shaded_share(circles, DARK) if circles else shaded_share(shapes(figure, "rect"))


def _values(item: Item) -> list[Fraction]:
    return [value_of(one) for one in expressions(item.stem)]


def _greater(first: Fraction, second: Fraction) -> str:
    return "c3" if first == second else "c1" if first > second else "c2"


def _bar_with_more(item: Item) -> Fraction:
    boxes = shapes(figure_of(item.stem), "rect")
    return shaded_share(boxes) + Fraction(_text(item)[0], len(boxes))


def _false_claim(item: Item) -> str:
    """The only claim that isn't true."""
    false = [place for place, claim in enumerate(claims(item), start=1) if not _is_true(claim)]
    assert len(false) == 1
    return f"c{false[0]}"


def _is_true(claim: tuple[object, ...]) -> bool:
    numbers = numbers_in_text(claim)  # type: ignore[arg-type]
    (claimed,) = expressions(claim)  # type: ignore[arg-type]
    if not numbers:
        return holds(claimed)
    text = str(claim[0])
    part, whole = numbers if " out of " in text else reversed(numbers)
    return value_of(claimed) == Fraction(part, whole)


_ORACLES: dict[str, Callable[[Item], Fraction | str]] = {
    "Q1.procedure": lambda item: Fraction(_text(item)[1], _text(item)[0]),
    "Q1.representation": _marked,
    "Q1.word_problem": lambda item: Fraction(_text(item)[0], sum(_text(item))),
    "Q2.procedure": lambda item: Fraction(_text(item)[3], _text(item)[2]),
    "Q2.representation": lambda item: arrow_value(figure_of(item.stem)),
    "Q2.word_problem": lambda item: Fraction(_text(item)[2], _text(item)[1]),
    "Q3.procedure": lambda item: solved(expressions(item.stem)[0]),
    "Q3.representation": lambda item: _marked(item) * _text(item)[0],
    "Q3.word_problem": lambda item: _values(item)[0] * _text(item)[0],
    "Q4.procedure": lambda item: _values(item)[0],
    "Q4.representation": _marked,
    "Q4.word_problem": lambda item: Fraction(_text(item)[0], _text(item)[1]),
    "Q5.procedure": lambda item: _greater(_values(item)[0], _values(item)[1]),
    "Q5.representation": lambda item: _greater(*_bars(item)),
    "Q5.word_problem": lambda item: _greater(_values(item)[0], _values(item)[1]),
    "Q6.procedure": lambda item: _values(item)[0],
    "Q6.representation": lambda item: arrow_value(figure_of(item.stem)),
    "Q6.word_problem": lambda item: Fraction(_text(item)[1], _text(item)[0]),
    "Q7.procedure": lambda item: solved(expressions(item.stem)[0]),
    "Q7.representation": _bar_with_more,
    "Q7.word_problem": lambda item: sum(_values(item), Fraction(0)),
    "Q8.procedure": lambda item: solved(expressions(item.stem)[0]),
    "Q8.representation": lambda item: sum(_bars(item), Fraction(0)),
    "Q8.word_problem": lambda item: sum(_values(item), Fraction(0)),
    "Q10.procedure": lambda item: solved(expressions(item.stem)[0]),
    "Q10.representation": _marked,
    "Q10.word_problem": lambda item: _values(item)[0] * _values(item)[1],
}


def test_nine_skills_have_four_families_each() -> None:
    """Procedure, representation, word problem, find the mistake."""
    kinds = {
        skill.id: [f.kind for f in _FAMILIES.values() if f.skills == (skill.id,)] for skill in fractions.skills()
    }
    assert set(kinds) == {f"Q{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10)}
    assert all(found == [kind for kind in FamilyKind if kind is not FamilyKind.FACT] for found in kinds.values())


@pytest.mark.parametrize("family_id", _FAMILIES)
def test_the_key_is_what_the_stem_and_figure_say(family_id: str) -> None:
    """Numbers are read back from text, MathML and SVG; a find-the-mistake item has exactly one false claim."""
    oracle = _ORACLES.get(family_id, _false_claim)
    assert (family_id in _ORACLES) != family_id.endswith("find_the_mistake")
    for seed in _SEEDS:
        item = draw_item(_FAMILIES[family_id], seed)
        assert oracle(item) == item.answer, (family_id, seed)


@pytest.mark.parametrize("family_id", _FAMILIES)
def test_a_family_has_many_different_items(family_id: str) -> None:
    """A student who comes back meets other numbers."""
    stems = {draw_item(_FAMILIES[family_id], seed).stem for seed in range(300)}
    assert len(stems) >= 30


def test_every_position_can_hold_the_mistake() -> None:
    """So that a student can't learn where it is."""
    for family_id in _FAMILIES:
        if family_id.endswith("find_the_mistake"):
            keys = {draw_item(_FAMILIES[family_id], seed).answer for seed in _SEEDS}
            assert keys == {"c1", "c2", "c3"}
