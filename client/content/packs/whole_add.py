"""V4, adding, and V5, subtracting numbers of several digits: four families each."""

from fractions import Fraction
from itertools import pairwise
from random import Random

from client.content import mathml as m
from client.content import number_figures as figures
from client.content.items import AnswerKind, Family, Line, Problem, Step
from client.content.packs import columns
from client.content.packs.drawing import (
    Claim,
    four_families,
    in_simple_words,
    names,
    slips,
    three_claims,
    worked,
)

_PLACES = ("ones", "tens", "hundreds", "thousands")
_PLACE_HINT: Line = ("Which digit counts hundreds? Which counts tens?",)
_IN_COLUMNS = "Write the numbers below each other, ones under ones."
_Pair = tuple[int, int]


def families() -> tuple[Family, ...]:
    """V4 and V5."""
    v4 = four_families("V4", "2–4", _add, _jump_on, _two_amounts, _adding_mistake, effort=1.3)
    v5 = four_families("V5", "2–4", _subtract, _count_up, _what_is_left, _subtracting_mistake, effort=1.5)
    return v4 + v5


def _to_add(random: Random) -> _Pair:
    """Two numbers with at least one carry; now and then of different length."""
    while True:
        first, second = random.randint(125, 4_900), random.randint(26, 990)
        if columns.carries(first, second):
            return first, second


def _added_slips(first: int, second: int) -> tuple[tuple[str, Fraction], ...]:
    return (
        ("V4.carry_lost", Fraction(columns.carry_lost(first, second))),
        ("V4.carry_in_the_column", Fraction(columns.carry_in_the_column(first, second))),
    )


def _by_places(pair: _Pair) -> tuple[Step, ...]:
    """Ones, then tens and so on, each with what was carried."""
    steps, carried = [], 0
    for place, (above, below) in zip(_PLACES, columns.column_pairs(*pair), strict=False):
        total = above + below + carried
        parts: list[m.Expression | str] = [m.number(above), "+", m.number(below)]
        if carried:
            parts += ["+", m.number(carried)]
        text = f"{place}: write {total % 10}" + (", carry 1. " if total >= 10 else ". ")
        said = worked(total, *parts)
        steps.append(Step(said.question, said.value, (text.capitalize(), *said.reason)))
        carried = total // 10
    return tuple(steps)


def _sum(stem: Line, pair: _Pair) -> Problem:
    first, second = pair
    ones = columns.column_pairs(first, second)[0]
    answer = Fraction(first + second)
    column = m.row(m.number(ones[0]), "+", m.number(ones[1]), "=", m.number(sum(ones)))
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_PLACE_HINT, (_IN_COLUMNS,), ("The ones: ", column, ". What do you write, what do you carry?")),
        steps=(*_by_places(pair), worked(first + second, m.number(first), "+", m.number(second))),
        distractors=slips(answer, *_added_slips(first, second)),
        features=(("carries", columns.carries(first, second)), ("digits", len(str(first)))),
    )


def _add(random: Random) -> Problem:
    pair = _to_add(random)
    return _sum((m.row(m.number(pair[0]), "+", m.number(pair[1]), "=", m.blank()),), pair)


def _jump_on(random: Random) -> Problem:
    """Hundreds, tens and ones of the second number as jumps."""
    while True:
        first, second = random.randint(125, 899), random.randint(111, 899)
        if columns.carries(first, second) and "0" not in str(second):
            break
    leaps = tuple(str(digit * 10**place) for place, digit in enumerate(columns.digits_from_the_right(second)))[
        ::-1
    ]
    problem = _sum(("Where do the jumps end? ", figures.jumps(str(first), leaps)), (first, second))
    landed, steps = first, []
    for leap in leaps:
        steps.append(worked(landed + int(leap), m.number(landed), "+", m.number(int(leap))))
        landed += int(leap)
    return Problem(
        stem=problem.stem,
        answer=problem.answer,
        kind=problem.kind,
        hints=(_PLACE_HINT, ("Take one jump at a time.",), (*steps[0].reason, ". And the next jump?")),
        steps=tuple(steps),
        distractors=slips(Fraction(landed), *_added_slips(first, second),
                          ("V4.last_jump_left_out", Fraction(landed - int(leaps[-1])))),
        features=problem.features,
    )  # fmt: skip


def _two_amounts(random: Random) -> Problem:
    first, second = pair = _to_add(random)
    (name,) = names(random, 1)
    place, when, what = random.choice(
        (("museum", "month", "visitors"), ("farm", "year", "apples"), ("library", "spring", "new books"),
         ("bakery", "morning", "rolls"), ("post office", "week", "letters"))
    )  # fmt: skip
    text = f"{name} counts {what} in a {place}. In the first {when} there are {first}, in the second {second}. "
    text += f"How many {what} is that in all?"
    simple = f"First {first} {what}. Then {second} more. How many {what} in all?"
    return in_simple_words(_sum((text,), pair), simple)


def _adding_claim(random: Random) -> Claim:
    while True:
        first, second = random.randint(125, 899), random.randint(26, 899)
        if columns.carries(first, second):
            break
    check = worked(first + second, m.number(first), "+", m.number(second))
    false = m.row(m.number(first), "+", m.number(second), "=", m.number(columns.carry_lost(first, second)))
    return Claim(check.reason, (false,), "V4.carry_lost", "Ten ones are one ten: it is carried.", check)


