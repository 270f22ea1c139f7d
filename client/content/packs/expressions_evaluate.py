"""E1, working out an expression for a value of its letter: four families."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.algebra import Piece
from client.content.items import Family, Line, Problem
from client.content.mathml import Expression
from client.content.packs.asking import nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.ratio_figures import ratio_table
from client.content.svg import signed


def families() -> tuple[Family, ...]:
    """E1."""
    return four_families("E1", "6", _evaluate, _table, _formula, _evaluate_mistake)


@dataclass(frozen=True, slots=True)
class _Rule:
    """factor × letter + rest, or rest − size of the factor × letter when `backwards`."""

    factor: int
    rest: int
    letter: str = "x"
    backwards: bool = False

    def shown(self) -> Expression:
        """As it is written."""
        parts = [(self.factor, self.letter), (self.rest, "")]
        return a.terms(*(reversed(parts) if self.backwards else parts))

    def put_in(self, value: int) -> Expression:
        """With the value in place of the letter."""
        product: list[Piece] = [abs(self.factor), "×", value]
        if self.backwards:
            return a.row(self.rest, "−", *product)
        return a.row(*product, "+" if self.rest > 0 else "−", abs(self.rest)) if self.rest else a.row(*product)

    def at(self, value: int) -> int:
        """The value of the expression."""
        return self.factor * value + self.rest


def _problem(stem: Line, rule: _Rule, value: int, *, simple: Line = ()) -> Problem:
    answer = Fraction(rule.at(value))
    joined = int(f"{abs(rule.factor)}{abs(value)}") * (-1 if rule.factor * value < 0 else 1)
    product = a.row(abs(rule.factor), "×", value)
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=((f"What stands in place of {rule.letter}?",),
               (f"A number in front of {rule.letter} multiplies it.",),
               ("Begin with ", a.row(product, "=", "?"), " Then do the rest.")),
        steps=(works_out(Fraction(abs(rule.factor) * value), product, shown=abs(rule.factor) * value),
               works_out(answer, rule.put_in(value), shown=a.value(answer))),
        distractors=wrongs(answer, ("E1.digits_joined", Fraction(joined + rule.rest)),
                           ("E1.adds_the_coefficient", Fraction(_added(rule, value))),
                           ("E1.rest_left_out", Fraction(rule.factor * value))),
        units=("$", "€", "cm", "m"),
        features=(("taken_away", int(rule.backwards or rule.rest < 0)),),
    )  # fmt: skip


def _added(rule: _Rule, value: int) -> int:
    size = abs(rule.factor)
    return rule.rest - (size + value) if rule.backwards else size + value + rule.rest


def _rule(random: Random, *, letter: str = "x") -> _Rule:
    factor, rest = random.randint(2, 9), nonzero(random, -12, 20)
    if random.random() < 0.25:
        return _Rule(-factor, random.randint(20, 60), letter, backwards=True)
    return _Rule(factor, rest, letter)


def _drawn(random: Random) -> tuple[_Rule, int]:
    """Never below zero, so that no integers are needed."""
    while True:
        rule = _rule(random, letter=random.choice("xnab"))
        value = random.randint(2, 12)
        if rule.at(value) > 0:
            return rule, value


def _evaluate(random: Random) -> Problem:
    rule, value = _drawn(random)
    stem: Line = ("What is the value of ", rule.shown(), " for ", a.row(rule.letter, "=", value), "?")
    return _problem(stem, rule, value)


def _table(random: Random) -> Problem:
    while True:
        rule, value = _drawn(random)
        inputs = sorted(random.sample(range(1, 11), 3))
        if value > inputs[-1] and all(rule.at(n) > 0 for n in inputs):
            break
    name = f"{rule.letter}"
    rest = f"{'+' if rule.rest > 0 else '−'} {abs(rule.rest)}"
    written = f"{rule.factor}{name} {rest}"
    if rule.backwards:
        written = f"{rule.rest} − {abs(rule.factor)}{name}"
    cells = [signed(rule.at(n)) for n in inputs]
    figure = ratio_table(((name, [str(n) for n in (*inputs, value)]), (written, [*cells, "?"])))
    return _problem(("Which number belongs in place of the question mark? ", figure), rule, value)


def _formula(random: Random) -> Problem:
    (name,) = names(random, 1)
    factor, rest, value = random.randint(2, 9), random.randint(2, 20), random.randint(3, 12)
    letter, told, short = random.choice((
        ("k", f"A taxi costs ${rest} to start and ${factor} for each kilometre.", "A taxi ride of k kilometres"),
        ("h", f"A boat costs ${rest}, and ${factor} more for each hour.", "Renting the boat for h hours"),
        ("w", f"{name} has ${rest} and saves ${factor} each week.", "The money after w weeks"),
        ("d", f"A plant is {rest} cm high and grows {factor} cm each day.", "The height after d days"),
    ))  # fmt: skip
    unit = "cm" if letter == "d" else "dollars"
    rule = _Rule(factor, rest, letter)
    stem: Line = (f"{told} {short} is ", rule.shown(), f" {unit}. How many {unit} is that for ",
                  a.row(letter, "=", value), "?")  # fmt: skip
    simple: Line = (
        f"{short}: ",
        rule.shown(),
        f" {unit}. Put in ",
        a.row(letter, "=", value),
        ". What do you get?",
    )
    return _problem(stem, rule, value, simple=simple)


def _claim(random: Random) -> Claim:
    while True:
        rule, value = _drawn(random)
        joined = int(f"{abs(rule.factor)}{value}") * (-1 if rule.factor < 0 else 1) + rule.rest
        kind, wrong = random.choice(
            (("E1.digits_joined", joined), ("E1.adds_the_coefficient", _added(rule, value)))
        )
        if wrong not in (rule.at(value), rule.factor * value):
            break
    where: Line = ("when ", a.row(rule.letter, "=", value), ", ")
    right, false = ((*where, a.row(rule.shown(), "=", result)) for result in (rule.at(value), wrong))
    check = works_out(Fraction(rule.at(value)), rule.put_in(value), shown=rule.at(value))
    return Claim(right, false, kind, "A number in front of a letter multiplies it.", check)


def _evaluate_mistake(random: Random) -> Problem:
    strategy = "Write a times sign between the number and the letter."
    return three_claims(random, "E1", _claim, intro="Three children put in a number.", strategy=strategy)
