"""Q10, multiplying fractions: four families."""

from fractions import Fraction
from random import Random

from client.content import figures
from client.content import mathml as m
from client.content.items import Family, Line, Problem, Step, remark
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    lowest,
    many,
    names,
    slips,
    three_claims,
    worked,
)

_Pair = tuple[tuple[int, int], tuple[int, int]]


def families() -> tuple[Family, ...]:
    """Q10."""
    return four_families("Q10", "5–6", _multiply, _shaded_area, _part_of_a_part, _multiply_mistake)


def _pair(random: Random, most: int = 9) -> _Pair:
    first = lowest(random, least=2, most=most)
    while True:
        second = lowest(random, least=2, most=most)
        if second != first:
            return first, second


def _product(stem: Line, pair: _Pair) -> Problem:
    (top, bottom), (other, below) = pair
    answer = Fraction(top * other, bottom * below)
    written = m.row(m.fraction(top, bottom), "×", m.fraction(other, below))
    unfinished = m.divided(
        m.row(m.number(top), "×", m.number(other)), m.row(m.number(bottom), "×", m.number(below))
    )
    return Problem(
        stem=stem,
        answer=answer,
        hints=(("Is a part of a part more or less than the part?",),
               ("Draw a rectangle: columns for one fraction, rows for the other.",),
               (written, " means: top times top and bottom times bottom. How many small pieces has the whole?")),
        steps=(worked(top * other, m.number(top), "×", m.number(other)),
               worked(bottom * below, m.number(bottom), "×", m.number(below)),
               remark(m.row(written, "=", unfinished)),
               worked(answer, written, shown=m.fraction(top * other, bottom * below))),
        distractors=slips(answer, ("Q10.multiplies_crosswise", Fraction(top * below, bottom * other)),
                          ("Q10.adds", Fraction(top, bottom) + Fraction(other, below)),
                          ("Q10.tops_and_bottoms_added", Fraction(top + other, bottom + below))),
    )  # fmt: skip


def _multiply(random: Random) -> Problem:
    pair = _pair(random)
    if random.random() < 0.3:
        return _whole_times(random, pair[0])
    return _product((m.row(m.fraction(*pair[0]), "×", m.fraction(*pair[1]), "=", m.blank()),), pair)


def _whole_times(random: Random, fraction: tuple[int, int]) -> Problem:
    top, bottom = fraction
    times = random.choice([n for n in range(2, 10) if n != bottom])
    answer = Fraction(times * top, bottom)
    written = m.row(m.number(times), "×", m.fraction(top, bottom))
    return Problem(
        stem=(m.row(written, "=", m.blank()),),
        answer=answer,
        hints=(("How many pieces are there in all? Their size stays.",),
               (written, f" is {m.fraction(top, bottom).alternative}, {times} times over."),
               ("Only the number of pieces is multiplied.",)),
        steps=(Step((f"How many pieces are {times} times {many(top, 'piece')}?",), Fraction(times * top),
                    (f"{times} times {many(top, 'piece')} are {times * top} pieces.",)),
               worked(answer, written, shown=m.fraction(times * top, bottom))),
        distractors=slips(answer, ("Q10.whole_times_both_parts", Fraction(top, bottom)),
                          ("Q10.adds", times + Fraction(top, bottom))),
    )  # fmt: skip


def _shaded_area(random: Random) -> Problem:
    pair = _pair(random, most=6)
    (top, bottom), (other, below) = pair
    figure = figures.area(bottom, below, shaded_across=top, shaded_down=other)
    return _product(("What fraction of the rectangle is shaded? ", figure), pair)


def _part_of_a_part(random: Random) -> Problem:
    pair = _pair(random)
    (name,) = names(random, 1)
    whole, part, piece = random.choice(
        (("garden", "vegetables", "carrots"), ("bookshelf", "comics", "old comics"),
         ("farm", "fields", "wheat fields"),
         ("wall", "tiles", "blue tiles"))
    )  # fmt: skip
    stem: Line = (m.fraction(*pair[0]), f" of {name}'s {whole} is {part}. ", m.fraction(*pair[1]),
                  f" of that part is {piece}. What fraction of the whole {whole} is {piece}?")  # fmt: skip
    simple: Line = (m.fraction(*pair[0]), f" of a {whole} is {part}. ", m.fraction(*pair[1]),
                    f" of that is {piece}. How much of the whole {whole} is {piece}?")  # fmt: skip
    return in_simple_words(_product(stem, pair), *simple)


def _multiply_claim(random: Random) -> Claim:
    while True:
        (top, bottom), (other, below) = _pair(random)
        if (top * below, bottom * other) != (top * other, bottom * below) and other != below:
            break
    start = m.row(m.fraction(top, bottom), "×", m.fraction(other, below))
    check = worked(Fraction(top * other, bottom * below), start, shown=m.fraction(top * other, bottom * below))
    if random.random() < 0.5:
        false = m.row(start, "=", m.fraction(top * below, bottom * other))
        advice = "Top times top, bottom times bottom."
        return Claim(check.reason, (false,), "Q10.multiplies_crosswise", advice, check)
    false = m.row(start, "=", m.fraction(top + other, bottom + below))
    advice = "Multiplying isn't adding: a part of a part is smaller."
    return Claim(check.reason, (false,), "Q10.tops_and_bottoms_added", advice, check)


def _multiply_mistake(random: Random) -> Problem:
    return three_claims(random, "Q10", _multiply_claim, intro="Three children multiply fractions.")
