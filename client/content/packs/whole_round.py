"""V3, rounding whole numbers: four families."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Line, Problem, Step, remark
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    many,
    names,
    options,
    slips,
    three_claims,
)

_UNITS = {10: "ten", 100: "hundred", 1000: "thousand"}
_ON_THE_LINE = "Think of the number line. Which end is nearer?"


def families() -> tuple[Family, ...]:
    """V3."""
    return four_families("V3", "3–4", _round_off, _nearer_end, _about_how_many, _rounding_mistake)


def rounded(number: int, unit: int) -> int:
    """To the nearest multiple of the unit; the middle goes up."""
    return (number + unit // 2) // unit * unit


def _drawn(random: Random) -> tuple[int, int]:
    """(number, unit): the number isn't round itself and somebody who errs gets something else."""
    while True:
        unit = random.choice((10, 100, 100, 1000))
        number = random.randint(unit + 1, min(10 * unit, 9_500))
        if number % unit and _slips(number, unit):
            return number, unit


def _slips(number: int, unit: int) -> list[tuple[str, Fraction]]:
    chained, smaller = number, 10
    while smaller <= unit:
        chained, smaller = rounded(chained, smaller), smaller * 10
    found = {"V3.always_down": number // unit * unit, "V3.rounds_in_a_chain": chained}
    return [(name, Fraction(value)) for name, value in found.items() if value != rounded(number, unit)]


def _steps(number: int, unit: int) -> tuple[Step, ...]:
    low = number // unit * unit
    above, middle = number - low, unit // 2
    side = "less than" if above < middle else "not less than"
    ends = f"{number} lies between {low} and {low + unit}."
    return (
        remark(ends),
        Step((f"How far is {number} above {low}?",), Fraction(above),
             (f"It is {above} above {low}. That is {side} {middle}.",)),
        Step((f"Which {_UNITS[unit]} is nearest to {number}?",), Fraction(rounded(number, unit)),
             ("So it is rounded to ", m.number(rounded(number, unit)), ".")),
    )  # fmt: skip


def _rounding(stem: Line, number: int, unit: int) -> Problem:
    answer = Fraction(rounded(number, unit))
    place = {10: "ones", 100: "tens", 1000: "hundreds"}[unit]
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=((f"Between which two {_UNITS[unit]}s does it lie?",), (_ON_THE_LINE,),
               (f"Look at the {place} only: {number // (unit // 10) % 10}. From 5 on you go up.",)),
        steps=_steps(number, unit),
        distractors=slips(answer, *_slips(number, unit)),
    )  # fmt: skip


def _round_off(random: Random) -> Problem:
    number, unit = _drawn(random)
    return _rounding((f"Round {number} to the nearest {_UNITS[unit]}.",), number, unit)


def _nearer_end(random: Random) -> Problem:
    unit = random.choice((10, 100))
    low = unit * random.randint(1, 98)
    at = random.randint(1, 9)
    number = low + at * unit // 10
    figure = figures.line_between(str(low), str(low + unit), gaps=10, at=at)
    key = int(at >= 5)
    reasons = ["V3.always_down", "V3.always_up", "V3.does_not_round"]
    reasons[key] = ""
    labels: tuple[Line, ...] = ((m.number(low),), (m.number(low + unit),), (m.number(number),))
    return Problem(
        stem=(f"Round the number at the arrow to the nearest {_UNITS[unit]}. ", figure),
        answer=f"c{key + 1}",
        kind=AnswerKind.CHOICE,
        hints=(("Which two labelled numbers lie beside it?",), ("Count the gaps to both ends.",),
               (f"From the left end to the arrow it is {many(at, 'gap')}. The middle is at 5, and it goes up.",)),
        steps=_steps(number, unit),
        choices=options(*zip(labels, reasons, strict=True)),
    )  # fmt: skip


def _about_how_many(random: Random) -> Problem:
    number, unit = _drawn(random)
    (name,) = names(random, 1)
    where, what = random.choice(
        (("library", "books"), ("museum", "visitors"), ("farm", "trees"), ("town", "houses"), ("jar", "beans"))
    )
    text = f"There are {number} {what} in a {where}. {name} says it to the nearest {_UNITS[unit]}. "
    text += f"About how many {what} does {name} say there are?"
    simple = f"A {where} has {number} {what}. Round to the nearest {_UNITS[unit]}."
    return in_simple_words(_rounding((text,), number, unit), simple)


def _rounding_claim(random: Random) -> Claim:
    number, unit = _drawn(random)
    right = rounded(number, unit)
    misconception, value = random.choice(_slips(number, unit))
    start = f"{number} to the nearest {_UNITS[unit]} is "
    advice = "Round once only, straight to the place that is asked for."
    if misconception == "V3.always_down":
        advice = "From the middle on, the nearest one is above."
    check = Step((f"Round {number} to the nearest {_UNITS[unit]}.",), Fraction(right), (start, m.number(right)))
    return Claim(check.reason, (start, m.number(int(value))), misconception, advice, check)


def _rounding_mistake(random: Random) -> Problem:
    return three_claims(
        random, "V3", _rounding_claim, intro="Three children round numbers.", strategy=_ON_THE_LINE
    )
