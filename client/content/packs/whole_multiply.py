"""V6, multiplying numbers of several digits: four families."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Line, Problem, Step
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    names,
    slips,
    three_claims,
    worked,
)

_PLACE_HINT: Line = ("Which digit counts tens? Which counts ones?",)
_IN_PARTS = "Cut the number into tens and ones. Multiply each part."
_Pair = tuple[int, int]


def families() -> tuple[Family, ...]:
    """V6."""
    return four_families("V6", "4–5", _multiply, _cut_area, _so_many_each, _multiplying_mistake, effort=2.0)


def _two_digits(random: Random) -> int:
    """Without a zero, and with ones above 1, so that each part counts."""
    return 10 * random.randint(1, 9) + random.randint(2, 9)


def _long(random: Random) -> _Pair:
    while True:
        first, second = _two_digits(random), _two_digits(random)
        if first != second:
            return first, second


def _short(random: Random) -> _Pair:
    """Two or three digits by one digit, with a carry from the ones."""
    while True:
        first = _two_digits(random) + random.choice((0, 0, 100 * random.randint(1, 9)))
        second = random.randint(3, 9)
        if first % 10 * second >= 10:
            return first, second


def no_placeholder(first: int, second: int) -> int:
    """The tens multiplied as if they were ones."""
    return first * (second % 10) + first * (second // 10)


def carry_added_first(first: int, second: int) -> int:
    """One digit at a time, what was carried added before the next digit is multiplied."""
    written, carried = 0, 0
    place = 1
    while first:
        total = (first % 10 + carried) * second if place > 1 else first % 10 * second
        first //= 10
        written += (total % 10 if first else total) * place
        carried, place = total // 10, place * 10
    return written


def _slips(pair: _Pair) -> tuple[tuple[str, Fraction], ...]:
    first, second = pair
    if second < 10:
        return (("V6.carry_added_first", Fraction(carry_added_first(first, second))),)
    return (
        ("V6.no_placeholder", Fraction(no_placeholder(first, second))),
        ("V6.corner_parts_only", Fraction(first // 10 * 10 * (second // 10 * 10) + first % 10 * (second % 10))),
    )


def _steps(pair: _Pair) -> tuple[Step, ...]:
    """Part by part of the second number, or of the first when the second has one digit."""
    first, second = pair
    whole, cut = (first, second) if second >= 10 else (second, first)
    parts = [part for part in (cut // 100 * 100, cut // 10 % 10 * 10, cut % 10) if part]
    products = [worked(whole * part, m.number(whole), "×", m.number(part)) for part in parts]
    sides: list[m.Expression | str] = []
    for part in parts:
        sides += ["+", m.number(whole * part)]
    together = worked(first * second, *sides[1:])
    return (*products, together, worked(first * second, m.number(first), "×", m.number(second)))


def _product(stem: Line, pair: _Pair) -> Problem:
    first, second = pair
    answer = Fraction(first * second)
    part = worked(first * (second % 10), m.number(first), "×", m.number(second % 10))
    third: Line = (*part.reason, f". Now {first} times the tens.")
    if second < 10:
        ones = worked(first % 10 * second, m.number(first % 10), "×", m.number(second))
        third = ("The ones: ", *ones.reason, ". Now the tens.")
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_PLACE_HINT, (_IN_PARTS,), third),
        steps=_steps(pair),
        distractors=slips(answer, *_slips(pair)),
        features=(("digits", len(str(first)) + len(str(second))),),
    )


def _multiply(random: Random) -> Problem:
    pair = _short(random) if random.random() < 0.4 else _long(random)
    return _product((m.row(m.number(pair[0]), "×", m.number(pair[1]), "=", m.blank()),), pair)


def _cut_area(random: Random) -> Problem:
    first, second = pair = _long(random)
    figure = figures.cut_rectangle((first // 10 * 10, first % 10), (second // 10 * 10, second % 10))
    text = f"A rectangle is {first} long and {second} high. What is its area? "
    return _product((text, figure), pair)


def _so_many_each(random: Random) -> Problem:
    pair = _short(random) if random.random() < 0.4 else _long(random)
    (name,) = names(random, 1)
    rows, what = random.choice(
        (("rows", "seats"), ("boxes", "pencils"), ("shelves", "books"), ("trays", "eggs"), ("pages", "stickers"))
    )
    text = (
        f"{name} counts {pair[1]} {rows} with {pair[0]} {what} in each of them. How many {what} are there in all?"
    )
    simple = f"There are {pair[1]} {rows}. Each has {pair[0]} {what}. How many {what} in all?"
    return in_simple_words(_product((text,), pair), simple)


def _multiplying_claim(random: Random) -> Claim:
    first, second = pair = _short(random) if random.random() < 0.4 else _long(random)
    check = worked(first * second, m.number(first), "×", m.number(second))
    misconception, wrong = _slips(pair)[0]
    false = m.row(m.number(first), "×", m.number(second), "=", m.number(int(wrong)))
    advice = "Times a number of tens gives tens: write a zero first."
    if second < 10:
        advice = "Multiply first, then add what was carried."
    return Claim(check.reason, (false,), misconception, advice, check)


def _multiplying_mistake(random: Random) -> Problem:
    intro = "Three children multiply numbers."
    return three_claims(random, "V6", _multiplying_claim, intro=intro, strategy=_IN_PARTS)
