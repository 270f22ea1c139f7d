"""N5, the order of operations, and N6, brackets: four families each."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import AnswerKind, Family, Line, Problem
from client.content.packs.asking import asks, shuffled, works_out, wrongs
from client.content.packs.calculations import (
    Calculation,
    first_step,
    left_to_right,
    plus_before_minus,
    value_of,
    without_brackets,
)
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.tile_figures import dots_in_rows

_ORDER: Line = ("First brackets, then × and ÷, then + and −. What is left goes from left to right.",)


def families() -> tuple[Family, ...]:
    """N5 and N6."""
    n5 = four_families("N5", "5", _order, _order_of_dots, _shopping, _order_mistake, effort=1.2)
    n6 = four_families("N6", "5–6", _brackets, _brackets_of_dots, _bags, _brackets_mistake, effort=1.3)
    return n5 + n6


def _problem(stem: Line, calculation: Calculation, *, skill: str, simple: Line = ()) -> Problem:
    answer = value_of(calculation)
    part, between = first_step(calculation)
    steps = [works_out(between, part, shown=a.value(between))]
    if between != answer or len(calculation.numbers) > 2:
        steps.append(works_out(answer, calculation.shown(), shown=a.value(answer)))
    nudge = "Which part belongs together?" if skill == "N6" else "Which of the signs binds more?"
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=((nudge,), _ORDER, ("Work this out first: ", part, ". Then write the rest again.")),
        steps=tuple(steps),
        distractors=wrongs(answer, *_slips(calculation, skill)),
        units=("$", "€"),
        features=(("operations", len(calculation.signs)),),
    )


def _slips(calculation: Calculation, skill: str) -> list[tuple[str, Fraction]]:
    if skill == "N5":
        return [("N5.left_to_right", left_to_right(calculation)),
                ("N5.plus_before_minus", plus_before_minus(calculation))]  # fmt: skip
    found = [("N6.brackets_ignored", without_brackets(calculation))]
    if calculation.group == (0, 1) and calculation.signs[1] in "×÷":
        one, two, factor = calculation.numbers[:3]
        swapped = Calculation((one, factor, two), (calculation.signs[1], calculation.signs[0]))
        found.append(("N6.first_term_only", value_of(swapped)))
    return found


def _drawn(random: Random, skill: str) -> Calculation:
    """Values from 0 to 150 on the way, and a wrong order gives another result."""
    while True:
        calculation = _with_brackets(random) if skill == "N6" else _plain(random)
        answer = value_of(calculation)
        slips = [value for _, value in _slips(calculation, skill)]
        whole = answer.denominator == 1 and 0 <= answer <= 150 and first_step(calculation)[1] >= 0
        if (whole and slips[0] != answer) or (whole and skill == "N5" and slips[1] != answer):
            return calculation


def _plain(random: Random) -> Calculation:
    b, c = random.randint(2, 9), random.randint(2, 9)
    first, last = random.randint(2, 40), random.randint(2, 12)
    numbers, signs = random.choice((
        ((first, b, c), ("+", "×")),
        ((first, b, c), ("−", "×")),
        ((first + last, last, c), ("−", "+")),
        ((first, b * c, c), ("+", "÷")),
        ((first, b * c, c), ("−", "÷")),
        ((b, c, last, b), ("×", "+", "×")),
        ((first + last, last, b, c), ("−", "+", "×")),
    ))  # fmt: skip
    return Calculation(numbers, signs)


def _with_brackets(random: Random) -> Calculation:
    b, c, d = (random.randint(2, 9) for _ in range(3))
    first = random.randint(10, 40)
    more = max(b, c) + random.randint(1, 6)
    numbers, signs, group = random.choice((
        ((d, b, c), ("×", "+"), (1, 2)),
        ((b, c, d), ("+", "×"), (0, 1)),
        ((first, more, b), ("−", "−"), (1, 2)),
        ((d, more, b), ("×", "−"), (1, 2)),
        ((b * d, c * d, d), ("+", "÷"), (0, 1)),
        ((first, d, more, b), ("+", "×", "−"), (2, 3)),
        ((d, b, c, first), ("×", "+", "−"), (1, 2)),
    ))  # fmt: skip
    return Calculation(numbers, signs, group)


def _order(random: Random) -> Problem:
    calculation = _drawn(random, "N5")
    return _problem((a.row(calculation.shown(), "=", "?"),), calculation, skill="N5")


def _brackets(random: Random) -> Problem:
    calculation = _drawn(random, "N6")
    return _problem((a.row(calculation.shown(), "=", "?"),), calculation, skill="N6")


def _which_fits(
    random: Random, stem: Line, right: Calculation, *, wrong: list[tuple[Calculation, str]]
) -> Problem:
    labels: list[tuple[Line, str]] = [((calculation.shown(),), rule) for calculation, rule in wrong]
    choices, key = shuffled(random, (right.shown(),), *labels)
    return Problem(
        stem=stem,
        answer=key,
        kind=AnswerKind.CHOICE,
        hints=(("How many rows are there, and what is in one row?",),
               ("Dots in equal rows belong together: that part is a multiplication.",),
               ("Work out what each choice gives, and count the dots to check.",)),
        steps=(asks("How many dots are there in all?", value_of(right), right.shown(), " counts all the dots: ",
                    a.value(value_of(right)), "."),),
        choices=choices,
    )  # fmt: skip


def _order_of_dots(random: Random) -> Problem:
    rows, each, more = (random.randint(2, 6) for _ in range(3))
    while len({rows, each, more}) < 3:
        rows, each, more = (random.randint(2, 6) for _ in range(3))
    figure = dots_in_rows(rows, each, more=more)
    right = Calculation((more, rows, each), ("+", "×"))
    wrong = [(Calculation((more, rows, each), ("+", "×"), (0, 1)), "N5.left_to_right"),
             (Calculation((more, rows, each), ("×", "+")), "N5.wrong_part_multiplied")]  # fmt: skip
    return _which_fits(random, ("Which calculation counts the dots? ", figure), right, wrong=wrong)


def _brackets_of_dots(random: Random) -> Problem:
    rows, dark, light = (random.randint(2, 6) for _ in range(3))
    while len({rows, dark, light}) < 3:
        rows, dark, light = (random.randint(2, 6) for _ in range(3))
    figure = dots_in_rows(rows, dark, light)
    right = Calculation((rows, dark, light), ("×", "+"), (1, 2))
    wrong = [(Calculation((rows, dark, light), ("×", "+")), "N6.first_term_only"),
             (Calculation((rows, dark, light), ("+", "×"), (0, 1)), "N6.wrong_part_in_brackets")]  # fmt: skip
    return _which_fits(random, ("Which calculation counts all the dots? ", figure), right, wrong=wrong)


def _shopping(random: Random) -> Problem:
    (name,) = names(random, 1)
    many, price, extra = random.randint(2, 9), random.randint(2, 9), random.randint(2, 12)
    paid = 10 * ((many * price) // 10 + random.randint(1, 3))
    things, other = random.choice(
        (("notebooks", "a folder"), ("tickets", "a drink"), ("brushes", "a box of paint"))
    )
    if random.random() < 0.5:
        told = f"{name} buys {other} for ${extra} and {many} {things} for ${price} each. How many dollars is that?"
        simple = f"{other.capitalize()}: ${extra}. {many} {things}: ${price} each. How much in all?"
        return _problem((told,), Calculation((extra, many, price), ("+", "×")), skill="N5", simple=(simple,))
    told = f"{name} has ${paid} and buys {many} {things} for ${price} each. How many dollars are left?"
    simple = f"{name} has ${paid}. {many} {things} cost ${price} each. How much is left?"
    return _problem((told,), Calculation((paid, many, price), ("−", "×")), skill="N5", simple=(simple,))


def _bags(random: Random) -> Problem:
    (name,) = names(random, 1)
    many, one = random.randint(2, 9), random.randint(2, 9)
    two = random.choice([n for n in range(2, 10) if n != one])
    things = random.choice(
        (("bags", "apples", "pears"), ("boxes", "red pens", "blue pens"), ("sets", "forks", "spoons"))
    )
    if random.random() < 0.5:
        told = (f"{name} packs {many} {things[0]}. Each holds {one} {things[1]} and {two} {things[2]}. "
                "How many things is that?")  # fmt: skip
        simple = f"{many} {things[0]}. In each: {one} {things[1]} and {two} {things[2]}. How many things in all?"
        calculation = Calculation((many, one, two), ("×", "+"), (1, 2))
        return _problem((told,), calculation, skill="N6", simple=(simple,))
    first, second = one * many, two * many
    told = (f"{name} has {first} {things[1]} and {second} {things[2]} and shares all of them equally "
            f"among {many} {things[0]}. How many things go into each?")  # fmt: skip
    simple = f"{first} {things[1]} and {second} {things[2]} go into {many} {things[0]}. How many in each?"
    calculation = Calculation((first, second, many), ("+", "÷"), (0, 1))
    return _problem((told,), calculation, skill="N6", simple=(simple,))


def _claim(random: Random, skill: str) -> Claim:
    while True:
        calculation = _drawn(random, skill)
        answer = value_of(calculation)
        slips = [(rule, value) for rule, value in _slips(calculation, skill) if value != answer]
        rule, wrong = random.choice(slips)
        if wrong.denominator == 1:
            break
    shown = calculation.shown()
    advice = {
        "N5.left_to_right": "× and ÷ come before + and −.",
        "N5.plus_before_minus": "+ and − are equally strong: go from left to right.",
        "N6.brackets_ignored": "What is in the brackets comes first.",
        "N6.first_term_only": "The factor counts for everything in the brackets.",
    }[rule]
    check = works_out(answer, shown, shown=a.value(answer))
    return Claim((a.row(shown, "=", answer),), (a.row(shown, "=", wrong),), rule, advice, check)


def _order_mistake(random: Random) -> Problem:
    strategy = "Underline what has to come first, then work on."
    intro = "Three children work out a calculation."
    return three_claims(random, "N5", lambda source: _claim(source, "N5"), intro=intro, strategy=strategy)


def _brackets_mistake(random: Random) -> Problem:
    strategy = "Work out the brackets first, then the rest."
    intro = "Three children work with brackets."
    return three_claims(random, "N6", lambda source: _claim(source, "N6"), intro=intro, strategy=strategy)
