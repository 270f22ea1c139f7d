"""Oracles of L1 to L6: points and lines are read from coordinates of the drawing, from tables and from text."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import line_through, signed_numbers, tokens_of, value_at
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.ratios_oracle import table
from benchmarks.packs.stem_reader import expressions, figure_of, labels, shapes
from client.content.items import Answer, Item, Line, plain_text
from client.content.mathml import Expression
from client.content.normal_forms import Equation, Point
from client.content.polynomials import normal

Place = tuple[Fraction, Fraction]
Rule = tuple[Fraction, Fraction]
_ZERO = Fraction(0)


def _equation(rule: Rule) -> Equation:
    """y − slope × x − start = 0, divided by its first coefficient."""
    slope, start = rule
    lead = -slope if slope else Fraction(1)
    return Equation(normal({(("x", 1),): -slope / lead, (("y", 1),): 1 / lead, (): -start / lead}))


def _point_of(expression: Expression) -> Place:
    tokens = list(tokens_of(expression))[1:-1]
    comma = tokens.index(",")
    return value_at(tokens[:comma], {}), value_at(tokens[comma + 1 :], {})


def _points_in(line: Line) -> list[Place]:
    return [_point_of(one) for one in expressions(line) if "," in tokens_of(one)]


def _scales(item: Item) -> tuple[Callable[[float], Fraction], Callable[[float], Fraction]]:
    """From places of the drawing to numbers, by the labels along both axes."""
    numbers = [(text, x, y) for text, x, y in labels(figure_of(item.stem)) if text.strip("−").isdecimal()]
    along = [(Fraction(text.replace("−", "-")), x) for text, x, y in numbers if _row(numbers, y) > 2]
    up = [(Fraction(text.replace("−", "-")), y - 4) for text, x, y in numbers if _row(numbers, y) <= 2]
    return _scale(along), _scale(up)


def _row(numbers: list[tuple[str, float, float]], y: float) -> int:
    return sum(abs(other - y) < 0.01 for _, _, other in numbers)


def _scale(marks: list[tuple[Fraction, float]]) -> Callable[[float], Fraction]:
    (low, low_at), (high, high_at) = min(marks), max(marks)
    unit = (high_at - low_at) / float(high - low)
    return lambda at: low + round((at - low_at) / unit)


def _dots(item: Item) -> list[Place]:
    across, up = _scales(item)
    circles = shapes(figure_of(item.stem), "circle")
    return [(across(float(dot["cx"])), up(float(dot["cy"]))) for dot in circles]


# L1


def _at(read: Callable[[Item], Place]) -> Oracle:
    def derive(item: Item) -> Derivation:
        x, y = read(item)
        return Derivation(Point(x, y), _point_slips((x, y)))

    return derive


def _point_slips(at: Place) -> Slips:
    x, y = at
    return {"L1.swapped": {Point(y, x)}, "L1.sign_of_quadrant": {Point(-x, y), Point(x, -y), Point(-x, -y)}}


def _steps(said: str) -> Place:
    """How far right and up words such as "3 left and 2 squares north" go."""
    x, y, size = _ZERO, _ZERO, _ZERO
    for word in said.replace(",", " ").replace(".", " ").split():
        if word.isdecimal():
            size = Fraction(word)
        x += {"right": size, "east": size, "left": -size, "west": -size}.get(word, _ZERO)
        y += {"up": size, "north": size, "down": -size, "south": -size}.get(word, _ZERO)
    return x, y


def _walked(item: Item) -> Place:
    (x, y), said = _points_in(item.stem)[0], "".join(part for part in item.stem if isinstance(part, str))
    if "mirrored" in said:
        return (-x, y) if "y-axis" in said else (x, -y)
    across, up = _steps(said)
    return x + across, y + up


def _mapped(item: Item) -> Place:
    return _steps(plain_text(item.stem).partition("north is up")[2])


def _point_claim(claim: Line) -> Reading:
    right, said = _steps(plain_text(claim).partition(" is ")[0]), _points_in(claim)[0]
    believed = {name for name, values in _point_slips(right).items() if Point(*said) in values}
    return Reading(said == right, believed)


# L2 and L5


def _rule(read: Callable[[Item], Rule], rules: Callable[[Rule], Slips]) -> Oracle:
    def derive(item: Item) -> Derivation:
        rule = read(item)
        return Derivation(_equation(rule), rules(rule))

    return derive


def _table_slips(rule: Rule) -> Slips:
    slope, start = rule
    return {
        "L2.step_is_the_whole_rule": {_equation((slope, _ZERO))},
        "L2.adds_the_step": {_equation((Fraction(1), slope))},
        "L2.swapped": {_equation((start, slope))},
    }


def _line_slips(rule: Rule) -> Slips:
    slope, start = rule
    return {
        "L5.swapped": {_equation((start, slope))},
        "L5.x_intercept": {_equation((slope, -start / slope))},
        "L5.sign_lost": {_equation((slope, -start)), _equation((-slope, start))},
    }


def _through(points: list[Place]) -> Rule:
    (x, y), (to_x, to_y) = points[:2]
    slope = (to_y - y) / (to_x - x)
    start = y - slope * x
    if any(slope * at + start != value for at, value in points):
        raise ValueError("no line goes through all of them")
    return slope, start


def _pairs(item: Item) -> Rule:
    numbers = signed_numbers(item.stem)
    return _through(list(zip(numbers[::2], numbers[1::2], strict=True)))


def _table(item: Item) -> Rule:
    upper, lower = ([Fraction(text.replace("−", "-")) for text in row[1:]] for row in table(item))
    return _through(list(zip(upper, lower, strict=True)))


def _story(item: Item) -> Rule:
    start, slope = signed_numbers(item.stem)
    less = any(word in plain_text(item.stem) for word in ("burns down", "spends"))
    return -slope if less else slope, start


def _written_line(item: Item) -> Rule:
    points = _points_in(item.stem)
    if len(points) == 2:
        return _through(points)
    (slope,) = (value_at(list(tokens_of(one)), {}) for one in expressions(item.stem) if "," not in tokens_of(one))
    (at,) = points
    return slope, at[1] - slope * at[0]


def _line_claim(skill: str) -> Callable[[Line], Reading]:
    def read(claim: Line) -> Reading:
        *given, written = expressions(claim)
        points = [_point_of(one) for one in given if "," in tokens_of(one)]
        slopes = [value_at(list(tokens_of(one)), {}) for one in given if "," not in tokens_of(one)]
        rule = _through(points) if len(points) == 2 else (slopes[0], points[0][1] - slopes[0] * points[0][0])
        said = line_through(written)
        slips = _table_slips(rule) if skill == "L2" else _line_slips(rule)
        return Reading(said == rule, {name for name, values in slips.items() if _equation(said) in values})

    return read


# L3 and L4


def _slope(skill: str, read: Callable[[Item], list[Place]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        points = sorted(read(item))
        slope, _ = _through(points)
        return Derivation(slope, _slope_slips(skill, points, _square_height(item)))

    return derive


def _slope_slips(skill: str, points: list[Place], height: Fraction) -> Slips:
    (x, y), (to_x, to_y) = points
    slope = (to_y - y) / (to_x - x)
    return {
        f"{skill}.run_over_rise": {1 / slope},
        "L3.mixed_order": {-slope},
        "L3.adds_the_coordinates": {(y + to_y) / max(Fraction(1), to_x - x)},
        "L4.sign_of_falling_line": {-slope},
        "L4.counts_boxes": {slope / height},
    }


def _square_height(item: Item) -> Fraction:
    """How much one square of the grid is upwards, from the drawing; 1 where there is none."""
    if not any(part for part in item.stem if hasattr(part, "svg")):
        return Fraction(1)
    rows = sorted({float(line["y1"]) for line in shapes(figure_of(item.stem), "line") if line["y1"] == line["y2"]})
    _, up = _scales(item)
    return abs(up(rows[1]) - up(rows[0]))


def _hill(item: Item) -> list[Place]:
    start, height, end, other = signed_numbers(item.stem)
    return [(start, height), (end, other)]


def _slope_claim(claim: Line) -> Reading:
    *_, written = expressions(claim)
    said = value_at(list(tokens_of(written)), {})
    points = sorted(_points_in(claim))
    skill = "L3"
    if not points:
        points, skill = [(_ZERO, _ZERO), _steps(plain_text(claim).partition(" give")[0])], "L4"
    slips = _slope_slips(skill, points, Fraction(1))
    return Reading(said == _through(points)[0], {name for name, values in slips.items() if said in values})


# L6


def _meeting(read: Callable[[Item], tuple[Rule, Rule]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        x, y = _common(first, second)
        axis: set[Answer] = {Point(x, _ZERO), Point(_ZERO, first[1]), Point(_ZERO, second[1])}
        return Derivation(Point(x, y), {"L6.meets_on_an_axis": axis, "L6.swapped": {Point(y, x)}})

    return derive


def _common(first: Rule, second: Rule) -> Place:
    """The gap between the lines at 0, used up by the difference of the slopes."""
    x = (second[1] - first[1]) / (first[0] - second[0])
    if first[0] * x + first[1] != second[0] * x + second[1]:
        raise ValueError("they don't meet there")
    return x, first[0] * x + first[1]


def _two_lines(item: Item) -> tuple[Rule, Rule]:
    first, second = (line_through(one) for one in expressions(item.stem))
    return first, second


def _two_drawn(item: Item) -> tuple[Rule, Rule]:
    one, two, three, four = _dots(item)
    return _through([one, two]), _through([three, four])


def _two_plans(item: Item) -> tuple[Rule, Rule]:
    start, slope, other, second = signed_numbers(item.stem)
    return (slope, start), (second, other)


def _meeting_claim(claim: Line) -> Reading:
    first, second, said = expressions(claim)
    rules = line_through(first), line_through(second)
    at, place = _common(*rules), _point_of(said)
    on_axis = place in {(at[0], _ZERO), (_ZERO, rules[0][1]), (_ZERO, rules[1][1])}
    return Reading(place == at, {"L6.meets_on_an_axis"} if on_axis else frozenset())


ORACLES: dict[str, Oracle] = {
    "L1.procedure": _at(_walked),
    "L1.representation": _at(lambda item: _dots(item)[0]),
    "L1.word_problem": _at(_mapped),
    "L1.find_the_mistake": find_the_mistake("L1", _point_claim),
    "L2.procedure": _rule(_pairs, _table_slips),
    "L2.representation": _rule(_table, _table_slips),
    "L2.word_problem": _rule(_story, _table_slips),
    "L2.find_the_mistake": find_the_mistake("L2", _line_claim("L2")),
    "L3.procedure": _slope("L3", lambda item: _points_in(item.stem)),
    "L3.representation": _slope("L3", _dots),
    "L3.word_problem": _slope("L3", _hill),
    "L3.find_the_mistake": find_the_mistake("L3", _slope_claim),
    "L4.procedure": _slope("L4", _dots),
    "L4.representation": _slope("L4", _dots),
    "L4.word_problem": _slope("L4", _dots),
    "L4.find_the_mistake": find_the_mistake("L4", _slope_claim),
    "L5.procedure": _rule(_written_line, _line_slips),
    "L5.representation": _rule(lambda item: _through(_dots(item)), _line_slips),
    "L5.word_problem": _rule(_story, _line_slips),
    "L5.find_the_mistake": find_the_mistake("L5", _line_claim("L5")),
    "L6.procedure": _meeting(_two_lines),
    "L6.representation": _meeting(_two_drawn),
    "L6.word_problem": _meeting(_two_plans),
    "L6.find_the_mistake": find_the_mistake("L6", _meeting_claim),
}
