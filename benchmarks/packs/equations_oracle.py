"""Oracles of E4 to E8: each solution is found from two trial values, and put back in."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import linear_root, sides, signed_numbers, tokens_of, value_at
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import claims, expressions, figure_of, labels, shapes
from client.content.items import Answer, Item, Line, plain_text
from client.content.mathml import Expression

# first × x + rest = second × x + other
Linear = tuple[Fraction, Fraction, Fraction, Fraction]
_ZERO, _ONE = Fraction(0), Fraction(1)


def _coefficients(written: Expression) -> Linear:
    """By the values of both sides at 0 and at 1."""
    (left, right), _ = sides(written)
    found = []
    for side in (left, right):
        rest = value_at(side, {"x": _ZERO})
        found += [value_at(side, {"x": _ONE}) - rest, rest]
    return found[0], found[1], found[2], found[3]


def _root(equation: Linear) -> Fraction:
    """By trial: the difference of the sides at 0 and at 1 tells where it is 0."""
    first, rest, second, other = equation
    at_zero, at_one = rest - other, first + rest - second - other
    return -at_zero / (at_one - at_zero)


Rules = Callable[[Linear], Slips]


def _one_step_slips(equation: Linear) -> Slips:
    factor, number, _, result = equation
    if factor == 1:
        return {"E4.same_operation": {result + number}, "E4.one_side_only": {result}}
    if factor > 1:
        return {
            "E5.subtracts_the_coefficient": {result - factor},
            "E5.divides_the_wrong_way": {factor / result},
            "E5.one_side_only": {result},
        }
    return {"E5.divides_the_wrong_way": {result * factor}, "E5.one_side_only": {result}}


def _two_step_slips(equation: Linear) -> Slips:
    factor, rest, _, result = equation
    return {
        "E6.wrong_order": {result / factor - rest},
        "E6.sign_lost": {(result + rest) / factor},
        "E6.subtracts_the_coefficient": {result - rest - factor},
    }


def _both_sides_slips(equation: Linear) -> Slips:
    """A term that moves keeps its sign: the number, the part with x, or both."""
    first, rest, second, other = equation
    tries = [(first - second, other + rest), (first + second, other - rest), (first + second, other + rest)]
    return {"E7.sign_kept": {number / factor for factor, number in tries if factor}}


def _solving(rules: Rules, read: Callable[[Item], Linear]) -> Oracle:
    def derive(item: Item) -> Derivation:
        equation = read(item)
        return Derivation(_root(equation), rules(equation))

    return derive


def _written(item: Item) -> Linear:
    (equation,) = expressions(item.stem)
    found = _coefficients(equation)
    if linear_root(equation, "x") != _root(found):
        raise ValueError("two ways give two solutions")
    return found


def _balance(item: Item) -> Linear:
    """Boxes and weights left and right of the middle."""
    figure = figure_of(item.stem)
    found = [_ZERO, _ZERO, _ZERO, _ZERO]
    for text, x, _ in labels(figure):
        side = 0 if x < 240 else 2
        if text == "x":
            found[side] += 1
        else:
            found[side + 1] += Fraction(text)
    boxes = [box for box in shapes(figure, "rect") if float(box["width"]) < 40]
    if len(boxes) != found[0] + found[2]:
        raise ValueError("not every box has its letter")
    return found[0], found[1], found[2], found[3]


def _changed(item: Item) -> Linear:
    number, result = signed_numbers(item.stem)
    less = any(word in plain_text(item.stem) for word in ("gives away", "cuts off", "get off"))
    return _ONE, -number if less else number, _ZERO, result


def _shared(item: Item) -> Linear:
    number, result = signed_numbers(item.stem)
    divided = any(word in plain_text(item.stem) for word in ("shares", "ribbon"))
    return 1 / number if divided else number, _ZERO, _ZERO, result


def _fixed(item: Item) -> Linear:
    """The numbers in the order of each story."""
    said, numbers = plain_text(item.stem), signed_numbers(item.stem)
    if "candle" in said:
        rest, total, factor = numbers
    elif "books" in said:
        factor, rest, total = numbers
    else:
        rest, factor, total = numbers
    return factor, rest, _ZERO, total


def _offers(item: Item) -> Linear:
    rest, first, other, second = signed_numbers(item.stem)
    return first, rest, second, other


def _claim(rules: Rules) -> Callable[[Line], Reading]:
    def read(claim: Line) -> Reading:
        given, said = expressions(claim)
        equation = _coefficients(given)
        claimed: Answer = value_at(sides(said)[0][1], {})
        believed = {name for name, values in rules(equation).items() if claimed in values}
        return Reading(claimed == linear_root(given, "x"), believed)

    return read


# E8


def _with_brackets(written: Expression) -> Derivation:
    """factor × (x + inner) = second × x + other, or x over a number, or a part of x."""
    key = linear_root(written, "x")
    (left, right), _ = sides(written)
    other = value_at(right, {"x": _ZERO})
    second = value_at(right, {"x": _ONE}) - other
    if "(" in left:
        start = left.index("(")
        factor = value_at(left[:start], {})
        inner = value_at(left[start + 1 : left.index(")")], {"x": _ZERO})
        return Derivation(key, _bracket_slips(factor, inner, second=second, other=other))
    rest = value_at(left, {"x": _ZERO})
    factor = value_at(left, {"x": _ONE}) - rest
    return Derivation(key, _fraction_slips(factor, rest, other))


def _bracket_slips(factor: Fraction, inner: Fraction, *, second: Fraction, other: Fraction) -> Slips:
    left = factor - second
    return {
        "E8.partial_distribution": {(other - inner) / left},
        "E8.sign_lost": {(other + factor * inner) / left},
    }


def _fraction_slips(factor: Fraction, rest: Fraction, result: Fraction) -> Slips:
    top, bottom = factor.as_integer_ratio()
    if rest:
        return {
            "E8.clears_one_side": {result - bottom * rest},
            "E8.clears_one_term": {bottom * result - rest},
        }
    return {"E8.clears_one_side": {result / top}, "E8.multiplies_by_the_fraction": {factor * result}}


def _area(item: Item) -> Derivation:
    texts = [text for text, _, _ in labels(figure_of(item.stem))]
    total = Fraction(next(text for text in texts if "area" in text).split()[-2])
    inner, height = [Fraction(text.split()[0]) for text in texts if "area" not in text and "x" not in text]
    return _all_of(height, inner, total)


def _all_of(factor: Fraction, inner: Fraction, total: Fraction) -> Derivation:
    key = next(Fraction(x) for x in range(1, 1000) if factor * (x + inner) == total)
    return Derivation(key, _bracket_slips(factor, inner, second=_ZERO, other=total))


def _paid(item: Item) -> Derivation:
    numbers = signed_numbers(item.stem)
    if "pages" in plain_text(item.stem):
        share = value_at(list(tokens_of(expressions(item.stem)[0])), {})
        return Derivation(numbers[0] / share, _fraction_slips(share, _ZERO, numbers[0]))
    return _all_of(*numbers)


def _first_wrong_line(item: Item) -> Derivation:
    """A line is wrong when it doesn't have the solution of the line before it."""
    given = expressions(item.stem)[0]
    lines = [given, *(expressions(claim)[0] for claim in claims(item))]
    roots = [linear_root(line, "x") for line in lines]
    (wrong,) = (place for place in range(1, 4) if roots[place] != roots[place - 1])
    names = ("E8.partial_distribution", "E8.sign_lost", "E8.subtracts_the_coefficient")
    sound: set[Answer] = {f"c{n}" for n in (1, 2, 3) if n != wrong}
    slips: dict[str, set[Answer]] = {"E8.doubts_what_is_right": sound}
    if _explained(lines, wrong):
        slips[names[wrong - 1]] = {"c4"}
    return Derivation(f"c{wrong}", slips)


