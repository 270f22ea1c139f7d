"""E8, equations with brackets or with fractions: four families."""

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem, Step
from client.content.mathml import Expression
from client.content.packs.asking import asks, nonzero, wrongs
from client.content.packs.drawing import Mistake, find_the_mistake, four_families, names
from client.content.tile_figures import split_rectangle


def families() -> tuple[Family, ...]:
    """E8."""
    return four_families("E8", "8", _solve, _area_given, _all_pay, _first_wrong_line, effort=2.2)


@dataclass(frozen=True, slots=True)
class _Task:
    """An equation with its solution, the first line without brackets or fractions, and the known mistakes."""

    shown: Expression
    solution: Fraction
    strategy: str
    steps: tuple[Step, ...]
    slips: tuple[tuple[str, Fraction], ...]


def _bracket_task(factor: int, inner: int, total: int) -> _Task:
    """factor × (x + inner) = total."""
    solution = Fraction(total, factor) - inner
    shown = a.row(a.times(factor, a.bracket(a.terms((1, "x"), (inner, "")))), "=", total)
    opened = a.row(a.terms((factor, "x"), (factor * inner, "")), "=", total)
    middle = a.row(a.term(factor, "x"), "=", total - factor * inner)
    steps = (
        asks("Multiply out. Which number stands beside the part with x?", Fraction(factor * inner), opened),
        asks("How much is the part with x alone?", Fraction(total - factor * inner), middle),
        asks("What is x?", solution, a.row("x", "=", solution)),
    )
    slips = (
        ("E8.partial_distribution", Fraction(total - inner, factor)),
        ("E8.sign_lost", Fraction(total, factor) + inner),
    )
    return _Task(shown, solution, "Multiply out first: each part in the bracket is multiplied.", steps, slips)


def _brackets_and_x(factor: int, inner: int, second: int, *, x: int) -> _Task:
    """factor × (x + inner) = second × x + other."""
    other = factor * (x + inner) - second * x
    shown = a.row(
        a.times(factor, a.bracket(a.terms((1, "x"), (inner, "")))), "=", a.terms((second, "x"), (other, ""))
    )
    opened = a.row(a.terms((factor, "x"), (factor * inner, "")), "=", a.terms((second, "x"), (other, "")))
    middle = a.row(a.term(factor - second, "x"), "=", other - factor * inner)
    steps = (
        asks("Multiply out. Which number stands beside the part with x?", Fraction(factor * inner), opened),
        asks("Bring x to one side. How many x are there then?", Fraction(factor - second), middle),
        asks("What is x?", Fraction(x), a.row("x", "=", x)),
    )
    slips = (
        ("E8.partial_distribution", Fraction(other - inner, factor - second)),
        ("E8.sign_lost", Fraction(other + factor * inner, factor - second)),
    )
    return _Task(shown, Fraction(x), "Multiply out first, then bring x to one side.", steps, slips)


def _fraction_task(bottom: int, rest: int, result: int) -> _Task:
    """x/bottom + rest = result."""
    solution = Fraction(bottom * (result - rest))
    sign = "+" if rest > 0 else "−"
    shown = a.row(a.over("x", bottom), sign, abs(rest), "=", result)
    cleared = a.row(a.terms((1, "x"), (bottom * rest, "")), "=", bottom * result)
    steps = (
        asks(f"Multiply everything by {bottom}. What is the right side then?", Fraction(bottom * result), cleared),
        asks("What is x?", solution, a.row("x", "=", solution)),
    )
    slips = (
        ("E8.clears_one_side", Fraction(result - bottom * rest)),
        ("E8.clears_one_term", Fraction(bottom * result - rest)),
    )
    return _Task(shown, solution, "Multiply every part on both sides, so that no fraction is left.", steps, slips)


def _part_of_x(top: int, bottom: int, *, x: int) -> _Task:
    """(top/bottom) x = result, with a whole result."""
    result = top * x // bottom
    shown = a.row(a.term(Fraction(top, bottom), "x"), "=", result)
    cleared = a.row(a.term(top, "x"), "=", bottom * result)
    steps = (
        asks(f"Multiply both sides by {bottom}. What is the right side then?", Fraction(bottom * result), cleared),
        asks("What is x?", Fraction(x), a.row("x", "=", x)),
    )
    slips = (
        ("E8.clears_one_side", Fraction(result, top)),
        ("E8.multiplies_by_the_fraction", Fraction(top * result, bottom)),
    )
    return _Task(shown, Fraction(x), "Multiply both sides by the bottom number, then divide.", steps, slips)


