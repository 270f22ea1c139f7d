"""L1, points in four quadrants, and L2, the rule of a table: four families each."""

from fractions import Fraction
from random import Random

from client.content import algebra as a
from client.content.items import AnswerKind, Family, Form, Line, Problem
from client.content.normal_forms import line, point
from client.content.packs.asking import asks, nonzero, works_out, wrongs
from client.content.packs.drawing import Claim, four_families, names, three_claims
from client.content.plane_figures import Plane, plane_of_points
from client.content.ratio_figures import ratio_table
from client.content.svg import signed

_PLANE = Plane(-8, 8)
_RIGHT: Line = ("Which number says how far right or left?",)


def families() -> tuple[Family, ...]:
    """L1 and L2."""
    l1 = four_families("L1", "5–6", _walk, _read_point, _map, _point_mistake)
    l2 = four_families("L2", "6–7", _rule_of_pairs, _rule_of_table, _rule_of_story, _rule_mistake, effort=1.6)
    return l1 + l2


def _at(stem: Line, x: int, y: int, *, simple: Line = ()) -> Problem:
    key = point(x, y)
    across, up = ("right" if x > 0 else "left"), ("up" if y > 0 else "down")
    return Problem(
        stem=stem,
        simple=simple,
        answer=key,
        kind=AnswerKind.POINT,
        letters=("x", "y"),
        hints=(_RIGHT, ("First right or left, then up or down. Left and down are below 0.",),
               (f"The point is on the {across} and {up} from the middle. So which signs do the numbers have?",)),
        steps=(asks("How far right is it? Left counts as minus.", Fraction(x), "Right or left: ", a.value(x), "."),
               asks("How far up is it? Down counts as minus.", Fraction(y), "Up or down: ", a.value(y), "."),
               asks("Which point is it?", key, a.point(x, y))),
        distractors=wrongs(key, ("L1.swapped", point(y, x)), ("L1.sign_of_quadrant", point(-x, y)),
                           ("L1.sign_of_quadrant", point(x, -y)), ("L1.sign_of_quadrant", point(-x, -y))),
    )  # fmt: skip


def _place(random: Random) -> tuple[int, int]:
    """No zero and not the same size twice, so that a swap or a lost sign can be seen."""
    while True:
        x, y = nonzero(random, -7, 7), nonzero(random, -7, 7)
        if abs(x) != abs(y):
            return x, y


def _step(amount: int, words: tuple[str, str]) -> str:
    return f"{abs(amount)} {words[0] if amount > 0 else words[1]}"


def _walk(random: Random) -> Problem:
    x, y = _place(random)
    if random.random() < 0.4:
        start_x, start_y = _place(random)
        while start_x == x or start_y == y:
            start_x, start_y = _place(random)
        told: Line = ("Start at ", a.point(start_x, start_y), f". Go {_step(x - start_x, ('right', 'left'))} and "
                      f"{_step(y - start_y, ('up', 'down'))}. Where are you?")  # fmt: skip
        return _at(told, x, y)
    mirrored, axis = ((-x, y), "y-axis") if random.random() < 0.5 else ((x, -y), "x-axis")
    asked: Line = (a.point(*mirrored), f" is mirrored in the {axis}. Where does it land?")
    return _at(asked, x, y)


def _read_point(random: Random) -> Problem:
    x, y = _place(random)
    name = random.choice("ABCDPQRS")
    figure = plane_of_points(_PLANE, {name: (x, y)}, told=False)
    return _at((f"Where is the point {name}? ", figure), x, y)


def _map(random: Random) -> Problem:
    x, y = _place(random)
    (name,) = names(random, 1)
    across = _step(x, ("squares east", "squares west"))
    up = _step(y, ("squares north", "squares south"))
    what = random.choice(("tree", "well", "bench", "statue", "gate"))
    told = (f"On a map the school is at (0, 0). East is to the right and north is up. {name} walks {across} and "
            f"{up} from the school to a {what}. Which point is the {what} at?")  # fmt: skip
    simple = f"Start at (0, 0). Go {across}, then {up}. East is right, north is up. Which point is it?"
    return _at((told,), x, y, simple=(simple,))


def _point_claim(random: Random) -> Claim:
    x, y = _place(random)
    start = f"{_step(x, ('right', 'left'))} and {_step(y, ('up', 'down'))} from the origin is "
    rule, wrong = random.choice((("L1.swapped", (y, x)), ("L1.sign_of_quadrant", (-x, y)),
                                 ("L1.sign_of_quadrant", (x, -y))))  # fmt: skip
    advice = "Right or left comes first." if rule == "L1.swapped" else "Left and down are below 0."
    check = asks(f"Which point is {start.removesuffix(' is ')}?", point(x, y), start, a.point(x, y))
    return Claim((start, a.point(x, y)), (start, a.point(*wrong)), rule, advice, check)


