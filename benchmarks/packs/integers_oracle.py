"""Oracles of the integer skills N1-N4: operands are read back from MathML, text, number lines and tables."""

from collections.abc import Callable
from fractions import Fraction

from benchmarks.packs.algebra_reader import is_true, operands, sides, signed_numbers
from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import expressions, figure_of, labels, shapes
from client.content.items import Answer, Item, Line, plain_text
from client.content.normal_forms import NumberList

Pair = tuple[Fraction, Fraction]


# N1


def _in_order(item: Item) -> Derivation:
    numbers = signed_numbers(item.stem)
    left, ordered = list(numbers), []
    while left:  # taken out one by one, the least first
        least = min(left)
        left.remove(least)
        ordered.append(least)
    by_size = NumberList(tuple(sorted(numbers, key=abs)))
    below = sorted((n for n in numbers if n < 0), key=abs)
    within = NumberList((*below, *sorted(n for n in numbers if n >= 0)))
    slips: Slips = {
        "N1.bigger_size_is_bigger": {by_size, within},
        "N1.greatest_first": {NumberList(tuple(ordered[::-1]))},
    }
    return Derivation(NumberList(tuple(ordered)), slips)


def _place_on_line(item: Item) -> Callable[[float], Fraction]:
    """From an x of a number line's figure to the number there, by two of its labels."""
    seen = [(_number(text), x) for text, x, _ in labels(figure_of(item.stem)) if _is_number(text)]
    (low, low_x), (high, high_x) = min(seen), max(seen)
    unit = (high_x - low_x) / float(high - low)
    return lambda x: low + round((x - low_x) / unit)


def _is_number(text: str) -> bool:
    return text.removeprefix("−").isdecimal()


def _number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


def _points(item: Item) -> dict[str, Fraction]:
    """The number at each letter of a number line."""
    place = _place_on_line(item)
    return {text: place(x) for text, x, _ in labels(figure_of(item.stem)) if text in "ABC"}


def _point(item: Item) -> Derivation:
    numbers = list(_points(item).values())
    by_size = "furthest" in plain_text(item.stem)
    key = max(numbers, key=abs) if by_size else min(numbers)
    slips: Slips = {
        "N1.size_has_a_sign": {max(numbers)},
        "N1.bigger_size_is_bigger": {min(numbers, key=abs)},
        "N1.sign_lost": {abs(key)},
    }
    return Derivation(key, slips)


def _compared(claim: Line) -> Reading:
    (compared,) = expressions(claim)
    (first, second), (relation,) = sides(compared)
    left, right = operands(first)[0][0], operands(second)[0][0]
    as_sizes = abs(left) < abs(right) if relation == "<" else abs(left) > abs(right)
    return Reading(is_true(compared), {"N1.bigger_size_is_bigger"} if as_sizes else frozenset())


# N2, N3 and N4


def _asked(item: Item) -> tuple[list[Fraction], list[str]]:
    return operands(sides(expressions(item.stem)[0])[0][0])


