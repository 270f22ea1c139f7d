"""Q7, adding and subtracting with the same bottom, and Q8, adding with different bottoms: four families each."""

from fractions import Fraction
from math import lcm
from random import Random

from client.content import figures
from client.content import mathml as m
from client.content.items import Family, Line, Problem, remark
from client.content.packs.drawing import (
    Claim,
    Mistake,
    find_the_mistake,
    four_families,
    in_simple_words,
    lowest,
    names,
    rewriting,
    slips,
    three_claims,
    worked,
)

_SIZE_HINT: Line = ("Are the pieces the same size?",)


def families() -> tuple[Family, ...]:
    """Q7 and Q8."""
    q7 = four_families("Q7", "4", _same_bottom, _more_shaded, _two_drinks, _same_mistake)
    q8 = four_families("Q8", "5", _different_bottoms, _bars_together, _two_walks, _different_mistake, effort=1.5)
    return q7 + q8


def _tops(random: Random) -> tuple[int, int, int]:
    """(top, other top, bottom) with a sum below one whole, tops different."""
    bottom = random.randint(5, 12)
    top = random.randint(1, bottom - 3)
    other = random.choice([n for n in range(1, bottom - top) if n != top] or [bottom - top - 1])
    return max(top, other), min(top, other), bottom


def _same(stem: Line, tops: tuple[int, int, int], sign: str) -> Problem:
    top, other, bottom = tops
    result = top + other if sign == "+" else top - other
    answer = Fraction(result, bottom)
    wrong = [("Q7.adds_the_bottoms", Fraction(top + other, 2 * bottom))]
    if sign == "−":
        wrong = [
            ("Q7.adds_instead", Fraction(top + other, bottom)),
            ("Q7.drops_the_bottom", Fraction(top - other)),
        ]
    written = m.row(m.fraction(top, bottom), sign, m.fraction(other, bottom))
    return Problem(
        stem=stem,
        answer=answer,
        hints=(_SIZE_HINT, ("The pieces are of one size, so only their number changes.",),
               (written, " has ", m.row(m.number(top), sign, m.number(other)), " of them. The size stays.")),
        steps=(worked(result, m.number(top), sign, m.number(other)),
               remark("The pieces stay the same size; only their number changes."),
               worked(answer, written, shown=m.fraction(result, bottom))),
        distractors=slips(answer, *wrong),
        units=("litre", "litres", "l"),
    )  # fmt: skip


def _same_bottom(random: Random) -> Problem:
    tops = _tops(random)
    sign = random.choice("+−") if tops[0] != tops[1] else "+"
    top, other, bottom = tops
    asked = m.row(m.fraction(top, bottom), sign, m.fraction(other, bottom), "=", m.blank())
    return _same((asked,), tops, sign)


def _more_shaded(random: Random) -> Problem:
    tops = _tops(random)
    top, other, bottom = tops
    what = "part is" if other == 1 else "parts are"
    text = f" Then {other} more {what} shaded. What fraction of the bar is shaded in the end?"
    return _same(("Look at the bar. ", figures.bar(bottom, top), text), tops, "+")


def _two_drinks(random: Random) -> Problem:
    tops = _tops(random)
    top, other, bottom = tops
    (name,) = names(random, 1)
    what = random.choice(("water", "milk", "juice", "tea"))
    stem: Line = (f"{name} drinks ", m.fraction(top, bottom), f" litre of {what} in the morning and ",
                  m.fraction(other, bottom), " litre in the evening. How many litres in all?")  # fmt: skip
    simple: Line = (f"{name} drinks ", m.fraction(top, bottom), f" litre of {what}. Then {name} drinks ",
                    m.fraction(other, bottom), " litre more. How many litres in all?")  # fmt: skip
    return in_simple_words(_same(stem, tops, "+"), *simple)


def _same_claim(random: Random) -> Claim:
    top, other, bottom = _tops(random)
    start = m.row(m.fraction(top, bottom), "+", m.fraction(other, bottom))
    check = worked(Fraction(top + other, bottom), start, shown=m.fraction(top + other, bottom))
    false = m.row(start, "=", m.fraction(top + other, 2 * bottom))
    advice = "Adding pieces doesn't change their size: the bottom stays."
    return Claim(check.reason, (false,), "Q7.adds_the_bottoms", advice, check)