def _adding_mistake(random: Random) -> Problem:
    intro = "Three children add numbers."
    return three_claims(random, "V4", _adding_claim, intro=intro, strategy=_IN_COLUMNS)


def _to_subtract(random: Random) -> _Pair:
    """The larger first, with at least one ten to borrow; now and then over a zero."""
    while True:
        first, second = random.randint(201, 4_990), random.randint(56, 990)
        if random.random() < 0.3:
            first = first // 100 * 100 + first % 10
        if first > second + 20 and columns.borrows(first, second):
            return first, second


def _taken_slips(first: int, second: int) -> tuple[tuple[str, Fraction], ...]:
    return (
        ("V5.smaller_from_larger", Fraction(columns.smaller_from_larger(first, second))),
        ("V5.stuck_at_zero", Fraction(columns.stuck_at_zero(first, second))),
    )


def _counting_up(pair: _Pair) -> tuple[list[int], tuple[Step, ...]]:
    """(stops on the way from the smaller to the larger, the steps): to the next hundred, then to the end."""
    first, second = pair
    middle = (second // 100 + 1) * 100
    stops = [second, *([middle] if middle < first else []), first]
    parts = [high - low for low, high in pairwise(stops)]
    steps = [worked(high - low, m.number(high), "−", m.number(low)) for low, high in pairwise(stops)]
    if len(parts) > 1:
        steps.append(worked(sum(parts), m.number(parts[0]), "+", m.number(parts[1])))
    return stops, tuple(steps)


def _taken_by_places(pair: _Pair) -> tuple[Step, ...]:
    """Ones, then tens and so on, each with what is borrowed."""
    steps, lent = [], 0
    for place, (above, below) in zip(_PLACES, columns.column_pairs(*pair), strict=False):
        have = above - lent
        borrow = have < below
        said = worked(have + 10 * borrow - below, m.number(have + 10 * borrow), "−", m.number(below))
        told = [*(["1 is gone"] if lent else []), *(["borrow ten"] if borrow else [])]
        text = f"{place.capitalize()}: " + ", ".join(told) + ". " * bool(told)
        steps.append(Step(said.question, said.value, (text, *said.reason)))
        lent = int(borrow)
    return tuple(steps)


def _difference(stem: Line, pair: _Pair) -> Problem:
    first, second = pair
    answer = Fraction(first - second)
    above, below = columns.column_pairs(first, second)[0]
    third: Line = (f"The ones: {below} from {above} doesn't go. Borrow a ten: {below} from {above + 10}.",)
    if above >= below:
        third = (f"The ones: take {below} from {above}. Then go on with the tens.",)
    final = worked(first - second, m.number(first), "−", m.number(second))
    return Problem(
        stem=stem,
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_PLACE_HINT, (_IN_COLUMNS,), third),
        steps=(*_taken_by_places(pair), final),
        distractors=slips(answer, *_taken_slips(first, second)),
        features=(("borrows", columns.borrows(first, second)), ("zeros", str(first).count("0"))),
    )


def _subtract(random: Random) -> Problem:
    pair = _to_subtract(random)
    return _difference((m.row(m.number(pair[0]), "−", m.number(pair[1]), "=", m.blank()),), pair)


def _count_up(random: Random) -> Problem:
    while True:
        first, second = random.randint(201, 990), random.randint(56, 790)
        if columns.borrows(first, second) and first // 100 > second // 100 and first % 100:
            break
    stops, steps = _counting_up((first, second))
    answer = Fraction(first - second)
    figure = figures.jumps_between(tuple(str(stop) for stop in stops))
    return Problem(
        stem=(f"How far is it from {second} to {first}? ", figure),
        answer=answer,
        kind=AnswerKind.NUMBER,
        hints=(_PLACE_HINT, ("Find the length of each jump, then add.",),
               (*steps[0].reason, ". And the next jump?")),
        steps=steps,
        distractors=slips(answer, *_taken_slips(first, second),
                          ("V5.last_jump_only", Fraction(first - stops[-2]))),
        features=(("borrows", columns.borrows(first, second)),),
    )  # fmt: skip


def _what_is_left(random: Random) -> Problem:
    first, second = pair = _to_subtract(random)
    place, what, gone = random.choice(
        (("shop", "cards", "sold"), ("store", "seeds", "planted"), ("school", "sheets of paper", "used"),
         ("bakery", "rolls", "eaten"), ("harbour", "boxes", "sent away"))
    )  # fmt: skip
    text = f"A {place} has {first} {what}. During the week {second} of them are {gone}. "
    text += f"How many {what} are left at the end?"
    simple = f"There are {first} {what}. {second} are {gone}. How many are left?"
    return in_simple_words(_difference((text,), pair), simple)


def _subtracting_claim(random: Random) -> Claim:
    while True:
        first, second = random.randint(201, 990), random.randint(56, 790)
        if random.random() < 0.3:
            first = first // 100 * 100 + first % 10
        wrong = columns.smaller_from_larger(first, second)
        if first > second and columns.borrows(first, second) and wrong != first - second:
            break
    check = worked(first - second, m.number(first), "−", m.number(second))
    false = m.row(m.number(first), "−", m.number(second), "=", m.number(wrong))
    advice = "Where the digit above is too small, a ten is borrowed."
    return Claim(check.reason, (false,), "V5.smaller_from_larger", advice, check)


def _subtracting_mistake(random: Random) -> Problem:
    intro = "Three children take away."
    return three_claims(random, "V5", _subtracting_claim, intro=intro, strategy=_IN_COLUMNS)