def _explained(lines: list[Expression], wrong: int) -> bool:
    """Whether the named mistake gives the wrong line from the line before it."""
    before, after = _coefficients(lines[wrong - 1]), _coefficients(lines[wrong])
    if wrong == 1:
        left = sides(lines[0])[0][0]
        inner = value_at(left[left.index("(") + 1 : left.index(")")], {"x": _ZERO})
        return after == (before[0], inner, _ZERO, before[3])
    if wrong == 2:
        return after == (before[0], _ZERO, _ZERO, before[3] + before[1])
    return after == (_ONE, _ZERO, _ZERO, before[3] - before[0])


ORACLES: dict[str, Oracle] = {
    "E4.procedure": _solving(_one_step_slips, _written),
    "E4.representation": _solving(_one_step_slips, _balance),
    "E4.word_problem": _solving(_one_step_slips, _changed),
    "E4.find_the_mistake": find_the_mistake("E4", _claim(_one_step_slips)),
    "E5.procedure": _solving(_one_step_slips, _written),
    "E5.representation": _solving(_one_step_slips, _balance),
    "E5.word_problem": _solving(_one_step_slips, _shared),
    "E5.find_the_mistake": find_the_mistake("E5", _claim(_one_step_slips)),
    "E6.procedure": _solving(_two_step_slips, _written),
    "E6.representation": _solving(_two_step_slips, _balance),
    "E6.word_problem": _solving(_two_step_slips, _fixed),
    "E6.find_the_mistake": find_the_mistake("E6", _claim(_two_step_slips)),
    "E7.procedure": _solving(_both_sides_slips, _written),
    "E7.representation": _solving(_both_sides_slips, _balance),
    "E7.word_problem": _solving(_both_sides_slips, _offers),
    "E7.find_the_mistake": find_the_mistake("E7", _claim(_both_sides_slips)),
    "E8.procedure": lambda item: _with_brackets(expressions(item.stem)[0]),
    "E8.representation": _area,
    "E8.word_problem": _paid,
    "E8.find_the_mistake": _first_wrong_line,
}
