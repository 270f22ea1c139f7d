"""N2, adding integers, and N3, subtracting them: four families each."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import Family, Line, Problem, Step
from client.content.line_figures import jump_on_line, points_on_line
from client.content.mathml import Expression
from client.content.packs.asking import asks, nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.svg import signed

_ON_LINE = "A number line can show whether it is true."
_NUDGE: Line = ("Where is it on the number line?",)


def families() -> tuple[Family, ...]:
    """N2 and N3."""
    n2 = four_families("N2", "6–7", _add, _add_on_line, _rise, _add_mistake)
    n3 = four_families("N3", "7", _subtract, _distance_on_line, _difference, _subtract_mistake)
    return n2 + n3


def _two_to_add(random: Random, size: int = 20) -> tuple[int, int]:
    """At least one below zero, their sum neither zero nor one of them, their sizes different."""
    while True:
        first, second = nonzero(random, -size, size), nonzero(random, -size, size)
        if min(first, second) < 0 and abs(first) != abs(second):
            return first, second


def _sum(stem: Line, pair: tuple[int, int], *, simple: Line = (), last: Line = ()) -> Problem:
    first, second = pair
    answer = Fraction(first + second)
    sizes = abs(first) + abs(second)
    step = _first_chips(first, second)
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(_NUDGE, ("Start at the first number. Adding goes right; adding one below 0 goes left.",), step),
        steps=(asks(f"Start at {signed(first)}. How far right does adding {signed(second)} go? Left is minus.",
                    Fraction(second),
                    f"Start at {signed(first)} and go {abs(second)} to the {'right' if second > 0 else 'left'}."),
               works_out(answer, first, "+", second, shown=a.value(answer))),
        distractors=wrongs(answer, ("N2.adds_sizes", Fraction(sizes if first > 0 else -sizes)),
                           ("N2.adds_sizes", Fraction(-sizes if first > 0 else sizes)),
                           ("N2.wrong_sign", -answer),
                           ("N2.takes_away", Fraction(abs(abs(first) - abs(second)))),
                           ("N2.takes_away", Fraction(-abs(abs(first) - abs(second))))),
        units=("°C", "degrees", "points", "m"),
        features=(("below_zero", (first < 0) + (second < 0)),),
    )  # fmt: skip


def _first_chips(first: int, second: int) -> Line:
    if (first < 0) == (second < 0):
        return ("Both numbers are below 0, so both go to the left.",)
    part = first if abs(first) < abs(second) else -second
    return (
        a.row(part, "+", -part, "=", 0),
        f". How much of {signed(second if part == first else first)} is left?",
    )


def _add(random: Random) -> Problem:
    first, second = _two_to_add(random)
    return _sum((a.row(first, "+", second, "=", "?"),), (first, second))


def _add_on_line(random: Random) -> Problem:
    while True:
        first, second = _two_to_add(random, 8)
        if abs(first + second) <= 8:
            break
    figure = jump_on_line(-8, 8, start=first, hop=second)
    return _sum(("The arrow shows a sum: start, jump, end. What is the sum? ", figure), (first, second))


def _rise(random: Random) -> Problem:
    first, second = _two_to_add(random)
    (name,) = names(random, 1)
    size, up = abs(second), second > 0
    texts: tuple[tuple[str, str], ...] = (
        (f"In the morning it is {signed(first)} °C. By noon the temperature {'rises' if up else 'falls'} "
         f"by {size} degrees. What is the temperature at noon, in °C?",
         f"It is {signed(first)} °C. It gets {size} degrees {'warmer' if up else 'colder'}. How many °C now?"),
        (f"{name} has {signed(first)} points in a game, and then {'wins' if up else 'loses'} {size} points. "
         "How many points is that now?",
         f"{name} has {signed(first)} points. Then {size} points {'more' if up else 'less'}. How many now?"),
        (f"A diving robot is at a height of {signed(first)} m; below zero is under the water. It goes {size} m "
         f"{'up' if up else 'down'}. At which height is it then, in metres?",
         f"A robot is at {signed(first)} m. It goes {size} m {'up' if up else 'down'}. Where is it now?"),
    )  # fmt: skip
    told, simple = texts[random.randrange(3) if first < 0 else random.randrange(2)]
    return _sum((told,), (first, second), simple=(simple,))


def _add_claim(random: Random) -> Claim:
    while True:
        first, second = _two_to_add(random, 12)
        sizes = abs(first) + abs(second)
        wrong = sizes if first > 0 else -sizes
        if wrong != first + second:
            break
    right, false = (a.row(first, "+", second, "=", result) for result in (first + second, wrong))
    check = works_out(Fraction(first + second), first, "+", second, shown=first + second)
    advice = "The jumps go in different directions, so the sizes aren't added."
    return Claim((right,), (false,), "N2.adds_sizes", advice, check)


def _add_mistake(random: Random) -> Problem:
    return three_claims(random, "N2", _add_claim, intro="Three children add numbers.", strategy=_ON_LINE)


def _take_away(stem: Line, pair: tuple[int, int], *, simple: Line = (), first_step: Step | None = None) -> Problem:
    first, second = pair
    answer = Fraction(first - second)
    opposite = a.row(first, "−", second), a.row(first, "+", -second)
    start = first_step or asks(
        f"Taking away {signed(second)} is the same as adding which number?", Fraction(-second),
        *_joined(opposite))  # fmt: skip
    return Problem(
        stem=stem,
        simple=simple,
        answer=answer,
        hints=(_NUDGE, ("Taking away a number is the same as adding its opposite.",),
               (f"The opposite of {signed(second)} is {signed(-second)}. So add it.",)),
        steps=(start, works_out(answer, first, "−", second, shown=a.value(answer))),
        distractors=wrongs(answer, ("N3.second_sign_lost", Fraction(first - abs(second))),
                           ("N3.first_sign_lost", Fraction(abs(first) - second)),
                           ("N3.order_swapped", Fraction(second - first)),
                           ("N3.adds_instead", Fraction(first + second))),
        units=("°C", "degrees", "m", "floors"),
        features=(("below_zero", (first < 0) + (second < 0)),),
    )  # fmt: skip


def _joined(both: tuple[Expression, Expression]) -> tuple[Expression, ...]:
    return (a.row(both[0], "=", both[1]),)


def _two_to_subtract(random: Random, size: int = 20) -> tuple[int, int]:
    while True:
        first, second = nonzero(random, -size, size), nonzero(random, -size, size)
        if (min(first, second) < 0 or first < second) and first != second:
            return first, second


def _subtract(random: Random) -> Problem:
    first, second = _two_to_subtract(random)
    return _take_away((a.row(first, "−", second, "=", "?"),), (first, second))


def _distance_on_line(random: Random) -> Problem:
    first, second = _two_to_subtract(random, 10)
    figure = points_on_line(-10, 10, {"A": second, "B": first})
    asked = a.row("B", "−", "A")
    return _take_away(("Read the numbers at A and B, then work out ", asked, ". ", figure), (first, second))


def _difference(random: Random) -> Problem:
    below, above = sorted((random.randint(-20, -1), nonzero(random, -19, 25)))
    while below == above:
        above = random.randint(1, 25)
    first, second = random.sample(("Arvid", "Brook", "Cedar", "Dune", "Elm"), 2)
    texts = (
        (f"In {first} it is {signed(above)} °C. In {second} it is {signed(below)} °C at the same time. "
         f"By how many degrees is it warmer in {first} than in {second}?",
         f"{first}: {signed(above)} °C. {second}: {signed(below)} °C. How many degrees warmer is {first}?"),
        (f"A lift goes from floor {signed(below)} up to floor {signed(above)}. How many floors does it go up?",
         f"A lift starts at floor {signed(below)}. It stops at floor {signed(above)}. How many "
         "floors up is that?"),
        (f"A bird flies at a height of {signed(above)} m, and a fish swims at {signed(below)} m, under the water. "
         "How many metres are between them?",
         f"A bird is at {signed(above)} m. A fish is at {signed(below)} m. How far apart are they, in m?"),
    )  # fmt: skip
    told, simple = texts[random.randrange(3 if above > 0 else 2)]
    return _take_away((told,), (above, below), simple=(simple,))


def _subtract_claim(random: Random) -> Claim:
    while True:
        first, second = _two_to_subtract(random, 12)
        kind = random.choice(("N3.second_sign_lost", "N3.first_sign_lost"))
        wrong = first - abs(second) if kind == "N3.second_sign_lost" else abs(first) - second
        if wrong != first - second:
            break
    right, false = (a.row(first, "−", second, "=", result) for result in (first - second, wrong))
    check = works_out(Fraction(first - second), first, "−", second, shown=first - second)
    advice = "Taking away a number below zero makes more." if second < 0 else "Start below zero, and go left."
    return Claim((right,), (false,), kind, advice, check)


def _subtract_mistake(random: Random) -> Problem:
    return three_claims(random, "N3", _subtract_claim, intro="Three children subtract.", strategy=_ON_LINE)
