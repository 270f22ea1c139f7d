"""N4, multiplying and dividing integers: four families."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem
from client.content.packs.asking import asks, nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, three_claims
from client.content.ratio_figures import ratio_table
from client.content.svg import signed

_RULE: Line = ("Two signs that are the same give plus. Two different signs give minus.",)


def families() -> tuple[Family, ...]:
    """N4."""
    return four_families("N4", "7", _multiply, _pattern, _again_and_again, _multiply_mistake)


def _factors(random: Random, most: int = 12) -> tuple[int, int]:
    """At least one below zero, no size below 2."""
    while True:
        first, second = nonzero(random, -most, most), nonzero(random, -most, most)
        if min(first, second) < 0 and min(abs(first), abs(second)) >= 2:
            return first, second


def _problem(stem: Line, pair: tuple[int, int], sign: str, *, simple: Line = ()) -> Problem:
    first, second = pair
    answer = Fraction(first * second) if sign == "×" else Fraction(first, second)
    size = abs(answer)
    written = a.row(first, sign, second)
    bigger = first if abs(first) >= abs(second) else second
    nudge = "Is the result left or right of 0 on the line?"
    same = "the same" if (first < 0) == (second < 0) else "different"
    wrong = [("N4.two_negatives_negative", -size)] if max(first, second) < 0 else []
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=((nudge,), _RULE, ("In ", written, f" the signs are {same}. What does that tell you?")),
        steps=(asks(("What is the result without its sign: ", a.row(abs(first), sign, abs(second))), size,
                    a.row(abs(first), sign, abs(second), "=", size), f". The signs are {same}."),
               works_out(answer, written, shown=a.value(answer))),
        distractors=wrongs(answer, *wrong, ("N4.addition_rule", size if bigger > 0 else -size),
                           ("N4.sign_lost", size), ("N4.adds", Fraction(first + second))),
        units=("m", "cm", "°C", "degrees", "points"),
        features=(("below_zero", (first < 0) + (second < 0)),),
    )  # fmt: skip


def _multiply(random: Random) -> Problem:
    first, second = _factors(random)
    if random.random() < 0.4:
        return _problem((a.row(first * second, "÷", second, "=", "?"),), (first * second, second), "÷")
    return _problem((a.row(first, "×", second, "=", "?"),), (first, second), "×")


def _pattern(random: Random) -> Problem:
    factor, start = random.randint(2, 12), random.randint(1, 3)
    if random.random() < 0.7:
        factor = -factor
    row = list(range(start, -start - random.randint(2, 3), -1))
    shown = [signed(n * factor) for n in row[:-1]] + ["?"]
    name = f"n × {factor}" if factor > 0 else f"n × ({signed(factor)})"
    figure = ratio_table((("n", [signed(n) for n in row]), (name, shown)))
    asked = "Follow the pattern. Which number belongs in place of the question mark? "
    return _problem((asked, figure), (row[-1], factor), "×")


def _again_and_again(random: Random) -> Problem:
    rate, times = -random.randint(2, 12), random.randint(2, 9)
    total = rate * times
    kind = random.randrange(4)
    told, simple = (
        (f"The water in a lake changes by {signed(rate)} cm each day. By how many cm does it change "
         f"in {times} days? Write a minus sign if it falls.",
         f"Each day: {signed(rate)} cm. What is the change in {times} days?"),
        (f"A robot dives {-rate} m deeper every minute. Going down counts as a number below zero. "
         f"What is its change in height after {times} minutes, in metres?",
         f"A robot goes {-rate} m down each minute. Down is minus. What is the change in {times} minutes?"),
        (f"In {times} hours the temperature changes by {signed(total)} degrees in all, the same each hour. "
         "By how many degrees does it change in one hour? Write a minus sign if it falls.",
         f"{signed(total)} degrees in {times} hours, the same each hour. What is the change in one hour?"),
        (f"The water in a lake changes by {signed(rate)} cm each day. Today we call its height 0 cm. "
         f"What was its height {times} days ago, on day {signed(-times)}, in cm?",
         f"Each day: {signed(rate)} cm. Today: 0 cm. What was the height on day {signed(-times)}?"),
    )[kind]  # fmt: skip
    if kind == 2:
        return _problem((told,), (total, times), "÷", simple=(simple,))
    pair = (-times, rate) if kind == 3 else (times, rate)
    return _problem((told,), pair, "×", simple=(simple,))


def _claim(random: Random) -> Claim:
    first, second = _factors(random)
    sign, result = "×", first * second
    if random.random() < 0.4:
        first, sign, result = first * second, "÷", first
    both = max(first, second) < 0
    rule = "N4.two_negatives_negative" if both else "N4.sign_lost"
    right, false = (a.row(first, sign, second, "=", n) for n in (result, -result))
    advice = "Two signs that are the same give plus." if both else "Two different signs give minus."
    return Claim((right,), (false,), rule, advice, works_out(Fraction(result), first, sign, second, shown=result))


def _multiply_mistake(random: Random) -> Problem:
    strategy = "Look at the signs first, then at the sizes."
    return three_claims(random, "N4", _claim, intro="Three children multiply or divide.", strategy=strategy)
