"""V7, long division with and without a remainder: four families."""

from fractions import Fraction
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Distractor, Family, Line, Problem, Remainder, Step
from client.content.packs.drawing import Claim, four_families, in_simple_words, many, names, three_claims, worked

_NUDGE: Line = ("How many whole groups fit in?",)
_CHECK = "Check: groups times size, plus what is left over."
_Division = tuple[int, int]


def families() -> tuple[Family, ...]:
    """V7."""
    return four_families("V7", "4–6", _divide, _rows_of_dots, _shared_out, _dividing_mistake, effort=2.0)


def _drawn(random: Random, *, zero: bool = False) -> _Division:
    """(dividend, divisor): two- or three-digit quotients, a remainder in most; zero: a 0 inside the quotient."""
    divisor = random.randint(3, 9)
    rest = random.randint(1, divisor - 1) if random.random() < 0.8 else 0
    quotient = random.randint(12, 320)
    if zero:
        quotient = 100 * random.randint(1, 9) + random.randint(1, 9)
    return divisor * quotient + rest, divisor


def _result(division: _Division) -> Remainder:
    dividend, divisor = division
    return Remainder(dividend // divisor, dividend % divisor)


def _slips(division: _Division) -> tuple[Distractor, ...]:
    key = _result(division)
    wrong = [
        ("V7.zero_skipped", Remainder(int(str(key.quotient).replace("0", "")), key.rest)),
        ("V7.remainder_too_large", Remainder(key.quotient - 1, key.rest + division[1])),
        ("V7.remainder_dropped", Remainder(key.quotient, 0)),
    ]
    found: dict[Remainder, str] = {}
    for misconception, value in wrong:
        if value != key:
            found.setdefault(value, misconception)
    return tuple(Distractor(misconception, value) for value, misconception in found.items())


def _easy_groups(division: _Division) -> int:
    """The largest 1, 2 or 5 followed by zeros that still fits in as a number of groups, and isn't the quotient."""
    quotient = division[0] // division[1]
    sizes = [digit * 10**zeros for zeros in range(4) for digit in (1, 2, 5)]
    return max((size for size in sizes if size < quotient), default=1)


def _steps(division: _Division) -> tuple[Step, ...]:
    dividend, divisor = division
    key = _result(division)
    easy = _easy_groups(division)
    left = dividend - easy * divisor
    more = key.quotient - easy
    return (
        worked(easy * divisor, m.number(easy), "×", m.number(divisor)),
        worked(left, m.number(dividend), "−", m.number(easy * divisor)),
        Step((f"How many more groups of {divisor} fit into {left}?",), Fraction(more),
             (f"{many(more, 'more group')} of {divisor}: {more * divisor}; {key.rest} left over.",)),
        Step((m.row(m.number(dividend), "÷", m.number(divisor), "=", m.blank()),), key,
             (m.row(m.number(dividend), "÷", m.number(divisor), "=", m.remainder(key.quotient, key.rest)),)),
    )  # fmt: skip


def _division(stem: Line, division: _Division) -> Problem:
    dividend, divisor = division
    easy = _easy_groups(division)
    known = m.row(m.number(easy), "×", m.number(divisor), "=", m.number(easy * divisor))
    quotient = str(_result(division).quotient)
    return Problem(
        stem=stem,
        answer=_result(division),
        kind=AnswerKind.REMAINDER,
        hints=(_NUDGE, ("Take out easy groups first: 10, 20, 50 or 100 of them.",),
               (known, f". What is left of {dividend}? Go on with that.")),
        steps=_steps(division),
        distractors=_slips(division),
        features=(("digits", len(quotient)), ("zeros", quotient.count("0"))),
    )  # fmt: skip


def _divide(random: Random) -> Problem:
    dividend, divisor = division = _drawn(random, zero=random.random() < 0.35)
    return _division((m.row(m.number(dividend), "÷", m.number(divisor), "=", m.blank()),), division)


def _rows_of_dots(random: Random) -> Problem:
    divisor = random.randint(4, 12)
    quotient, rest = random.randint(2, 6), random.randint(1, divisor - 1)
    dividend = divisor * quotient + rest
    problem = _division((f"How many full rows of {divisor} are there? How many dots are left over? ",
                         figures.dots_in_rows(dividend, divisor)), (dividend, divisor))  # fmt: skip
    hints: tuple[Line, Line, Line] = (
        _NUDGE,
        ("Count only rows that are full.",),
        (f"Is the last row full? Count its dots. A full row has {divisor}.",),
    )
    return Problem(
        stem=problem.stem,
        answer=problem.answer,
        kind=problem.kind,
        hints=hints,
        steps=problem.steps,
        distractors=problem.distractors,
        features=problem.features,
    )


def _shared_out(random: Random) -> Problem:
    dividend, divisor = division = _drawn(random)
    (name,) = names(random, 1)
    what, group = random.choice(
        (("cards", "piles"), ("apples", "bags"), ("books", "boxes"), ("bottles", "crates"), ("beads", "strings"))
    )
    text = f"{name} packs {dividend} {what} into {group}, {divisor} in each of them. "
    text += f"How many full {group} are there, and how many {what} are left over?"
    simple = (
        f"There are {dividend} {what}. Each of the {group} gets {divisor}. How many are full? What is left over?"
    )
    return in_simple_words(_division((text,), division), simple)


def _dividing_claim(random: Random) -> Claim:
    dividend, divisor = division = _drawn(random, zero=random.random() < 0.4)
    key = _result(division)
    start = m.row(m.number(dividend), "÷", m.number(divisor))
    false, misconception = Remainder(key.quotient - 1, key.rest + divisor), "V7.remainder_too_large"
    advice = f"What is left over has to be less than {divisor}."
    if "0" in str(key.quotient)[1:-1]:
        false = Remainder(int(str(key.quotient).replace("0", "")), key.rest)
        misconception, advice = "V7.zero_skipped", "Where no group fits, a zero is written."
    right = (m.row(start, "=", m.remainder(key.quotient, key.rest)),)
    check = Step((m.row(start, "=", m.blank()),), key, right)
    return Claim(
        right, (m.row(start, "=", m.remainder(false.quotient, false.rest)),), misconception, advice, check
    )


def _dividing_mistake(random: Random) -> Problem:
    return three_claims(random, "V7", _dividing_claim, intro="Three children divide.", strategy=_CHECK)
