"""L5, y = mx + b, and L6, where two lines meet: four families each."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import AnswerKind, Family, Form, Line, Problem
from client.content.mathml import Expression
from client.content.normal_forms import line, point
from client.content.packs.asking import asks, nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.plane_figures import Plane, Straight, plane_of_lines

_Rule = tuple[int, int]


def families() -> tuple[Family, ...]:
    """L5 and L6."""
    l5 = four_families("L5", "8", _from_slope, _from_graph, _from_story, _equation_mistake, effort=1.6)
    l6 = four_families("L6", "8", _meet, _meet_on_grid, _two_plans, _meet_mistake, effort=2.5)
    return l5 + l6


def _shown(rule: _Rule) -> Expression:
    return a.row("y", "=", a.terms((rule[0], "x"), (rule[1], "")))


def _equation(stem: Line, rule: _Rule, *, simple: Line = ()) -> Problem:
    slope, start = rule
    key = line(slope, start)
    crossing = Fraction(-start, slope)
    return Problem(
        stem=stem,
        simple=simple,
        answer=key,
        kind=AnswerKind.EQUATION,
        form=Form.SOLVED,
        letters=("x", "y"),
        hints=(("Where does the line cross the y-axis, and how steep is it?",),
               ("In y = mx + b the slope is m. The y at x = 0 is b.",),
               ("The slope is ", a.value(slope), ". It stands in front of x. What is y where x is 0?")),
        steps=(asks("What is the slope?", Fraction(slope), "The slope is ", a.value(slope), "."),
               asks("What is y at x = 0?", Fraction(start), "At x = 0, y is ", a.value(start), "."),
               asks("What is the equation?", key, _shown(rule))),
        distractors=wrongs(key, ("L5.swapped", line(start, slope)), ("L5.x_intercept", line(slope, crossing)),
                           ("L5.sign_lost", line(slope, -start)), ("L5.sign_lost", line(-slope, start))),
    )  # fmt: skip


def _rule(random: Random, *, size: int = 9) -> _Rule:
    """Slope and start differ, neither is 0, and the slope isn't 1 or −1."""
    slope = random.choice([n for n in range(-5, 6) if abs(n) > 1])
    return slope, random.choice([n for n in range(-size, size + 1) if n and abs(n) != abs(slope)])


def _from_slope(random: Random) -> Problem:
    slope, start = rule = _rule(random)
    if random.random() < 0.5:
        stem: Line = ("A line has the slope ", a.value(slope), " and goes through ", a.point(0, start),
                      ". Write its equation: y = ...")  # fmt: skip
        return _equation(stem, rule)
    x = nonzero(random, -3, 3)
    stem = ("A line goes through ", a.point(0, start), " and ", a.point(x, slope * x + start),
            ". Write its equation: y = ...")  # fmt: skip
    return _equation(stem, rule)


def _from_graph(random: Random) -> Problem:
    while True:
        slope, start = rule = _rule(random, size=5)
        x = random.choice((-2, -1, 1, 2))
        if abs(slope * x + start) <= 7:
            break
    other = (x, slope * x + start)
    first, second = sorted(((0, start), other))
    figure = plane_of_lines(Plane(-8, 8), (Straight(first, second),))
    return _equation(("Write the equation of the line: y = ... ", figure), rule)


def _from_story(random: Random) -> Problem:
    (name,) = names(random, 1)
    slope, start = random.randint(2, 9), random.randint(10, 60)
    falls = random.random() < 0.5
    if falls:
        start = slope * random.randint(5, 15)
        told, simple = random.choice((
            (f"A candle is {start} cm high and burns down {slope} cm each hour. y is its height in cm "
             "after x hours.",
             f"First {start} cm. Each hour {slope} cm less. After x hours it is y cm."),
            (f"{name} has ${start} and spends ${slope} each day. y is the money in dollars after x days.",
             f"First ${start}. Each day ${slope} less. After x days it is y dollars."),
        ))  # fmt: skip
    else:
        told, simple = random.choice((
            (f"A boat costs ${start} and ${slope} more for each hour. y is the price in dollars for x hours.",
             f"First ${start}. Each hour ${slope} more. x hours cost y dollars."),
            (f"A tank holds {start} litres and gains {slope} litres a minute. y is the amount after x minutes.",
             f"First {start} litres. Each minute {slope} more. After x minutes it is y litres."),
        ))  # fmt: skip
    asked = " Write the equation: y = ..."
    rule = (-slope if falls else slope, start)
    return _equation((told + asked,), rule, simple=(simple + asked,))


def _equation_claim(random: Random) -> Claim:
    slope, start = rule = _rule(random)
    kind, wrong = "L5.swapped", (start, slope)
    crossing = Fraction(-start, slope)
    if crossing.denominator == 1 and random.random() < 0.6:
        kind, wrong = "L5.x_intercept", (slope, int(crossing))
    told: Line = ("the slope ", a.value(slope), " through ", a.point(0, start), " belongs to ")
    if kind == "L5.x_intercept":
        told = ("through ", a.point(0, start), " and ", a.point(int(crossing), 0), " goes ")
    advice = "The slope stands in front of x; b is the y where x is 0."
    check = asks("What is y at x = 0?", Fraction(start), _shown(rule))
    return Claim((*told, _shown(rule)), (*told, _shown(wrong)), kind, advice, check)