def _point_mistake(random: Random) -> Problem:
    intro, strategy = "Three children name points.", "Draw the axes and walk: first right or left."
    return three_claims(random, "L1", _point_claim, intro=intro, strategy=strategy)


def _rule(
    stem: Line, slope: int, start: int, *, simple: Line = (), letters: tuple[str, str] = ("x", "y")
) -> Problem:
    key = line(slope, start)
    x, y = letters
    shown = a.row(y, "=", a.terms((slope, x), (start, "")))
    return Problem(
        stem=stem,
        simple=simple,
        answer=key,
        kind=AnswerKind.EQUATION,
        form=Form.SOLVED,
        letters=letters,
        hints=((f"By how much does {y} change when {x} goes up by 1?",),
               (f"That change is the factor of {x}. Then compare with the table: what has to be added?",),
               (f"When {x} goes up by 1, {y} changes by {signed(slope)}. "
                f"Now look at {x} = 0, or step back to it.",)),
        steps=(asks(f"By how much does {y} change for each step of {x}?", Fraction(slope),
                    f"For each step, {y} changes by ", a.value(slope), "."),
               asks(f"What is {y} when {x} is 0?", Fraction(start), "At 0 it is ", a.value(start), "."),
               asks("What is the rule?", key, shown)),
        distractors=wrongs(key, ("L2.step_is_the_whole_rule", line(slope, 0)),
                           ("L2.adds_the_step", line(1, slope)), ("L2.swapped", line(start, slope))),
        features=(("falls", int(slope < 0)),),
    )  # fmt: skip


def _drawn_rule(random: Random) -> tuple[int, int]:
    slope = random.choice((2, 3, 4, 5, 6, 7, 8, 9, -2, -3, -4))
    start = random.choice([n for n in range(-9, 21) if n not in (0, slope, 1)])
    return slope, start


def _rule_of_pairs(random: Random) -> Problem:
    slope, start = _drawn_rule(random)
    first = random.randint(0, 3)
    pairs = "; ".join(f"x = {x} gives y = {signed(slope * x + start)}" for x in range(first, first + 3))
    return _rule((f"{pairs}. Write the rule as an equation: y = ...",), slope, start)


def _rule_of_table(random: Random) -> Problem:
    slope, start = _drawn_rule(random)
    first = random.randint(0, 3)
    inputs = list(range(first, first + 4))
    figure = ratio_table((("x", [str(x) for x in inputs]), ("y", [signed(slope * x + start) for x in inputs])))
    return _rule(("Write the rule of the table as an equation: y = ... ", figure), slope, start)


def _rule_of_story(random: Random) -> Problem:
    slope, start = random.randint(2, 9), random.randint(2, 25)
    while start == slope:
        start = random.randint(2, 25)
    (name,) = names(random, 1)
    told, simple = random.choice((
        (f"A taxi costs ${start} to start and ${slope} for each km. y is the price in dollars of a ride of x km.",
         f"Start: ${start}. Each km: ${slope}. x km cost y dollars."),
        (f"{name} has ${start} and saves ${slope} each week. y is the money in dollars after x weeks.",
         f"Now ${start}. Each week ${slope} more. After x weeks it is y dollars."),
        (f"A plant is {start} cm high and grows {slope} cm each week. y is its height in cm after x weeks.",
         f"Now {start} cm. Each week {slope} cm more. After x weeks it is y cm."),
        (f"A pool holds {start} litres and gains {slope} litres each minute. y is the amount after x minutes.",
         f"Now {start} litres. Each minute {slope} more. After x minutes it is y litres."),
    ))  # fmt: skip
    asked = " Write the rule as an equation: y = ..."
    return _rule((told + asked,), slope, start, simple=(simple + asked,))


def _rule_claim(random: Random) -> Claim:
    slope, start = _drawn_rule(random)
    rule, wrong = random.choice((("L2.step_is_the_whole_rule", (slope, 0)), ("L2.swapped", (start, slope))))
    first, second = (a.point(x, slope * x + start) for x in (0, 1))
    told: Line = ("through ", first, " and ", second, " goes ")
    right, false = ((*told, a.row("y", "=", a.terms((m, "x"), (b, "")))) for m, b in ((slope, start), wrong))
    advice = "The step is the factor of x, and the value at 0 is added."
    check = works_out(Fraction(slope + start), slope, "×", 1, "+" if start > 0 else "−", abs(start),
                      shown=slope + start)  # fmt: skip
    return Claim(right, false, rule, advice, check)


def _rule_mistake(random: Random) -> Problem:
    intro, strategy = "Three children write a rule for two points.", "Put the x of each point in: does y fit?"
    return three_claims(random, "L2", _rule_claim, intro=intro, strategy=strategy)
