"""E6, equations of two steps, and E7, with the unknown on both sides: four families each."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.balance_figures import balance
from client.content.items import Family, Line, Problem, Step
from client.content.mathml import Expression
from client.content.packs.asking import asks, nonzero, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.svg import signed

_NUDGE: Line = ("What was done to x, in which order?",)


def families() -> tuple[Family, ...]:
    """E6 and E7."""
    e6 = four_families("E6", "7", _two_steps, _balance_of_boxes, _fixed_and_each, _two_step_mistake, effort=1.5)
    e7 = four_families("E7", "8", _both_sides, _balance_of_both, _two_offers, _both_mistake, effort=2.0)
    return e6 + e7


@dataclass(frozen=True, slots=True)
class _Linear:
    """first × x + rest = second × x + other."""

    first: int
    rest: int
    second: int
    other: int

    @property
    def shown(self) -> Expression:
        """The equation."""
        left, right = a.terms((self.first, "x"), (self.rest, "")), a.terms((self.second, "x"), (self.other, ""))
        return a.row(left, "=", right)

    @property
    def collected(self) -> tuple[int, int]:
        """(factor, number) of the equation factor × x = number."""
        return self.first - self.second, self.other - self.rest

    @property
    def solution(self) -> Fraction:
        """The value of x."""
        return Fraction(self.collected[1], self.collected[0])

    @property
    def middle(self) -> Expression:
        """The equation with x on one side only."""
        return a.row(a.term(self.collected[0], "x"), "=", self.collected[1])

    def slips(self) -> list[tuple[str, Fraction]]:
        """What the known mistakes give."""
        first, rest, other = self.first, self.rest, self.other
        if not self.second:
            return [("E6.wrong_order", Fraction(other, first) - rest),
                    ("E6.sign_lost", Fraction(other + rest, first)),
                    ("E6.subtracts_the_coefficient", Fraction(other - rest - first))]  # fmt: skip
        factor, number = self.collected
        wrong = [("E7.sign_kept", Fraction(other + rest, factor))]
        if first + self.second:
            wrong += [("E7.sign_kept", Fraction(number, first + self.second)),
                      ("E7.sign_kept", Fraction(other + rest, first + self.second))]  # fmt: skip
        return wrong


def _undo(rest: int) -> str:
    return f"Take away {rest} on both sides." if rest > 0 else f"Add {-rest} on both sides."


def _problem(stem: Line, equation: _Linear, *, simple: Line = ()) -> Problem:
    factor = equation.collected[0]
    kept: tuple[Step, ...] = ()
    hint: Line = (_undo(equation.rest), " Then only ", a.term(factor, "x"), " is left on the left side.")
    if equation.second:
        moved = _move(equation)
        one_side = a.row(a.terms((factor, "x"), (equation.rest, "")), "=", equation.other)
        kept = (asks(f"{moved} Then how many x are on the left side?", Fraction(factor), moved, " ", one_side),)
        hint = (f"{moved} How many x are left?",)
    return Problem(
        stem=stem,
        simple=simple,
        answer=equation.solution,
        letters=("x",),
        hints=(_NUDGE, ("Undo in reverse: first the sum, then the factor, on both sides.",), hint),
        steps=(*kept, *_last_steps(equation)),
        distractors=wrongs(equation.solution, *equation.slips()),
        units=("$", "kg", "km", "cm", "h"),
        features=(("below_zero", (equation.rest < 0) + (equation.solution < 0)),),
    )  # fmt: skip


def _last_steps(equation: _Linear) -> tuple[Step, ...]:
    factor, number = equation.collected
    undo = _undo(equation.rest)
    alone = asks(f"{undo} Then what is the right side?", Fraction(number), f"{undo} ", equation.middle)
    if factor == 1:
        return (alone,)
    solved = a.row("x", "=", equation.solution)
    last = asks((equation.middle, ". What is x?"), equation.solution,
                f"Divide both sides by {signed(factor)}. ", solved)  # fmt: skip
    return alone, last


def _move(equation: _Linear) -> str:
    size = "" if abs(equation.second) == 1 else str(abs(equation.second))
    return f"Take away {size}x on both sides." if equation.second > 0 else f"Add {size}x on both sides."


def _drawn(random: Random) -> _Linear:
    """Two steps; x may be below zero."""
    x, rest = nonzero(random, -9, 12), nonzero(random, -15, 20)
    factor = random.choice((*range(2, 10), -2, -3, -4, -5))
    return _Linear(factor, rest, 0, factor * x + rest)


def _drawn_both(random: Random) -> _Linear:
    x, rest = nonzero(random, -9, 12), nonzero(random, -15, 20)
    first = random.randint(2, 9)
    second = random.choice([n for n in range(-5, first) if n and n != -first])
    equation = _Linear(first, rest, second, first * x + rest - second * x)
    return equation if equation.other else _drawn_both(random)


def _two_steps(random: Random) -> Problem:
    equation = _drawn(random)
    return _problem(("Find x: ", equation.shown), equation)


def _balance_of_boxes(random: Random) -> Problem:
    boxes, x, weight = random.randint(2, 4), random.randint(2, 15), random.randint(1, 20)
    total = boxes * x + weight
    asked = "The balance is level. All boxes are equally heavy. How heavy is one box x? "
    return _problem((asked, balance((boxes, weight), (0, total))), _Linear(boxes, weight, 0, total))


def _fixed_and_each(random: Random) -> Problem:
    (name,) = names(random, 1)
    factor, x, rest = random.randint(2, 9), random.randint(2, 15), random.randint(2, 25)
    total = factor * x + rest
    told, simple = random.choice((
        (f"A taxi costs ${rest} to start and ${factor} for each km. {name} pays ${total}. How many km "
         "is the ride?",
         f"${rest} to start. ${factor} for each km. ${total} in all. How many km?"),
        (f"{name} has ${rest} and saves ${factor} each week. After how many weeks does {name} have ${total}?",
         f"${rest} now. ${factor} more each week. When is it ${total}: after how many weeks?"),
        (f"A box weighs {rest} g empty and {total} g with {factor} equal candles in it. How heavy is one "
         "candle, in g?",
         f"Empty box: {rest} g. With {factor} candles: {total} g. How heavy is one candle?"),
        (f"{name} buys {factor} equal books and a pen for ${rest}, and pays ${total}. What does one "
         "book cost, in $?",
         f"{factor} books and a pen. The pen is ${rest}. All is ${total}. What does one book cost?"),
    ))  # fmt: skip
    return _problem((told,), _Linear(factor, rest, 0, total), simple=(simple,))


def _both_sides(random: Random) -> Problem:
    equation = _drawn_both(random)
    return _problem(("Find x: ", equation.shown), equation)


def _balance_of_both(random: Random) -> Problem:
    less, more, x = random.randint(1, 2), random.randint(1, 3), random.randint(2, 12)
    light = random.randint(1, 15)
    equation = _Linear(less + more, light, less, light + more * x)
    figure = balance((equation.first, light), (less, equation.other))
    asked = "The balance is level. All boxes are equally heavy. How heavy is one box x? "
    return _problem((asked, figure), equation)


def _two_offers(random: Random) -> Problem:
    second, more, x, rest = (
        random.randint(2, 8),
        random.randint(1, 6),
        random.randint(2, 12),
        random.randint(1, 20),
    )
    first, other = second + more, rest + more * x
    told, simple = random.choice((
        (f"Club A costs ${rest} to join and ${first} each month. Club B costs ${other} to join and ${second} "
         "each month. "
         "After how many months have both cost the same?",
         f"A: ${rest} and ${first} each month. B: ${other} and ${second} each month. When do they cost the same?"),
        (f"One tank holds {rest} litres and gains {first} litres each minute. Another holds {other} "
         "litres and gains "
         f"{second} litres each minute. After how many minutes do they hold the same?",
         f"Tank A: {rest} l, plus {first} l each minute. Tank B: {other} l, plus {second} l each minute. "
         "When are they equal?"),
        (f"One plant is {rest} cm high and grows {first} cm a week. Another is {other} cm high and grows "
         f"{second} cm "
         "a week. After how many weeks are they equally high?",
         f"Plant A: {rest} cm, plus {first} cm each week. Plant B: {other} cm, plus {second} cm each week. "
         "When are they equal?"),
    ))  # fmt: skip
    return _problem((told,), _Linear(first, rest, second, other), simple=(simple,))


def _with_whole_slips(random: Random, skill: str) -> _Linear:
    """The number beside x is a multiple of what x is divided by, so that wrong ways end in whole numbers too."""
    x, factor = nonzero(random, -9, 12), random.randint(2, 5)
    rest = factor * nonzero(random, -4, 4)
    if skill == "E6":
        return _Linear(factor, rest, 0, factor * x + rest)
    second = nonzero(random, -5, 5)
    while factor + second in (0, -second):
        second = nonzero(random, -5, 5)
    return _Linear(factor + second, rest, second, factor * x + rest)


def _claim(random: Random, skill: str) -> Claim:
    while True:
        equation = _with_whole_slips(random, skill)
        slips = [slip for slip in equation.slips() if slip[1] != equation.solution and slip[1].denominator == 1]
        if slips and equation.other:
            break
    rule, wrong = random.choice(slips)
    right, false = ((equation.shown, ", so ", a.row("x", "=", x)) for x in (equation.solution, wrong))
    advice = {
        "E6.wrong_order": "Undo the sum first, then the factor.",
        "E6.sign_lost": "To undo a sum, take away; to undo taking away, add.",
        "E6.subtracts_the_coefficient": "The factor is undone by dividing.",
        "E7.sign_kept": "What goes to the other side changes its sign.",
    }[rule]
    check = asks(("Solve it: ", equation.shown), equation.solution, equation.middle, ", so ",
                 a.row("x", "=", equation.solution))  # fmt: skip
    return Claim(right, false, rule, advice, check)


def _two_step_mistake(random: Random) -> Problem:
    strategy = "Put each value back into its equation."
    intro = "Three children solve equations."
    return three_claims(random, "E6", lambda source: _claim(source, "E6"), intro=intro, strategy=strategy)


def _both_mistake(random: Random) -> Problem:
    strategy = "Put each value back into both sides of its equation."
    intro = "Three children solve equations."
    return three_claims(random, "E7", lambda source: _claim(source, "E7"), intro=intro, strategy=strategy)