def _same_mistake(random: Random) -> Problem:
    return three_claims(random, "Q7", _same_claim, intro="Three children add fractions.")


def _two_fractions(random: Random, most: int = 9) -> tuple[tuple[int, int], tuple[int, int]]:
    """Different bottoms, common bottom at most 36."""
    while True:
        first, second = lowest(random, least=2, most=most), lowest(random, least=2, most=most)
        if first[1] != second[1] and lcm(first[1], second[1]) <= 36:
            return first, second


def _different(stem: Line, pair: tuple[tuple[int, int], tuple[int, int]]) -> Problem:
    (top, bottom), (other, below) = pair
    common = lcm(bottom, below)
    new, second = top * common // bottom, other * common // below
    answer = Fraction(new + second, common)
    # The fraction that has to change is the one to show; when both do, the first.
    shown, changed = ((top, bottom), new) if bottom != common else ((other, below), second)
    return Problem(
        stem=stem,
        answer=answer,
        hints=(_SIZE_HINT, ("Give both fractions the same bottom number first.",),
               (m.row(m.fraction(*shown), "=", m.fraction(changed, common)), ". Now the other one.")),
        steps=(rewriting((top, bottom), common), rewriting((other, below), common),
               worked(answer, m.fraction(new, common), "+", m.fraction(second, common),
                      shown=m.fraction(new + second, common))),
        distractors=slips(answer, ("Q8.tops_and_bottoms", Fraction(top + other, bottom + below)),
                          ("Q8.bottom_changed_top_not", Fraction(top + other, common))),
        units=("km",),
    )  # fmt: skip


def _different_bottoms(random: Random) -> Problem:
    pair = _two_fractions(random)
    return _different((m.row(m.fraction(*pair[0]), "+", m.fraction(*pair[1]), "=", m.blank()),), pair)


def _bars_together(random: Random) -> Problem:
    pair = _two_fractions(random, most=8)
    (top, bottom), (other, below) = pair
    figure = figures.two_bars((bottom, below), (top, other))
    return _different(("What fraction of one bar are both shaded parts together? ", figure), pair)


def _two_walks(random: Random) -> Problem:
    pair = _two_fractions(random)
    (name,) = names(random, 1)
    first, second = random.choice((("walks", "runs"), ("cycles", "walks"), ("swims", "walks"), ("rows", "swims")))
    stem: Line = (f"{name} {first} ", m.fraction(*pair[0]), f" km and then {second} ", m.fraction(*pair[1]),
                  " km. How many km is that in all?")  # fmt: skip
    return in_simple_words(_different(stem, pair), "First ", m.fraction(*pair[0]), " km. Then ",
                           m.fraction(*pair[1]), " km. How many km in all?")  # fmt: skip


def _different_mistake(random: Random) -> Problem:
    """A worked solution of three lines; what follows the planted mistake follows from it correctly."""
    (top, bottom), (other, below) = pair = _two_fractions(random)
    common = lcm(bottom, below)
    tops = [top * common // bottom, other * common // below]
    changed = [place for place in (0, 1) if pair[place][1] != common and pair[place][0] * common != tops[place]]
    wrong = random.choice([*[p for p in changed if tops[p] != pair[p][0]], 2])
    misconception, advice = "Q8.tops_and_bottoms", "The bottom says how big the pieces are: it isn't added."
    bottom_of_sum = 2 * common
    if wrong < 2:
        misconception, advice = "Q8.bottom_changed_top_not", "When the bottom is multiplied, the top is too."
        tops[wrong], bottom_of_sum = pair[wrong][0], common
    lines = [(m.row(m.fraction(*pair[p]), "=", m.fraction(tops[p], common)),) for p in (0, 1)]
    last = m.row(m.fraction(tops[0], common), "+", m.fraction(tops[1], common), "=",
                 m.fraction(sum(tops), bottom_of_sum))  # fmt: skip
    added = worked(Fraction(sum(tops), common), m.fraction(tops[0], common), "+", m.fraction(tops[1], common),
                   shown=m.fraction(sum(tops), common))  # fmt: skip
    checks = (*(rewriting(one, common) for one in pair), added)
    claims = tuple(zip(("line 1", "line 2", "line 3"), (*lines, (last,)), checks, strict=True))
    intro = f"{names(random, 1)[0]} adds two fractions."
    return find_the_mistake("Q8", intro, Mistake(claims, wrong, misconception, advice))
