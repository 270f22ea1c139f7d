"""Q11, dividing fractions: four families."""

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
    names,
    slips,
    three_claims,
    worked,
)

_NUDGE: Line = ("How often does the second number fit into the first?",)
_TURN_OVER = "Turn the second fraction over and multiply."
_Fraction = tuple[int, int]


def families() -> tuple[Family, ...]:
    """Q11."""
    return four_families("Q11", "6", _divide, _gaps_up_to_the_arrow, _how_many_pieces, _divide_mistake, effort=1.3)


def _pair(random: Random) -> tuple[_Fraction, _Fraction]:
    """Different fractions whose quotient isn't also one of the two."""
    while True:
        first, second = lowest(random, least=2, most=9), lowest(random, least=2, most=9)
        if first != second and Fraction(*first) / Fraction(*second) != Fraction(*second):
            return first, second


def _slips(first: _Fraction, second: _Fraction) -> tuple[tuple[str, Fraction], ...]:
    (top, bottom), (other, below) = first, second
    return (
        ("Q11.inverts_the_first", Fraction(bottom * other, top * below)),
        ("Q11.divides_tops_only", Fraction(top, other) / bottom),
        ("Q11.multiplies", Fraction(top * other, bottom * below)),
    )


def _steps(first: _Fraction, second: _Fraction) -> tuple[Step, ...]:
    (top, bottom), (other, below) = first, second
    value = Fraction(top * below, bottom * other)
    shown = m.fraction(top * below, bottom * other)
    return (
        remark("Turn the second fraction over: ", m.divided(m.number(below), m.number(other)), "."),
        worked(top * below, m.number(top), "×", m.number(below)),
        worked(bottom * other, m.number(bottom), "×", m.number(other)),
        worked(value, m.fraction(top, bottom), "÷", m.fraction(other, below), shown=shown),
    )


def _quotient(stem: Line, first: _Fraction, second: _Fraction) -> Problem:
    answer = Fraction(*first) / Fraction(*second)
    turned = m.divided(m.number(second[1]), m.number(second[0]))
    return Problem(
        stem=stem,
        answer=answer,
        hints=(
            _NUDGE,
            (_TURN_OVER,),
            (m.row(m.fraction(*first), "×", turned), ": top times top. And the bottom?"),
        ),
        steps=_steps(first, second),
        distractors=slips(answer, *_slips(first, second)),
        features=(("whole_quotient", int(answer.denominator == 1)),),
    )


def _divide(random: Random) -> Problem:
    first, second = _pair(random)
    if random.random() < 0.3:
        return _by_a_whole(random, first)
    return _quotient((m.row(m.fraction(*first), "÷", m.fraction(*second), "=", m.blank()),), first, second)


def _by_a_whole(random: Random, fraction: _Fraction) -> Problem:
    top, bottom = fraction
    parts = random.randint(2, 6)
    answer = Fraction(top, bottom * parts)
    start = m.row(m.fraction(top, bottom), "÷", m.number(parts))
    return Problem(
        stem=(m.row(start, "=", m.blank()),),
        answer=answer,
        hints=(("Is the result more or less than the fraction?",), (f"Cut each piece into {parts} smaller ones.",),
               (f"The whole has {bottom} pieces. Each is cut into {parts}. How many has it now?",)),
        steps=(worked(bottom * parts, m.number(bottom), "×", m.number(parts)),
               worked(answer, start, shown=m.fraction(top, bottom * parts))),
        distractors=slips(answer, ("Q11.multiplies", Fraction(top * parts, bottom)),
                          ("Q11.inverts_the_first", Fraction(bottom, top * parts)),
                          ("Q11.divides_both_parts", Fraction(top, bottom))),
    )  # fmt: skip


def _gaps_up_to_the_arrow(random: Random) -> Problem:
    """How many pieces of so many gaps fit from 0 to the arrow."""
    while True:
        gaps = random.randint(3, 8)
        piece, count = random.randint(2, 6), random.randint(2, 9)
        total = piece * count
        wholes = total // gaps + 1
        if wholes <= 4 and piece != gaps and count not in (piece, gaps, wholes):
            break
    figure = figures.number_line(wholes, gaps, total)
    stem: Line = ("How many pieces of length ", m.fraction(piece, gaps), " fit from 0 to the arrow? ", figure)
    answer = Fraction(count)
    return Problem(
        stem=stem,
        answer=answer,
        hints=(_NUDGE, ("How long is one gap? How many gaps has one piece?",),
               (f"One piece has {piece} gaps. Count in steps of {piece} up to the arrow.",)),
        steps=(Step(("How many gaps are there from 0 to the arrow?",), Fraction(total),
                    (f"From 0 to the arrow there are {total} gaps.",)),
               worked(count, m.number(total), "÷", m.number(piece)),
               worked(count, m.fraction(total, gaps), "÷", m.fraction(piece, gaps))),
        distractors=slips(answer, ("Q11.counts_the_gaps", Fraction(total)),
                          ("Q11.multiplies", Fraction(total * piece, gaps * gaps)),
                          ("Q11.divides_tops_only", Fraction(count, gaps))),
    )  # fmt: skip


def _how_many_pieces(random: Random) -> Problem:
    """So much of something, so much for each: a whole number of them."""
    while True:
        second = lowest(random, least=3, most=9)
        count = random.randint(3, 9)
        total = Fraction(*second) * count
        if total.denominator > 1 and count not in (*second, *total.as_integer_ratio()):
            break
    (name,) = names(random, 1)
    what, each, unit = random.choice(
        (("ribbon", "bows", "m"), ("juice", "cups", "litres"), ("flour", "loaves", "kg"), ("wire", "rings", "m"),
         ("paint", "doors", "litres"))
    )  # fmt: skip
    first = total.as_integer_ratio()
    amount, share = m.fraction(*first), m.fraction(*second)
    stem: Line = (f"{name} has ", amount, f" {unit} of {what}. Each of the {each} needs ", share, f" {unit}. "
                  f"For how many {each} is that enough?")  # fmt: skip
    simple: Line = ("There are ", amount, f" {unit} of {what}. One needs ", share, f" {unit}. How many {each}?")
    return in_simple_words(_quotient(stem, first, second), *simple)


def _divide_claim(random: Random) -> Claim:
    while True:
        first, second = _pair(random)
        misconception, wrong = random.choice(_slips(first, second)[:2])
        if wrong != Fraction(*first) / Fraction(*second):
            break
    (top, bottom), (other, below) = first, second
    start = m.row(m.fraction(top, bottom), "÷", m.fraction(other, below))
    right = Fraction(top * below, bottom * other)
    check = worked(right, start, shown=m.fraction(top * below, bottom * other))
    shown, advice = m.fraction(bottom * other, top * below), "Turn the second fraction over, not the first."
    if misconception == "Q11.divides_tops_only":
        shown, advice = m.fraction(*wrong.as_integer_ratio()), "The bottoms count as well as the tops."
    return Claim(check.reason, (m.row(start, "=", shown),), misconception, advice, check)


def _divide_mistake(random: Random) -> Problem:
    intro = "Three children divide fractions."
    return three_claims(random, "Q11", _divide_claim, intro=intro, strategy=_TURN_OVER)
