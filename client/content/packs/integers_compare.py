"""N1, ordering integers and their absolute values: four families."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import AnswerKind, Family, Line, Problem
from client.content.line_figures import points_on_line
from client.content.normal_forms import NumberList
from client.content.packs.asking import asks, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.svg import signed

_NUDGE: Line = ("Where is it on the number line?",)


def families() -> tuple[Family, ...]:
    """N1."""
    return four_families("N1", "6", _order, _point_on_line, _order_in_words, _order_mistake, effort=1.3)


def _four_numbers(random: Random) -> list[int]:
    """Different, at least two below zero and one above it."""
    while True:
        found = random.sample(range(-20, 21), 4)
        if sum(n < 0 for n in found) >= 2 and max(found) > 0 and len({abs(n) for n in found}) == 4:
            return found


def _in_order(stem: Line, numbers: list[int], *, simple: Line = (), least: str = "least") -> Problem:
    ordered = sorted(numbers)
    key = _numbers(ordered)
    below = sorted((n for n in numbers if n < 0), reverse=True)
    above = [n for n in ordered if n >= 0]
    return Problem(
        stem=stem,
        simple=simple,
        answer=key,
        kind=AnswerKind.LIST,
        hints=(_NUDGE, ("On the line, numbers further to the left are less. All below zero are left of 0.",),
               (f"The number {signed(ordered[0])} is the furthest to the left. It comes first. What is next?",)),
        steps=(asks(f"Which of the numbers is the {least}?", Fraction(ordered[0]),
                    "Furthest to the left on the line: ", a.value(ordered[0]), "."),
               asks("What is the whole order?", key, _listed(ordered), ".")),
        distractors=wrongs(key, ("N1.bigger_size_is_bigger", _numbers(sorted(numbers, key=abs))),
                           ("N1.bigger_size_is_bigger", _numbers(below + above)),
                           ("N1.greatest_first", _numbers(ordered[::-1]))),
        units=("°C", "m"),
    )  # fmt: skip


def _numbers(values: list[int]) -> NumberList:
    return NumberList(tuple(Fraction(value) for value in values))


def _listed(numbers: list[int]) -> str:
    return ", ".join(signed(number) for number in numbers)


def _order(random: Random) -> Problem:
    numbers = _four_numbers(random)
    return _in_order((f"Write in order, the least first: {_listed(numbers)}.",), numbers)


def _order_in_words(random: Random) -> Problem:
    numbers = _four_numbers(random)
    kind = random.randrange(3)
    who = names(random, 4)
    told = ", ".join(f"{name} {signed(n)}" for name, n in zip(who, numbers, strict=True))
    texts = (
        (f"Four children measured the temperature outside at different times, in °C: {told}. "
         "Write the temperatures in order, from the coldest to the warmest.",
         f"Temperatures in °C: {_listed(numbers)}. Write them in order. Start with the coldest."),
        (f"In a game you can have points below zero. The scores are: {told}. "
         "Write the scores in order, from the lowest to the highest.",
         f"Scores in a game: {_listed(numbers)}. Write them in order. Start with the lowest."),
        (f"Four markers show heights in metres; numbers below zero are under the sea. They say: {told}. "
         "Write the heights in order, from the deepest to the highest.",
         f"Heights in metres: {_listed(numbers)}. Write them in order. Start with the deepest."),
    )[kind]  # fmt: skip
    return _in_order((texts[0],), numbers, simple=(texts[1],), least=("coldest", "lowest", "deepest")[kind])


def _point_on_line(random: Random) -> Problem:
    by_size = random.random() < 0.5
    while True:
        numbers = random.sample(range(-10, 11), 3)
        sizes = {abs(n) for n in numbers}
        if len(sizes) == 3 and min(numbers) < 0 and (not by_size or -min(numbers) == max(sizes)):
            break
    points = dict(zip("ABC", numbers, strict=True))
    answer = max(numbers, key=abs) if by_size else min(numbers)
    other = max(numbers) if by_size else min(numbers, key=abs)
    rule = "N1.size_has_a_sign" if by_size else "N1.bigger_size_is_bigger"
    asked = "is the furthest from 0" if by_size else "is the least"
    meaning = "The distance from 0 counts, on either side." if by_size else "Further to the left is less."
    name = next(name for name, value in points.items() if value == answer)
    figure = points_on_line(-10, 10, points)
    return Problem(
        stem=(f"Which number {asked}: A, B or C? Write the number, not the letter. ", figure),
        answer=Fraction(answer),
        hints=(_NUDGE, (meaning,), ("Look at each point: on which side of 0 is it, and how many marks away?",)),
        steps=(asks(f"{meaning} So it is point {name}. Which number is that?", Fraction(answer),
                    f"{meaning} Point {name} is at ", a.value(answer), "."),),
        distractors=wrongs(Fraction(answer), (rule, Fraction(other)), ("N1.sign_lost", Fraction(abs(answer)))),
    )  # fmt: skip


def _order_claim(random: Random) -> Claim:
    less, greater = sorted(random.sample(range(-15, 8), 2))
    while less > -2 or abs(less) <= abs(greater):
        less, greater = sorted(random.sample(range(-15, 8), 2))
    right, false = a.row(less, "<", greater), a.row(less, ">", greater)
    if random.random() < 0.5:
        right, false = a.row(greater, ">", less), a.row(greater, "<", less)
    check = asks("Which of the two is further to the left?", Fraction(less), right)
    return Claim((right,), (false,), "N1.bigger_size_is_bigger", "Further to the left is less.", check)


def _order_mistake(random: Random) -> Problem:
    line = "Think of both numbers on the number line."
    return three_claims(random, "N1", _order_claim, intro="Three children compare numbers.", strategy=line)