def _sum(read: Callable[[Item], Pair]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        return Derivation(first + second, _sum_slips(first, second))

    return derive


def _sum_slips(first: Fraction, second: Fraction) -> Slips:
    sizes, gap = abs(first) + abs(second), abs(abs(first) - abs(second))
    return {
        "N2.adds_sizes": {sizes, -sizes},
        "N2.wrong_sign": {-(first + second)},
        "N2.takes_away": {gap, -gap},
    }


def _pair(item: Item) -> Pair:
    (first, second), _ = _asked(item)
    return first, second


def _jump(item: Item) -> Pair:
    place = _place_on_line(item)
    start = place(float(shapes(figure_of(item.stem), "circle")[0]["cx"]))
    end = place(float(shapes(figure_of(item.stem), "polygon")[0]["points"].split(",")[0]))
    return start, end - start


def _rise(item: Item) -> Pair:
    first, size = signed_numbers(item.stem)
    falls = any(word in plain_text(item.stem) for word in ("falls", "loses", "m down"))
    return first, -size if falls else size


def _difference(read: Callable[[Item], Pair]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        return Derivation(first - second, _difference_slips(first, second))

    return derive


def _difference_slips(first: Fraction, second: Fraction) -> Slips:
    return {
        "N3.second_sign_lost": {first - abs(second)},
        "N3.first_sign_lost": {abs(first) - second},
        "N3.order_swapped": {second - first},
        "N3.adds_instead": {first + second},
    }


def _from_a_to_b(item: Item) -> Pair:
    points = _points(item)
    return points["B"], points["A"]


def _high_and_low(item: Item) -> Pair:
    found = signed_numbers(item.stem)
    return max(found), min(found)


def _product(read: Callable[[Item], tuple[Pair, str]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        (first, second), sign = read(item)
        key = first * second if sign == "×" else first / second
        return Derivation(key, _product_slips((first, second), key))

    return derive


def _product_slips(pair: Pair, key: Fraction) -> Slips:
    first, second = pair
    bigger = {n for n in pair if abs(n) == max(abs(first), abs(second))}
    return {
        "N4.two_negatives_negative": {-abs(key)} if max(pair) < 0 else set(),
        "N4.addition_rule": {abs(key) if n > 0 else -abs(key) for n in bigger},
        "N4.sign_lost": {abs(key), -key},
        "N4.adds": {first + second},
    }


def _factors(item: Item) -> tuple[Pair, str]:
    (first, second), (sign,) = _asked(item)
    return (first, second), sign


def _pattern(item: Item) -> Derivation:
    """Goes on by the difference of the pattern, without the rule."""
    texts = [(text, round(y)) for text, _, y in labels(figure_of(item.stem))]
    heights = sorted({y for _, y in texts})
    upper, lower = ([text for text, y in texts if y == height] for height in heights)
    shown = [_number(text) for text in lower[1:-1]]
    key = shown[-1] + (shown[-1] - shown[-2])
    factor = _number(lower[0].removeprefix("n × ").strip("()"))
    return Derivation(key, _product_slips((_number(upper[-1]), factor), key))


def _again(item: Item) -> tuple[Pair, str]:
    said, numbers = plain_text(item.stem), signed_numbers(item.stem)
    if "in all" in said:
        times, total = numbers
        return (total, times), "÷"
    if "days ago" in said:
        return (-numbers[2], numbers[0]), "×"
    rate, times = numbers
    return (times, -rate if "dives" in said else rate), "×"


# Claims


def _result_claim(rules: Callable[[Pair, Fraction], Slips]) -> Callable[[Line], Reading]:
    def read(claim: Line) -> Reading:
        (written,) = expressions(claim)
        (calculation, result), _ = sides(written)
        (first, second), (sign,) = operands(calculation)
        claimed: Answer = operands(result)[0][0]
        right = {"+": first + second, "−": first - second, "×": first * second}.get(sign)
        key = first / second if right is None else right
        believed = {name for name, values in rules((first, second), key).items() if claimed in values}
        return Reading(is_true(written), believed)

    return read


ORACLES: dict[str, Oracle] = {
    "N1.procedure": _in_order,
    "N1.representation": _point,
    "N1.word_problem": _in_order,
    "N1.find_the_mistake": find_the_mistake("N1", _compared),
    "N2.procedure": _sum(_pair),
    "N2.representation": _sum(_jump),
    "N2.word_problem": _sum(_rise),
    "N2.find_the_mistake": find_the_mistake("N2", _result_claim(lambda pair, _: _sum_slips(*pair))),
    "N3.procedure": _difference(_pair),
    "N3.representation": _difference(_from_a_to_b),
    "N3.word_problem": _difference(_high_and_low),
    "N3.find_the_mistake": find_the_mistake("N3", _result_claim(lambda pair, _: _difference_slips(*pair))),
    "N4.procedure": _product(_factors),
    "N4.representation": _pattern,
    "N4.word_problem": _product(_again),
    "N4.find_the_mistake": find_the_mistake("N4", _result_claim(_product_slips)),
}