def _task(random: Random) -> _Task:
    kind = random.randrange(4)
    factor, inner, x = random.randint(2, 9), nonzero(random, -9, 9), nonzero(random, -9, 12)
    if kind == 0 and x + inner:
        return _bracket_task(factor, inner, factor * (x + inner))
    if kind == 1:
        second = random.choice([n for n in range(-4, factor) if n])
        if factor * (x + inner) - second * x:
            return _brackets_and_x(factor, inner, second, x=x)
    if kind == 2:
        result = inner + x
        if result:
            return _fraction_task(factor, inner, result)
    top, bottom = random.choice(((2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (5, 6), (3, 7), (3, 8)))
    return _part_of_x(top, bottom, x=bottom * random.randint(2, 9))


def _problem(stem: Line, task: _Task, *, simple: Line = ()) -> Problem:
    return Problem(
        stem=stem,
        simple=simple,
        answer=task.solution,
        letters=("x",),
        hints=(
            ("What was done to x, in which order?",),
            (task.strategy,),
            ("Write the next line. ", *task.steps[0].question),
        ),
        steps=task.steps,
        distractors=wrongs(task.solution, *task.slips),
        units=("$", "cm", "m"),
        features=(("steps", len(task.steps)),),
    )


def _solve(random: Random) -> Problem:
    task = _task(random)
    return _problem(("Find x: ", task.shown), task)


def _area_given(random: Random) -> Problem:
    factor, inner, x = random.randint(2, 12), random.randint(2, 12), random.randint(2, 15)
    total = factor * (x + inner)
    figure = split_rectangle(f"{factor} cm", ("x cm", f"{inner} cm"), area=f"{total} cm²")
    return _problem(("What is x? ", figure), _bracket_task(factor, inner, total))


def _all_pay(random: Random) -> Problem:
    if random.random() < 0.35:
        return _part_of_a_book(random)
    factor, inner, x = random.randint(2, 12), random.randint(2, 9), random.randint(3, 15)
    total = factor * (x + inner)
    group, first, second = random.choice(
        (("children", "ticket", "snack"), ("friends", "boat ride", "drink"), ("players", "shirt", "cap"))
    )
    told = (f"{factor} {group} each buy a {first} and a {second}. Each {second} costs ${inner}. "
            f"Together they pay ${total}. What does a {first} cost, in dollars?")  # fmt: skip
    simple = f"{factor} {group}. Each pays x dollars and ${inner}. All pay ${total}. What is x?"
    return _problem((told,), _bracket_task(factor, inner, total), simple=(simple,))


def _part_of_a_book(random: Random) -> Problem:
    (name,) = names(random, 1)
    top, bottom = random.choice(((2, 3), (3, 4), (2, 5), (3, 5)))
    parts = random.randint(4, 30)
    stem: Line = (f"{name} has read ", a.value(Fraction(top, bottom)), f" of a book. That is {top * parts} pages. "
                  "How many pages has the book?")  # fmt: skip
    simple: Line = (a.value(Fraction(top, bottom)), f" of x pages is {top * parts} pages. What is x?")
    return _problem(stem, _part_of_x(top, bottom, x=bottom * parts), simple=simple)


def _first_wrong_line(random: Random) -> Problem:
    """A solution of three lines; what follows the planted mistake follows from it correctly."""
    wrong = random.randrange(3)
    while True:
        factor, inner = random.randint(2, 6), nonzero(random, -9, 9)
        total = factor * (factor * nonzero(random, -6, 8) + inner)
        beside = inner if wrong == 0 else factor * inner
        part = total + beside if wrong == 1 else total - beside
        last = Fraction(part - factor) if wrong == 2 else Fraction(part, factor)
        if total and (wrong != 2 or last * factor != part):
            break
    lines: list[Line] = [
        (a.row(a.terms((factor, "x"), (beside, "")), "=", total),),
        (a.row(a.term(factor, "x"), "=", part),),
        (a.row("x", "=", last),),
    ]
    right = _bracket_task(factor, inner, total)
    rule, advice = (
        ("E8.partial_distribution", "The factor counts for each part in the bracket."),
        ("E8.sign_lost", "To undo a sum, do the opposite on both sides."),
        ("E8.subtracts_the_coefficient", "The factor is undone by dividing."),
    )[wrong]
    claims = tuple(
        (f"line {n}", line, step) for n, (line, step) in enumerate(zip(lines, right.steps, strict=True), 1)
    )
    mistake = Mistake(claims, wrong, rule, advice, "Does each line follow from the line before it?")
    (name,) = names(random, 1)
    problem = find_the_mistake("E8", f"{name} solves an equation.", mistake)
    return replace(problem, stem=(f"{name} solves the equation ", right.shown, ".", *problem.stem[1:]))
