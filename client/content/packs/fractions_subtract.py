"""Q9, subtracting fractions and mixed numbers: four families."""

from fractions import Fraction
from math import lcm
from random import Random

from client.content import figures
from client.content import mathml as m
from client.content.items import Family, Line, Problem, Step
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    lowest,
    many,
    names,
    rewriting,
    slips,
    three_claims,
    worked,
)

_SIZE_HINT: Line = ("Are the pieces the same size?",)
_BY_WHOLES = "Take the wholes and the pieces apart. Cut one whole into pieces if you need more."
# Whole part, top and bottom.
_Mixed = tuple[int, int, int]


def families() -> tuple[Family, ...]:
    """Q9."""
    return four_families("Q9", "5", _subtract, _back_from_the_arrow, _cut_off, _subtract_mistake, effort=1.5)


def _amount(mixed: _Mixed) -> Fraction:
    whole, top, bottom = mixed
    return whole + Fraction(top, bottom)


def _shown(mixed: _Mixed) -> m.Expression:
    whole, top, bottom = mixed
    if top == 0:
        return m.number(whole)
    return m.mixed(whole, top, bottom) if whole else m.fraction(top, bottom)


def _to_borrow(random: Random, most: int = 9) -> tuple[_Mixed, _Mixed]:
    """Two mixed numbers with the same bottom; the second has more pieces, so that a whole has to be cut."""
    bottom = random.randint(3, most)
    top = random.randint(1, bottom - 2)
    whole = random.randint(3, 8)
    return (whole, top, bottom), (random.randint(1, whole - 2), random.randint(top + 1, bottom - 1), bottom)


def _slips(first: _Mixed, second: _Mixed) -> tuple[tuple[str, Fraction], ...]:
    bottom = first[2]
    wholes = first[0] - second[0]
    return (
        ("Q9.smaller_from_larger", wholes + Fraction(second[1] - first[1], bottom)),
        ("Q9.one_whole_as_ten", wholes - 1 + Fraction(10 + first[1] - second[1], bottom)),
    )


def _borrowed(stem: Line, first: _Mixed, second: _Mixed) -> Problem:
    whole, top, bottom = first
    pieces = top + bottom
    answer = _amount(first) - _amount(second)
    left_whole = many(whole - 1, "whole")
    cut = f"{whole} wholes and {many(top, 'piece')} are {left_whole} and {pieces} pieces."
    left = (whole - 1 - second[0], pieces - second[1], bottom)
    return Problem(
        stem=stem,
        answer=answer,
        hints=(_SIZE_HINT, ("Cut one whole into pieces, so that there are enough.",),
               (f"One whole is {bottom} pieces. With {top} more there are now {pieces}.",)),
        steps=(Step((f"One whole is cut into {bottom} pieces. With {top} more, how many pieces are there?",),
                    Fraction(pieces), (cut,)),
               worked(left[1], m.number(pieces), "−", m.number(second[1])),
               worked(left[0], m.number(whole - 1), "−", m.number(second[0])),
               worked(answer, _shown(first), "−", _shown(second), shown=_shown(left))),
        distractors=slips(answer, *_slips(first, second)),
        units=("m", "kg", "l", "litre", "litres"),
    )  # fmt: skip


def _different(stem: Line, pair: tuple[tuple[int, int], tuple[int, int]]) -> Problem:
    """Two fractions with different bottoms, the larger first."""
    (top, bottom), (other, below) = pair
    common = lcm(bottom, below)
    new, second = top * common // bottom, other * common // below
    answer = Fraction(new - second, common)
    first_changed = rewriting((top, bottom), common), rewriting((other, below), common)
    shown = first_changed[0] if bottom != common else first_changed[1]
    wrong = [
        ("Q9.bottom_changed_top_not", Fraction(top - other, common)),
        ("Q9.tops_and_bottoms", Fraction(abs(top - other), abs(bottom - below))),
    ]
    return Problem(
        stem=stem,
        answer=answer,
        hints=(_SIZE_HINT, ("Give both fractions the same bottom number first.",),
               (*shown.reason, ". Now the other one.")),
        steps=(*first_changed, worked(answer, m.fraction(new, common), "−", m.fraction(second, common),
                                      shown=m.fraction(new - second, common))),
        distractors=slips(answer, *wrong),
        units=("m", "kg", "l", "litre", "litres"),
    )  # fmt: skip


def _two_fractions(random: Random) -> tuple[tuple[int, int], tuple[int, int]]:
    while True:
        pair = lowest(random, least=2, most=9), lowest(random, least=2, most=9)
        first, second = sorted(pair, key=lambda one: Fraction(*one), reverse=True)
        if first[1] != second[1] and Fraction(*first) != Fraction(*second) and lcm(first[1], second[1]) <= 36:
            return first, second


def _subtract(random: Random) -> Problem:
    if random.random() < 0.4:
        first, second = _two_fractions(random)
        return _different((m.row(m.fraction(*first), "−", m.fraction(*second), "=", m.blank()),), (first, second))
    one, other = _to_borrow(random)
    return _borrowed((m.row(_shown(one), "−", _shown(other), "=", m.blank()),), one, other)


def _back_from_the_arrow(random: Random) -> Problem:
    while True:
        first, second = _to_borrow(random, most=6)
        if first[0] <= 4:
            break
    figure = figures.number_line(5, first[2], first[0] * first[2] + first[1])
    stem: Line = ("Go back ", _shown(second), " from the arrow. Where do you end? ", figure)
    return _borrowed(stem, first, second)


def _cut_off(random: Random) -> Problem:
    (name,) = names(random, 1)
    what, unit = random.choice((("rope", "m"), ("cloth", "m"), ("milk", "litres"), ("rice", "kg"), ("wire", "m")))
    if random.random() < 0.4:
        pair = _two_fractions(random)
        shown = [m.fraction(*one) for one in pair]
        make = _different(_used(name, shown, (what, unit)), pair)
    else:
        first, second = _to_borrow(random)
        shown = [_shown(first), _shown(second)]
        make = _borrowed(_used(name, shown, (what, unit)), first, second)
    return in_simple_words(
        make, shown[0], f" {unit} of {what}. Take away ", shown[1], f" {unit}. How much is left?"
    )


def _used(name: str, shown: list[m.Expression], of: tuple[str, str]) -> Line:
    what, unit = of
    return (f"{name} has ", shown[0], f" {unit} of {what} and uses ", shown[1], f" {unit} of it. "
            f"How many {unit} are left?")  # fmt: skip


def _subtract_claim(random: Random) -> Claim:
    while True:
        first, second = _to_borrow(random)
        wrong = random.choice(_slips(first, second))
        if wrong[1] != _amount(first) - _amount(second):
            break
    whole, top, bottom = first
    left = (whole - 1 - second[0], top + bottom - second[1], bottom)
    start = m.row(_shown(first), "−", _shown(second))
    check = worked(_amount(left), start, shown=_shown(left))
    pieces, wholes = second[1] - top, whole - second[0]
    advice = "When there aren't enough pieces, one whole has to be cut."
    if wrong[0] == "Q9.one_whole_as_ten":
        pieces, wholes = 10 + top - second[1], wholes - 1
        advice = f"One whole is {bottom} pieces here, not ten."
    false = m.row(start, "=", _shown((wholes, pieces, bottom)))
    return Claim(check.reason, (false,), wrong[0], advice, check)


def _subtract_mistake(random: Random) -> Problem:
    intro = "Three children subtract mixed numbers."
    return three_claims(random, "Q9", _subtract_claim, intro=intro, strategy=_BY_WHOLES)