def _equation_mistake(random: Random) -> Problem:
    intro, strategy = "Three children write equations of lines.", "Put x = 0 in: which y should come out?"
    return three_claims(random, "L5", _equation_claim, intro=intro, strategy=strategy)


def _crossing(stem: Line, first: _Rule, second: _Rule, *, simple: Line = ()) -> Problem:
    x = Fraction(second[1] - first[1], first[0] - second[0])
    y = first[0] * x + first[1]
    key = point(x, y)
    both = a.row(a.terms((first[0], "x"), (first[1], "")), "=", a.terms((second[0], "x"), (second[1], "")))
    return Problem(
        stem=stem,
        simple=simple,
        answer=key,
        kind=AnswerKind.POINT,
        letters=("x", "y"),
        hints=(("What is the same for both lines where they meet?",),
               ("Set both right sides equal, find x, then find y. The answer has two numbers.",),
               (both, ". Solve it for x. Then put x into one of the lines.")),
        steps=(asks((both, ". What is x?"), x, a.row("x", "=", x)),
               works_out(y, first[0], "×", x, "+" if first[1] > 0 else "−", abs(first[1]), shown=a.value(y)),
               asks("Where do they meet?", key, a.point(x, y))),
        distractors=wrongs(key, ("L6.meets_on_an_axis", point(x, 0)), ("L6.meets_on_an_axis", point(0, first[1])),
                           ("L6.meets_on_an_axis", point(0, second[1])), ("L6.swapped", point(y, x))),
    )  # fmt: skip


def _two_rules(random: Random, *, size: int = 6) -> tuple[_Rule, _Rule]:
    """Two lines that meet in whole numbers, away from both axes and not where x equals y."""
    while True:
        x, y = nonzero(random, -size, size), nonzero(random, -size, size)
        one, two = random.sample([n for n in range(-4, 5) if n], 2)
        first, second = (one, y - one * x), (two, y - two * x)
        if x != y and first[1] and second[1] and max(abs(first[1]), abs(second[1])) <= 20:
            return first, second


def _meet(random: Random) -> Problem:
    first, second = _two_rules(random)
    stem: Line = ("Where do the lines ", _shown(first), " and ", _shown(second), " meet? Write the point.")
    return _crossing(stem, first, second)


def _meet_on_grid(random: Random) -> Problem:
    while True:
        first, second = _two_rules(random, size=5)
        straights = [_drawn(rule, name) for rule, name in ((first, "a"), (second, "b"))]
        if all(straights):
            break
    figure = plane_of_lines(Plane(-8, 8), [one for one in straights if one])
    return _crossing(("Where do the lines a and b meet? Write the point. ", figure), first, second)


def _drawn(rule: _Rule, name: str) -> Straight | None:
    """Through two points of the grid, away from where another line of the window would cross it at them."""
    inside = [(x, rule[0] * x + rule[1]) for x in range(-7, 8) if abs(rule[0] * x + rule[1]) <= 7]
    return Straight(inside[0], inside[-1], name) if len(inside) >= 3 else None


def _two_plans(random: Random) -> Problem:
    second, more, x, start = (
        random.randint(2, 8),
        random.randint(1, 5),
        random.randint(2, 12),
        random.randint(1, 20),
    )
    first, other = (second + more, start), (second, start + more * x)
    told, simple = random.choice((
        (f"Boat A costs ${first[1]} and ${first[0]} for each hour. Boat B costs ${other[1]} and "
         f"${other[0]} for each "
         "hour. x is the number of hours, y the price in dollars.",
         f"A: ${first[1]} and ${first[0]} each hour. B: ${other[1]} and ${other[0]} each hour. x: "
         "hours. y: dollars."),
        (f"Tank A holds {first[1]} litres and gains {first[0]} a minute. Tank B holds {other[1]} litres and gains "
         f"{other[0]} a minute. x is the time in minutes, y the litres.",
         f"A: {first[1]} litres, {first[0]} more a minute. B: {other[1]} litres, {other[0]} more a minute. "
         "x: minutes. y: litres."),
    ))  # fmt: skip
    asked = " At which point (x, y) are both the same?"
    return _crossing((told + asked,), first, other, simple=(simple + asked,))


def _meet_claim(random: Random) -> Claim:
    first, second = _two_rules(random)
    x = Fraction(second[1] - first[1], first[0] - second[0])
    y = first[0] * x + first[1]
    wrong = random.choice(((x, Fraction(0)), (Fraction(0), Fraction(first[1]))))
    start: Line = (_shown(first), " and ", _shown(second), " meet at ")
    both = a.row(a.terms((first[0], "x"), (first[1], "")), "=", a.terms((second[0], "x"), (second[1], "")))
    check = asks((both, ". What is x?"), x, "They meet at ", a.point(x, y))
    advice = "A point where lines meet lies on both of them, rarely on an axis."
    return Claim((*start, a.point(x, y)), (*start, a.point(*wrong)), "L6.meets_on_an_axis", advice, check)


def _meet_mistake(random: Random) -> Problem:
    intro, strategy = "Three children look where lines meet.", "Put the point into both equations."
    return three_claims(random, "L6", _meet_claim, intro=intro, strategy=strategy)
