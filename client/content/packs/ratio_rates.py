"""P2, unit rates: four families."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem
from client.content.packs.asking import asks, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.ratio_figures import ratio_table

_UNITS = ("$", "km", "litres", "l", "g", "m")


def families() -> tuple[Family, ...]:
    """P2."""
    return four_families("P2", "6", _per_one, _rate_in_a_table, _speed, _rate_mistake)


@dataclass(frozen=True, slots=True)
class _Rate:
    """An amount for a number of things; the amount for one is asked for."""

    amount: Fraction
    count: int

    @property
    def each(self) -> Fraction:
        """The amount for one."""
        return self.amount / self.count


def _rate_problem(stem: Line, rate: _Rate, *, simple: Line = ()) -> Problem:
    amount = a.decimal(rate.amount)
    return Problem(
        stem=stem,
        simple=simple,
        answer=rate.each,
        hints=(("How much is it for one?",), ("Share the amount equally: divide by how many there are.",),
               (f"There are {rate.count}. So divide the amount by {rate.count}.",)),
        steps=(asks("By which number do you divide?", Fraction(rate.count),
                    f"There are {rate.count}, and one is asked for."),
               works_out(rate.each, amount, "÷", rate.count, shown=a.decimal(rate.each))),
        distractors=wrongs(rate.each, ("P2.inverse_rate", rate.count / rate.amount),
                           ("P2.multiplies", rate.amount * rate.count),
                           ("P2.subtracts", rate.amount - rate.count)),
        units=_UNITS,
        features=(("decimal", int(rate.each.denominator > 1)),),
    )  # fmt: skip


def _drawn_rate(random: Random, *, decimals: bool) -> _Rate:
    count = random.randint(2, 12)
    each = Fraction(random.randint(3, 40), random.choice((1, 2, 4, 10)) if decimals else 1)
    return _Rate(each * count, count) if each != 1 and each * count != count else _Rate(Fraction(3 * count), count)


def _per_one(random: Random) -> Problem:
    rate = _drawn_rate(random, decimals=True)
    amount, count = a.decimal_text(rate.amount), rate.count
    told = random.choice((
        f"{amount} km in {count} hours. How many km in one hour?",
        f"${amount} for {count} tickets. How many dollars for one ticket?",
        f"{amount} litres in {count} buckets, the same in each. How many litres in one bucket?",
        f"{amount} g for {count} eggs of equal weight. How many g for one egg?",
    ))  # fmt: skip
    return _rate_problem((told,), rate)


def _rate_in_a_table(random: Random) -> Problem:
    rate = _drawn_rate(random, decimals=True)
    top, bottom = random.choice((("hours", "km"), ("tickets", "dollars"), ("minutes", "litres")))
    figure = ratio_table(((top, [str(rate.count), "1"]), (bottom, [a.decimal_text(rate.amount), "?"])))
    return _rate_problem(("Which number belongs in place of the question mark? ", figure), rate)


def _speed(random: Random) -> Problem:
    rate = _drawn_rate(random, decimals=True)
    (name,) = names(random, 1)
    amount, count = a.decimal_text(rate.amount), rate.count
    told, simple = random.choice((
        (f"{name} cycles {amount} km in {count} hours, always at the same speed. How many km is that in one hour?",
         f"{amount} km in {count} hours. How many km in one hour?"),
        (f"{count} packs of the same paper cost ${amount}. What does one pack cost, in dollars?",
         f"{count} packs: ${amount}. One pack: how many dollars?"),
        (f"Water runs evenly into a pool: {amount} litres in {count} minutes. How many litres is that "
         "in one minute?",
         f"{amount} litres in {count} minutes. How many litres in one minute?"),
        (f"{name} uses {amount} m of wool for {count} equal bracelets. How many metres does one bracelet take?",
         f"{count} bracelets: {amount} m. One bracelet: how many m?"),
    ))  # fmt: skip
    return _rate_problem((told,), rate, simple=(simple,))


def _rate_claim(random: Random) -> Claim:
    while True:
        each, count = random.randint(2, 15), random.choice((2, 4, 5, 8, 10))
        inverse = Fraction(count, each * count)
        if inverse != each and each in (2, 4, 5, 8, 10):
            break
    start = f"{each * count} km in {count} hours is "
    right, false = ((start, a.decimal(value), " km in one hour") for value in (Fraction(each), Fraction(1, each)))
    check = works_out(Fraction(each), each * count, "÷", count, shown=each)
    return Claim(right, false, "P2.inverse_rate", "Divide the km by the hours, not the hours by the km.", check)


def _rate_mistake(random: Random) -> Problem:
    strategy = "Go back from one hour to all hours: does it fit?"
    return three_claims(
        random, "P2", _rate_claim, intro="Three children find the km of one hour.", strategy=strategy
    )
