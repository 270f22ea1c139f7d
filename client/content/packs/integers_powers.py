"""N7, powers and square roots: four families."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem, Step
from client.content.mathml import Expression
from client.content.packs.asking import asks, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.tile_figures import square_of

# Bases with the highest exponent that still gives a number to work with.
_POWERS = ((2, 8), (3, 5), (4, 4), (5, 4), (10, 6), (6, 3), (7, 3), (8, 3), (9, 3), (11, 2), (12, 2))


def families() -> tuple[Family, ...]:
    """N7."""
    return four_families("N7", "6–8", _power_or_root, _square, _folding, _power_mistake)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is written, what it is, how it is worked out (with the middle step), and what goes wrong."""

    shown: Expression
    value: int
    advice: str
    step: Step
    slips: Sequence[tuple[str, Fraction]]


def _power(base: int, exponent: int) -> _Task:
    shown = a.power(base if base > 0 else a.bracket(base), exponent)
    value = base**exponent
    before = base ** (exponent - 1)
    step = works_out(Fraction(before), *_repeated(base, exponent - 1), shown=before)
    if exponent == 2:
        step = asks("How often does the base stand in the product?", Fraction(2), shown, " is ",
                    a.row(*_repeated(base, 2)), ".")  # fmt: skip
    slips = [("N7.base_times_exponent", Fraction(base * exponent))]
    if base < 0:
        slips.append(("N7.sign_wrong", Fraction(-value)))
    return _Task(shown, value, f"The exponent says: {exponent} times the same factor.", step, slips)


def _repeated(base: int, times: int) -> list[a.Piece]:
    pieces: list[a.Piece] = [base if base > 0 else a.bracket(base)]
    for _ in range(times - 1):
        pieces += ["×", base]
    return pieces


def _minus_power(base: int) -> _Task:
    shown = a.negative(a.power(base, 2))
    step = works_out(Fraction(base**2), a.power(base, 2), shown=base**2)
    slips = [("N7.minus_squared_too", Fraction(base**2)), ("N7.base_times_exponent", Fraction(-2 * base))]
    return _Task(shown, -(base**2), "Without brackets the power comes first, then the minus sign.", step, slips)


def _root(side: int) -> _Task:
    square = side**2
    step = asks(f"Which number times itself is {square}?", Fraction(side), a.row(side, "×", side, "=", square))
    slips = [("N7.root_halves", Fraction(square, 2))]
    return _Task(
        a.root(square), side, "The root is the number that gives this when multiplied by itself.", step, slips
    )


def _task(random: Random) -> _Task:
    kind = random.randrange(6)
    if kind == 0:
        return _root(random.randint(3, 20))
    if kind == 1:
        return _minus_power(random.randint(3, 12))
    if kind == 2:
        return _power(-random.randint(2, 12), 2)
    if kind == 3:
        return _power(-random.randint(2, 5), 3)
    base, most = random.choice(_POWERS)
    return _power(base, random.randint(3 if base == 2 else 2, most))


def _problem(stem: Line, task: _Task, *, simple: Line = (), shown: Expression | None = None) -> Problem:
    answer = Fraction(task.value)
    repeated = task.step.question
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(("Does the small number say how often to multiply, or is a root asked for?",), (task.advice,),
               ("Ask yourself first: ", *repeated)),
        steps=(task.step, works_out(answer, shown or task.shown, shown=a.value(answer))),
        distractors=wrongs(answer, *task.slips),
        units=("m", "cm", "m²", "cm²"),
    )  # fmt: skip


def _power_or_root(random: Random) -> Problem:
    task = _task(random)
    return _problem((a.row(task.shown, "=", "?"),), task)


def _square(random: Random) -> Problem:
    side, unit = random.randint(3, 25), random.choice(("cm", "m"))
    if random.random() < 0.5:
        figure = square_of("?", f"{side**2} {unit}²")
        return _problem((f"How long is the side of the square, in {unit}? ", figure), _root(side))
    figure = square_of(f"{side} {unit}", "?")
    return _problem((f"What is the area of the square, in {unit}²? ", figure), _power(side, 2))


def _folding(random: Random) -> Problem:
    (name,) = names(random, 1)
    kind = random.randrange(4)
    if kind == 0:
        side = random.randint(4, 20)
        what = random.choice(("garden", "room", "field", "tile floor"))
        told = f"A square {what} has an area of {side**2} m². How long is one side, in m?"
        simple = f"Square {what}. Area: {side**2} m². How long is a side?"
        return _problem((told,), _root(side), simple=(simple,))
    if kind == 1:
        times = random.randint(3, 8)
        told = f"{name} folds a sheet of paper in half {times} times. How many layers has it then?"
        simple = f"A sheet is folded in half {times} times. How many layers?"
        return _problem((told,), _power(2, times), simple=(simple,))
    base, rounds = random.randint(3, 6), random.randint(2, 4)
    if kind == 2:
        told = (f"On day 1 one child tells a secret to {base} others. Each day, everybody who heard it the day "
                f"before tells it to {base} new children. How many hear it on day {rounds}?")  # fmt: skip
        simple = f"Day 1: {base} children. Each day {base} times as many. How many on day {rounds}?"
        return _problem((told,), _power(base, rounds), simple=(simple,))
    return _nested(random, random.randint(3, 12))


def _nested(random: Random, base: int) -> Problem:
    outer, middle, inner = random.choice(
        (("boxes", "bags", "stones"), ("shelves", "books", "pages"), ("rooms", "tables", "cups"))
    )
    told = (f"There are {base} {outer}. Each has {base} {middle}, and each of those has {base} {inner}. "
            f"How many {inner} are there?")  # fmt: skip
    simple = f"{base} {outer}, {base} {middle} in each, {base} {inner} in each of those. How many {inner}?"
    return _problem((told,), _power(base, 3), simple=(simple,))


def _claim(random: Random) -> Claim:
    task = _task(random)
    rule, wrong = random.choice([slip for slip in task.slips if slip[1] != task.value and abs(slip[1]) <= 400])
    right, false = (a.row(task.shown, "=", result) for result in (task.value, wrong))
    check = works_out(Fraction(task.value), task.shown, shown=task.value)
    return Claim((right,), (false,), rule, task.advice, check)


def _power_mistake(random: Random) -> Problem:
    strategy = "Write each power as a product, and check each root by multiplying."
    return three_claims(random, "N7", _claim, intro="Three children find powers and roots.", strategy=strategy)
