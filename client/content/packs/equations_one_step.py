"""E4, equations with + or −, and E5, with × or ÷: four families each."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.balance_figures import balance
from client.content.items import Family, Line, Problem
from client.content.mathml import Expression
from client.content.packs.asking import asks, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims

_UNITS = ("$", "kg", "cm", "m", "g")


def families() -> tuple[Family, ...]:
    """E4 and E5."""
    e4 = four_families("E4", "6", _sum, _balance_of_two, _changed, _sum_mistake)
    e5 = four_families("E5", "6", _product, _balance_of_boxes, _shared, _product_mistake)
    return e4 + e5


@dataclass(frozen=True, slots=True)
class _OneStep:
    """x `sign` number = result. turned: the number stands in front, as in 3 + x = 8."""

    sign: str
    number: int
    result: int
    turned: bool = False

    @property
    def left(self) -> Expression:
        """The side with x."""
        if self.sign == "×":
            return a.term(self.number, "x")
        if self.sign == "÷":
            return a.over("x", self.number)
        return a.row(self.number, "+", "x") if self.turned else a.row("x", self.sign, self.number)

    @property
    def shown(self) -> Expression:
        """The equation."""
        return a.row(self.left, "=", self.result)

    @property
    def solution(self) -> Fraction:
        """The value of x."""
        return _apply(self.result, _INVERSE[self.sign], self.number)

    @property
    def undone(self) -> Expression:
        """The calculation that gives x."""
        return a.row(self.result, _INVERSE[self.sign], self.number)

    def slips(self) -> list[tuple[str, Fraction]]:
        """What the known mistakes give."""
        result, number = Fraction(self.result), self.number
        if self.sign in "+−":
            return [("E4.same_operation", _apply(self.result, self.sign, number)), ("E4.one_side_only", result)]
        subtracted = [("E5.subtracts_the_coefficient", result - number)] if self.sign == "×" else []
        wrong_way = Fraction(number) / result if self.sign == "×" else result / number
        return [*subtracted, ("E5.divides_the_wrong_way", wrong_way), ("E5.one_side_only", result)]


_INVERSE = {"+": "−", "−": "+", "×": "÷", "÷": "×"}
_DO = {
    "+": "Take away {} from both sides.",
    "−": "Add {} to both sides.",
    "×": "Divide both sides by {}.",
    "÷": "Multiply both sides by {}.",
}
_DONE = {"+": "was added", "−": "was taken away", "×": "multiplies x", "÷": "divides x"}


def _apply(first: int, sign: str, second: int) -> Fraction:
    if sign in "+−":
        return Fraction(first + second if sign == "+" else first - second)
    return Fraction(first * second) if sign == "×" else Fraction(first, second)


def _problem(stem: Line, equation: _OneStep, *, simple: Line = ()) -> Problem:
    do = _DO[equation.sign].format(equation.number)
    undone = a.row("x", "=", equation.undone)
    return Problem(
        stem=stem,
        simple=simple,
        answer=equation.solution,
        letters=("x",),
        hints=(("What was done to x?",),
               ("Undo it: do the opposite, and do it on both sides.",),
               (f"{do} The left side is then x alone. What is the right side?",)),
        steps=(asks(f"Which number {_DONE[equation.sign]}?", Fraction(equation.number), f"{do} ", undone),
               asks((undone, ". How much is that?"), equation.solution, a.row("x", "=", equation.solution))),
        distractors=wrongs(equation.solution, *equation.slips()),
        units=_UNITS,
    )  # fmt: skip


def _drawn_sum(random: Random) -> _OneStep:
    number, x = random.randint(2, 40), random.randint(2, 40)
    while x == 2 * number or x == number:
        x = random.randint(2, 40)
    if random.random() < 0.5:
        return _OneStep("+", number, x + number, random.random() < 0.4)
    return _OneStep("−", number, x) if x > number else _OneStep("−", number, x + number)


def _sum(random: Random) -> Problem:
    equation = _drawn_sum(random)
    return _problem(("Find x: ", equation.shown), equation)


def _balance_of_two(random: Random) -> Problem:
    number, x = random.randint(2, 30), random.randint(2, 30)
    figure = balance((1, number), (0, number + x))
    equation = _OneStep("+", number, number + x)
    return _problem(("The balance is level. How heavy is the box x? ", figure), equation)


def _changed(random: Random) -> Problem:
    (name,) = names(random, 1)
    equation = _drawn_sum(random)
    number, result = equation.number, equation.result
    more = equation.sign == "+"
    told, simple = random.choice((
        (f"{name} has some stickers, {'gets' if more else 'gives away'} {number} and then has {result}. "
         "How many stickers were there at first?",
         f"First x stickers. Then {number} {'more' if more else 'less'}. Now there are {result}. What is x?"),
        (f"A plant was measured on Monday. On Friday {'it is' if more else 'a gardener cuts off'} {number} cm"
         f"{' taller' if more else ''}, and it is {result} cm high. How high was it on Monday, in cm?",
         f"Monday: x cm. Friday: {number} cm {'more' if more else 'less'}. That is {result} cm. What is x?"),
        (f"Some people sit in a bus. At a stop {number} people get {'on' if more else 'off'}, "
         f"and {result} people are in the bus. How many people sat in it before?",
         f"First x people. {number} get {'on' if more else 'off'}. Now {result} people. What is x?"),
    ))  # fmt: skip
    return _problem((told,), equation, simple=(simple,))


def _drawn_product(random: Random) -> _OneStep:
    number, x = random.randint(2, 12), random.randint(2, 12)
    while x == number:
        x = random.randint(2, 12)
    if random.random() < 0.4:
        return _OneStep("÷", number, x)
    return _OneStep("×", number, number * x)


def _product(random: Random) -> Problem:
    equation = _drawn_product(random)
    return _problem(("Find x: ", equation.shown), equation)


def _balance_of_boxes(random: Random) -> Problem:
    boxes, x = random.randint(2, 5), random.randint(2, 20)
    figure = balance((boxes, 0), (0, boxes * x))
    asked = "The balance is level. All boxes are equally heavy. How heavy is one box x? "
    return _problem((asked, figure), _OneStep("×", boxes, boxes * x))


def _shared(random: Random) -> Problem:
    (name,) = names(random, 1)
    equation = _drawn_product(random)
    number, result = equation.number, equation.result
    if equation.sign == "÷":
        told, simple = random.choice((
            (f"{name} shares some nuts equally among {number} children. Each child gets {result}. "
             "How many nuts were there?",
             f"x nuts for {number} children. Each gets {result}. What is x?"),
            (f"A ribbon is cut into {number} pieces of the same length. Each piece is {result} cm long. "
             "How long was the ribbon, in cm?",
             f"A ribbon of x cm. {number} equal pieces, {result} cm each. What is x?"),
        ))  # fmt: skip
    else:
        told, simple = random.choice((
            (f"{name} buys {number} equal notebooks and pays ${result}. How many dollars does one notebook cost?",
             f"{number} notebooks cost ${result}. One costs x dollars. What is x?"),
            (f"{number} boxes of the same weight weigh {result} kg together. How heavy is one box, in kg?",
             f"{number} boxes weigh {result} kg. One weighs x kg. What is x?"),
        ))  # fmt: skip
    return _problem((told,), equation, simple=(simple,))


def _claim(random: Random, skill: str) -> Claim:
    while True:
        equation = _drawn_sum(random) if skill == "E4" else _drawn_product(random)
        slips = [slip for slip in equation.slips() if slip[1] != equation.solution and slip[1].denominator == 1]
        if slips:
            break
    rule, wrong = random.choice(slips)
    right, false = ((equation.shown, ", so ", a.row("x", "=", x)) for x in (equation.solution, wrong))
    do = _DO[equation.sign].format(equation.number)
    check = asks(("Solve it: ", equation.shown), equation.solution, do, " ", a.row("x", "=", equation.solution))
    return Claim(right, false, rule, "Undo with the opposite operation, on both sides.", check)


def _sum_mistake(random: Random) -> Problem:
    strategy = "Put each value back into its equation."
    intro = "Three children solve equations."
    return three_claims(random, "E4", lambda source: _claim(source, "E4"), intro=intro, strategy=strategy)


def _product_mistake(random: Random) -> Problem:
    strategy = "Put each value back into its equation."
    intro = "Three children solve equations."
    return three_claims(random, "E5", lambda source: _claim(source, "E5"), intro=intro, strategy=strategy)
