"""P1, equal ratios, and P3, proportions: four families each."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem
from client.content.packs.asking import asks, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.ratio_figures import ratio_table

_UNITS = ("$", "km", "l", "litres", "g", "cups", "cm", "min")


def families() -> tuple[Family, ...]:
    """P1 and P3."""
    p1 = four_families("P1", "6", _equal_ratio, _ratio_in_a_table, _recipe, _ratio_mistake)
    p3 = four_families("P3", "7", _proportion, _table_of_a_rate, _at_this_rate, _proportion_mistake, effort=1.4)
    return p1 + p3


@dataclass(frozen=True, slots=True)
class _Ratio:
    """first : second = known : ?, or first : second = ? : known when `asks_first`."""

    first: int
    second: int
    known: int
    asks_first: bool = False

    @property
    def beside(self) -> int:
        """The number of the pair that stands in the place of `known`."""
        return self.second if self.asks_first else self.first

    @property
    def across(self) -> int:
        """The number of the pair that stands in the place of the answer."""
        return self.first if self.asks_first else self.second

    @property
    def factor(self) -> Fraction:
        """From the first pair to the second."""
        return Fraction(self.known, self.beside)

    @property
    def answer(self) -> Fraction:
        """What is asked for."""
        return self.across * self.factor

    def slips(self, skill: str) -> list[tuple[str, Fraction]]:
        """What the known mistakes give."""
        swapped = "P1.order_swapped" if skill == "P1" else "P3.pairs_wrongly"
        return [(f"{skill}.additive", Fraction(self.across + self.known - self.beside)),
                (swapped, Fraction(self.known * self.beside, self.across))]  # fmt: skip

    def whole_slips(self, skill: str) -> list[tuple[str, Fraction]]:
        """Those that give another whole number above 0."""
        found = self.slips(skill)
        return [slip for slip in found if slip[1] != self.answer and slip[1] > 0 and slip[1].denominator == 1]


def _ratio_problem(stem: Line, ratio: _Ratio, *, skill: str, simple: Line = ()) -> Problem:
    answer = ratio.answer
    asked = a.row(ratio.beside, "×", "?", "=", ratio.known)
    grown: Line = (asked, ". The other number grows in the same way.")
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(("Which two numbers belong together?",),
               ("Both numbers of a pair are multiplied by the same number. Nothing is added.",), grown),
        steps=(asks((asked,), ratio.factor, a.row(ratio.beside, "×", ratio.factor, "=", ratio.known)),
               works_out(answer, ratio.across, "×", ratio.factor, shown=a.value(answer))),
        distractors=wrongs(answer, *((rule, value) for rule, value in ratio.slips(skill) if value > 0)),
        units=_UNITS,
        features=(("whole_factor", int(ratio.factor.denominator == 1)),),
    )  # fmt: skip


def _drawn_ratio(random: Random, *, whole: bool = True) -> _Ratio:
    """The two numbers differ and have no common factor; the mistakes give other results."""
    while True:
        first, second = random.randint(2, 9), random.randint(2, 9)
        factor = Fraction(random.randint(2, 9)) if whole else Fraction(random.randint(3, 11), 2)
        first, second = (first, second) if whole else (2 * first, 2 * second)
        known = first * factor
        if first != second and known.denominator == 1 and (not whole or gcd(first, second) == 1):
            ratio = _Ratio(first, second, int(known))
            return ratio if random.random() < 0.5 else _Ratio(first, second, int(second * factor), asks_first=True)


def _equal_ratio(random: Random) -> Problem:
    ratio = _drawn_ratio(random)
    other = ("?", ":", ratio.known) if ratio.asks_first else (ratio.known, ":", "?")
    return _ratio_problem((a.row(ratio.first, ":", ratio.second, "=", *other),), ratio, skill="P1")


def _cells(ratio: _Ratio) -> tuple[list[str], list[str]]:
    top, bottom = [str(ratio.first), str(ratio.known)], [str(ratio.second), "?"]
    if ratio.asks_first:
        top, bottom = [str(ratio.first), "?"], [str(ratio.second), str(ratio.known)]
    return top, bottom


def _ratio_in_a_table(random: Random) -> Problem:
    ratio = _drawn_ratio(random)
    rows = random.choice((("red beads", "blue beads"), ("cups of rice", "cups of water"), ("adults", "children")))
    top, bottom = _cells(ratio)
    figure = ratio_table(((rows[0], top), (rows[1], bottom)))
    asked = "The ratio stays the same. Which number belongs in place of the question mark? "
    return _ratio_problem((asked, figure), ratio, skill="P1")


def _recipe(random: Random) -> Problem:
    ratio = _drawn_ratio(random)
    (name,) = names(random, 1)
    one, two, made = random.choice((
        ("cups of juice", "cups of water", "mixes a drink with"), ("spoons of cocoa", "spoons of sugar", "mixes"),
        ("red tiles", "white tiles", "lays a pattern with"), ("grams of butter", "grams of flour", "bakes with"),
    ))  # fmt: skip
    known, asked = (two, one) if ratio.asks_first else (one, two)
    told = (f"{name} {made} {ratio.first} {one} for every {ratio.second} {two}. "
            f"How many {asked} go with {ratio.known} {known}?")  # fmt: skip
    simple = f"{ratio.first} {one} go with {ratio.second} {two}. {ratio.known} {known}: how many {asked}?"
    return _ratio_problem((told,), ratio, skill="P1", simple=(simple,))


def _ratio_claim(random: Random) -> Claim:
    while True:
        ratio = _drawn_ratio(random)
        slips = ratio.whole_slips("P1")
        if slips:
            break
    rule, wrong = random.choice(slips)
    start = a.row(ratio.first, ":", ratio.second)
    right, false = (
        (a.row(start, "=", *((n, ":", ratio.known) if ratio.asks_first else (ratio.known, ":", n))),)
        for n in (ratio.answer, wrong)
    )
    advice = "Multiply both numbers by the same number, in the same order."
    check = works_out(ratio.answer, ratio.across, "×", ratio.factor, shown=a.value(ratio.answer))
    return Claim(right, false, rule, advice, check)


def _ratio_mistake(random: Random) -> Problem:
    strategy = "By which number was the first one multiplied?"
    return three_claims(random, "P1", _ratio_claim, intro="Three children write equal ratios.", strategy=strategy)


def _proportion(random: Random) -> Problem:
    ratio = _drawn_ratio(random, whole=False)
    left, right = a.over(ratio.first, ratio.second), a.over(ratio.known, "x")
    if ratio.asks_first:
        right = a.over("x", ratio.known)
    problem = _ratio_problem(("Find x: ", a.row(left, "=", right)), ratio, skill="P3")
    return _with_letter(problem)


def _with_letter(problem: Problem) -> Problem:
    return replace(problem, letters=("x",))


def _table_of_a_rate(random: Random) -> Problem:
    ratio = _drawn_ratio(random, whole=False)
    rows = random.choice((("pages", "minutes"), ("km", "litres"), ("metres", "dollars"), ("cups", "grams")))
    top, bottom = _cells(ratio)
    figure = ratio_table(((rows[0], top), (rows[1], bottom)))
    asked = "Both rows grow in the same way. Which number belongs in place of the question mark? "
    return _ratio_problem((asked, figure), ratio, skill="P3")


def _at_this_rate(random: Random) -> Problem:
    ratio = _drawn_ratio(random, whole=False)
    (name,) = names(random, 1)
    one, two, told = random.choice((
        ("pages", "minutes", f"{name} reads {ratio.first} pages in {ratio.second} minutes."),
        ("kg", "litres", f"{ratio.first} kg of powder make {ratio.second} litres of paint."),
        ("metres", "dollars", f"{ratio.first} metres of cloth cost {ratio.second} dollars."),
        ("boxes", "minutes", f"A machine packs {ratio.first} boxes in {ratio.second} minutes."),
    ))  # fmt: skip
    known, asked = (two, one) if ratio.asks_first else (one, two)
    question = f" How many {asked} belong to {ratio.known} {known} at the same rate?"
    simple = f"{ratio.first} {one} and {ratio.second} {two} go together. {ratio.known} {known}: how many {asked}?"
    return _ratio_problem((told + question,), ratio, skill="P3", simple=(simple,))


def _proportion_claim(random: Random) -> Claim:
    while True:
        ratio = _drawn_ratio(random, whole=False)
        slips = ratio.whole_slips("P3")
        if slips:
            break
    rule, wrong = random.choice(slips)
    left = a.over(ratio.first, ratio.second)
    right, false = (
        (a.row(left, "=", a.over(n, ratio.known) if ratio.asks_first else a.over(ratio.known, n)),)
        for n in (ratio.answer, wrong)
    )
    advice = "Both parts are multiplied by the same number." if rule == "P3.additive" else "Like goes above like."
    check = works_out(ratio.answer, ratio.across, "×", ratio.factor, shown=a.value(ratio.answer))
    return Claim(right, false, rule, advice, check)


def _proportion_mistake(random: Random) -> Problem:
    strategy = "Multiply crosswise: both products have to be the same."
    return three_claims(
        random, "P3", _proportion_claim, intro="Three children fill in numbers.", strategy=strategy
    )
