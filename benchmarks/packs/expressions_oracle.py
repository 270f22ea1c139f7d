"""Oracles of E1 to E3 and E9: expressions are read from MathML, tables and tiles and tried out with numbers."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import (
    is_true,
    letters_of,
    line_through,
    operands,
    sides,
    signed_numbers,
    tokens_of,
    value_at,
)
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import expressions, figure_of, labels, shapes
from client.content.items import Answer, Item, Line, plain_text
from client.content.mathml import Expression
from client.content.normal_forms import Interval
from client.content.polynomials import Polynomial, normal

Rule = tuple[Fraction, Fraction]


def linear(slope: Fraction, rest: Fraction, letter: str = "x") -> Polynomial:
    """slope × letter + rest."""
    return normal({((letter, 1),): slope, (): rest})


# E1


def _put_in(read: Callable[[Item], tuple[Rule, Fraction]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        rule, value = read(item)
        return Derivation(rule[0] * value + rule[1], _value_slips(rule, value))

    return derive


def _value_slips(rule: Rule, value: Fraction) -> Slips:
    factor, rest = rule
    size, sign = abs(factor), (1 if factor > 0 else -1)
    return {
        "E1.digits_joined": {sign * Fraction(f"{size}{value}") + rest},
        "E1.adds_the_coefficient": {sign * (size + value) + rest},
        "E1.rest_left_out": {factor * value},
    }


def _rule_and_value(line: Line) -> tuple[Rule, Fraction]:
    given = [one for one in expressions(line) if letters_of(one)]
    with_value = next(one for one in given if "equals" in one.alternative and len(tokens_of(one)) == 3)
    written = next(one for one in given if one is not with_value)
    (letter,) = letters_of(with_value)
    value = sides(with_value)[0][1][0]
    left = sides(written)[0][0]
    start = value_at(left, {letter: Fraction(0)})
    if not isinstance(value, Fraction):
        raise TypeError("no value is given")
    return (value_at(left, {letter: Fraction(1)}) - start, start), value


def _rows(item: Item) -> tuple[list[str], list[str]]:
    texts = [(text, round(y)) for text, _, y in labels(figure_of(item.stem))]
    heights = sorted({y for _, y in texts})
    upper, lower = ([text for text, y in texts if y == height] for height in heights)
    return upper, lower


def _number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


def _through(points: list[tuple[Fraction, Fraction]]) -> Rule:
    """The rule of the first two points, and only if it fits all."""
    (x, y), (to_x, to_y) = points[:2]
    slope = (to_y - y) / (to_x - x)
    start = y - slope * x
    if any(slope * at + start != value for at, value in points):
        raise ValueError("no line goes through all of them")
    return slope, start


def _table(item: Item) -> tuple[Rule, Fraction]:
    """The rule from the other columns of the table, without what stands in front of them."""
    upper, lower = _rows(item)
    points = [(_number(x), _number(y)) for x, y in zip(upper[1:-1], lower[1:-1], strict=True)]
    return _through(points), _number(upper[-1])


def _value_claim(claim: Line) -> Reading:
    rule, value = _rule_and_value(claim)
    said = value_at(sides(expressions(claim)[1])[0][1], {})
    believed = {name for name, values in _value_slips(rule, value).items() if said in values}
    return Reading(said == rule[0] * value + rule[1], believed)


# E2 and E3


def _collected(parts: list[Rule]) -> Derivation:
    """parts: (factor of x, number) of each piece."""
    factor, rest = sum((f for f, _ in parts), Fraction(0)), sum((r for _, r in parts), Fraction(0))
    sizes = [sum((abs(n) for n in column), Fraction(0)) for column in zip(*parts, strict=True)]
    square = normal({(("x", 2),): factor, (): rest})
    slips: Slips = {
        "E2.joins_unlike": {linear(factor + rest, Fraction(0))},
        "E2.x_squared": {square},
        "E2.sign_lost": {linear(sizes[0], sizes[1])},
    }
    return Derivation(linear(factor, rest), slips)


def _written_terms(item: Item) -> Derivation:
    (written,) = expressions(item.stem)
    pieces: list[list[object]] = [[]]
    for piece in tokens_of(written):
        if piece in ("+", "−") and pieces[-1]:
            pieces.append([])
        pieces[-1].append(piece)
    return _collected([_piece(piece) for piece in pieces])


def _piece(piece: list[object]) -> Rule:
    sign = -1 if "−" in piece else 1
    numbers = [part for part in piece if isinstance(part, Fraction)]
    size = sign * (numbers[0] if numbers else Fraction(1))
    return (size, Fraction(0)) if "x" in piece else (Fraction(0), size)


def _tiles(item: Item) -> Derivation:
    boxes = shapes(figure_of(item.stem), "rect")
    wide = sum(float(box["width"]) > float(box["height"]) for box in boxes)
    return _collected([(Fraction(wide), Fraction(len(boxes) - wide))])


def _bought(item: Item) -> Derivation:
    first, one, second, two = signed_numbers(item.stem)
    return _collected([(first, one), (second, two)])


def _terms_claim(claim: Line) -> Reading:
    (written,) = expressions(claim)
    true = all(is_true(written, {"x": Fraction(n)}) for n in (2, 3, 5, 7))
    left, right = sides(written)[0]
    at_one = [value_at(side, {"x": Fraction(1)}) for side in (left, right)]
    alone = "+" not in right and "−" not in right
    squared = "squared" in written.alternative
    # Both mistakes put all into one term, so that both sides still agree at x = 1.
    believed = {"E2.x_squared" if squared else "E2.joins_unlike"} if alone and at_one[0] == at_one[1] else set()
    return Reading(true, believed)


def _multiplied(factor: Fraction, inner: Fraction, rest: Fraction) -> Derivation:
    slips: Slips = {
        "E3.first_term_only": {linear(factor * inner, rest)},
        "E3.sign_lost": {linear(factor * inner, -factor * rest)},
        "E3.adds_the_factor": {linear(inner + factor, rest + factor)},
    }
    return Derivation(linear(factor * inner, factor * rest), slips)


def _front_and_inside(written: Expression) -> tuple[Fraction, Fraction, Fraction]:
    left = sides(written)[0][0]
    start = left.index("(")
    front = operands(left[:start])[0] or [Fraction(-1)]
    inside = left[start + 1 : left.index(")")]
    rest = value_at(inside, {"x": Fraction(0)})
    return front[0], value_at(inside, {"x": Fraction(1)}) - rest, rest


def _brackets(item: Item) -> Derivation:
    return _multiplied(*_front_and_inside(expressions(item.stem)[0]))


def _rectangle(item: Item) -> Derivation:
    texts = [text for text, _, _ in labels(figure_of(item.stem))]
    inner = next(text for text in texts if "x" in text).removesuffix("x")
    rest, height = [text for text in texts if "x" not in text]
    return _multiplied(Fraction(height), Fraction(inner or 1), Fraction(rest))


def _each(item: Item) -> Derivation:
    many, price = signed_numbers(item.stem)
    return _multiplied(many, Fraction(1), price)


def _brackets_claim(claim: Line) -> Reading:
    (written,) = expressions(claim)
    true = all(is_true(written, {"x": Fraction(n)}) for n in (2, 3, 5, 7))
    factor, inner, rest = _front_and_inside(written)
    claimed = linear(*line_through(written))
    slips = _multiplied(factor, inner, rest).slips
    return Reading(true, {name for name, values in slips.items() if claimed in values})


# E9

_OPPOSITE = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_OTHER_END = {"<": "≤", "≤": "<", ">": "≥", "≥": ">"}


def _half_line(letter: str, relation: str, bound: Fraction) -> Interval:
    closed = relation in "≤≥"
    if relation in "<≤":
        return Interval(letter, high=bound, high_closed=closed)
    return Interval(letter, low=bound, low_closed=closed)


def _solutions(letter: str, rule: Rule, *, relation: str, number: Fraction) -> Derivation:
    """The bound makes both sides equal; a trial value below it tells on which side the solutions lie."""
    bound = (number - rule[1]) / rule[0]
    below = rule[0] * (bound - 1) + rule[1]
    solves_below = below < number if relation in "<≤" else below > number
    closed = relation in "≤≥"
    found = {(True, True): "≤", (True, False): "<", (False, True): "≥", (False, False): ">"}[solves_below, closed]
    turned = {_half_line(letter, sign, bound) for sign in (_OPPOSITE[found], _OTHER_END[_OPPOSITE[found]])}
    slips: dict[str, set[Answer]] = {
        "E9.sign_not_flipped" if rule[0] < 0 else "E9.flips_without_reason": set(turned),
        "E9.direction_swapped": set(turned),
        "E9.end_kind": {_half_line(letter, _OTHER_END[found], bound)},
        "E9.sign_lost": {_half_line(letter, found, (number + rule[1]) / rule[0])},
    }
    return Derivation(_half_line(letter, found, bound), slips)


def _of_inequality(written: Expression) -> Derivation:
    (left, right), (relation,) = sides(written)
    (letter,) = letters_of(written)
    rest = value_at(left, {letter: Fraction(0)})
    rule = (value_at(left, {letter: Fraction(1)}) - rest, rest)
    return _solutions(letter, rule, relation=relation, number=value_at(right, {}))


def _thick_line(item: Item) -> Derivation:
    figure = figure_of(item.stem)
    seen = [(_number(text), x) for text, x, _ in labels(figure)]
    (low, low_x), (high, high_x) = min(seen), max(seen)
    dot = shapes(figure, "circle")[0]
    bound = low + round((float(dot["cx"]) - low_x) / ((high_x - low_x) / float(high - low)))
    tip = float(shapes(figure, "polygon")[0]["points"].split(",")[0])
    closed = dot["fill"] == dot["stroke"]
    relation = (">" if tip > float(dot["cx"]) else "<") if not closed else ("≥" if tip > float(dot["cx"]) else "≤")
    letter = plain_text(item.stem).partition("Write it with ")[2][0]
    return _solutions(letter, (Fraction(1), Fraction(0)), relation=relation, number=bound)


def _limit(item: Item) -> Derivation:
    said, numbers = plain_text(item.stem), signed_numbers(item.stem)
    words = {"at most": "≤", "at least": "≥", "less than": "<", "higher than": ">"}
    relation = next(sign for word, sign in words.items() if word in said)
    total = numbers[0] if relation == "≤" else numbers[2]
    rest, factor = (numbers[1], numbers[2]) if relation == "≤" else (numbers[0], numbers[1])
    return _solutions("n", (factor, rest), relation=relation, number=total)


def _inequality_claim(claim: Line) -> Reading:
    given, said = expressions(claim)
    derived = _of_inequality(given)
    claimed = _of_inequality(said).key
    return Reading(claimed == derived.key, {name for name, values in derived.slips.items() if claimed in values})


ORACLES: dict[str, Oracle] = {
    "E1.procedure": _put_in(lambda item: _rule_and_value(item.stem)),
    "E1.representation": _put_in(_table),
    "E1.word_problem": _put_in(lambda item: _rule_and_value(item.stem)),
    "E1.find_the_mistake": find_the_mistake("E1", _value_claim),
    "E2.procedure": _written_terms,
    "E2.representation": _tiles,
    "E2.word_problem": _bought,
    "E2.find_the_mistake": find_the_mistake("E2", _terms_claim),
    "E3.procedure": _brackets,
    "E3.representation": _rectangle,
    "E3.word_problem": _each,
    "E3.find_the_mistake": find_the_mistake("E3", _brackets_claim),
    "E9.procedure": lambda item: _of_inequality(expressions(item.stem)[0]),
    "E9.representation": _thick_line,
    "E9.word_problem": _limit,
    "E9.find_the_mistake": find_the_mistake("E9", _inequality_claim),
}
