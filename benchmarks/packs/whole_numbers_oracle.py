"""Oracles of the whole-number skills V1-V7: figures are read back, written methods redone digit by digit."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise

from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import expressions, figure_of, labels, numbers_in_text, shapes, tokens
from client.content.items import Answer, Item, Line, Remainder

_UNITS = {"ten": 10, "hundred": 100, "thousand": 1000}
Pair = tuple[int, int]
Values = Mapping[str, set[Answer]]


def whole(line: Line) -> list[int]:
    """Every whole number of a line, in text, mathematics and figures."""
    return [int(number) for number in tokens(line)]


def _values(*numbers: int) -> set[Answer]:
    return {Fraction(number) for number in numbers}


def _said(line: Line) -> str:
    return " ".join(part if isinstance(part, str) else part.alternative for part in line)


# V1


def _counted(hundreds: int, tens: int, ones: int) -> Derivation:
    """A number by counting it out."""
    number = sum([100] * hundreds) + sum([10] * tens) + ones
    spoken = "".join(str(part) for part in (100 * hundreds, 10 * tens, ones) if part)
    written = "".join(str(digit) for digit in (hundreds, tens, ones) if digit)
    slips: Slips = {
        "V1.parts_in_a_row": _values(int(spoken)),
        "V1.counts_the_pieces": _values(hundreds + tens + ones),
        "V1.zero_left_out": _values(int(written)),
    }
    return Derivation(Fraction(number), slips)


def _place_procedure(item: Item) -> Derivation:
    text = _said(item.stem)
    if "worth" in text:
        digit, number = whole(item.stem)
        return _digit_value(str(number), str(number).index(str(digit)))
    numbers = whole(item.stem)
    if "what number equals" in text or text.endswith("equals what number"):
        return _counted(*_places_of(sum(numbers)))
    missing = numbers[0] - sum(numbers[1:])
    return _digit_value(str(numbers[0]), len(str(numbers[0])) - len(str(missing)))


def _places_of(number: int) -> tuple[int, int, int]:
    digits = f"{number:03d}"
    return int(digits[0]), int(digits[1]), int(digits[2])


def _digit_value(number: str, at: int) -> Derivation:
    worth = int(number[at] + "0" * (len(number) - at - 1))
    return Derivation(Fraction(worth), {"V1.face_value": _values(int(number[at]))})


def _blocks(item: Item) -> Derivation:
    return _counted(*block_counts(item)[0])


def block_counts(item: Item) -> list[tuple[int, int, int]]:
    """(hundreds, tens, ones) of each set of blocks, counted by their shapes; sets are parted by a line."""
    figure = figure_of(item.stem)
    parted = [float(line["y1"]) for line in shapes(figure, "line")]
    sets: list[list[int]] = [[0, 0, 0] for _ in range(len(parted) + 1)]
    for box in shapes(figure, "rect"):
        size = {("50", "50"): 0, ("5", "50"): 1, ("5", "5"): 2}[box["width"], box["height"]]
        sets[sum(float(box["y"]) > y for y in parted)][size] += 1
    return [(one[0], one[1], one[2]) for one in sets]


def _packs(item: Item) -> Derivation:
    hundreds, _, tens, _, ones = whole(item.stem)
    return _counted(hundreds, tens, ones)


def _place_claim(claim: Line) -> Reading:
    numbers = whole(claim)
    if "worth" not in _said(claim):
        tens, ones, result = numbers
        return Reading(tens + ones == result, {"V1.parts_in_a_row"} if f"{tens}{ones}" == str(result) else set())
    digit, number, worth = numbers
    at = str(number).index(str(digit))
    true = worth == digit * 10 ** (len(str(number)) - at - 1)
    return Reading(true, {"V1.face_value"} if worth == digit else set())


# V2


def _greater(read: Callable[[Item], Pair]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        slips: dict[str, set[Answer]] = {"V2.sees_no_difference": {"c3"}, "V2.sign_reversed": {"c1", "c2"}}
        leading = "c1" if str(first)[0] > str(second)[0] else "c2"
        slips["V2.first_digit_decides"] = {leading} if str(first)[0] != str(second)[0] else set()
        return Derivation("c1" if first > second else "c2", slips)

    return derive


def _two(item: Item) -> Pair:
    first, second = whole(item.stem)
    return first, second


def _two_sets(item: Item) -> Pair:
    first, second = (100 * hundreds + 10 * tens + ones for hundreds, tens, ones in block_counts(item))
    return first, second


def _order_claim(claim: Line) -> Reading:
    first, second = whole(claim)
    greater_said = "is greater than" in _said(claim)
    true = (first > second) == greater_said
    chosen, other = (first, second) if greater_said else (second, first)
    believed = {"V2.sign_reversed"} | ({"V2.first_digit_decides"} if str(chosen)[0] > str(other)[0] else set())
    return Reading(true, believed)


# V3


def _nearest(number: int, unit: int) -> int:
    """By looking for it among the multiples; the upper one when both are as near."""
    low = next(candidate for candidate in range(number, -1, -1) if candidate % unit == 0)
    return low if number - low < low + unit - number else low + unit


def _rounding_rules(number: int, unit: int) -> Values:
    chained = number
    for smaller in (10, 100, 1000):
        if smaller <= unit:
            chained = _nearest(chained, smaller)
    return {
        "V3.always_down": _values(number - number % unit),
        "V3.rounds_in_a_chain": _values(chained),
        "V3.always_up": _values(number - number % unit + unit),
        "V3.does_not_round": _values(number),
    }


def _unit(line: Line) -> int:
    return next(unit for name, unit in _UNITS.items() if f"nearest {name}" in _said(line))


def _rounded(item: Item) -> Derivation:
    number, unit = whole(item.stem)[0], _unit(item.stem)
    return Derivation(Fraction(_nearest(number, unit)), _rounding_rules(number, unit))


def _rounded_on_a_line(item: Item) -> Derivation:
    number, unit = int(arrow_between(item)), _unit(item.stem)
    offered = {whole(choice.label)[0]: choice.id for choice in item.choices}
    rules = _rounding_rules(number, unit)
    slips: dict[str, set[Answer]] = {
        name: {offered[value] for value in offered if Fraction(value) in values} for name, values in rules.items()
    }
    return Derivation(offered[_nearest(number, unit)], slips)


def arrow_between(item: Item) -> Fraction:
    """Where the arrow stands on a line whose two ends are labelled."""
    figure = figure_of(item.stem)
    (low, left, _), (high, right, _) = labels(figure)
    tip = float(shapes(figure, "polygon")[0]["points"].split(",")[0])
    marks = len(shapes(figure, "line")) - 2
    gaps = round((tip - left) / (right - left) * marks)
    return Fraction(low) + (Fraction(high) - Fraction(low)) * gaps / marks


def _rounding_claim(claim: Line) -> Reading:
    number, result = whole(claim)
    unit = next(unit for name, unit in _UNITS.items() if f"nearest {name}" in _said(claim))
    rules = _rounding_rules(number, unit)
    return Reading(result == _nearest(number, unit), {name for name, v in rules.items() if Fraction(result) in v})


# V4 and V5


def _columns(first: int, second: int) -> list[Pair]:
    """Digits above each other, the highest place first."""
    width = max(len(str(first)), len(str(second)))
    return [(int(a), int(b)) for a, b in zip(str(first).zfill(width), str(second).zfill(width), strict=True)]


def _written(columns: list[int]) -> set[Answer]:
    return _values(int("".join(map(str, columns))))


def added(first: int, second: int) -> Derivation:
    """first + second, and as it goes wrong in columns."""
    columns = _columns(first, second)
    slips: Slips = {
        "V4.carry_lost": _written([(a + b) % 10 for a, b in columns]),
        "V4.carry_in_the_column": _written([a + b for a, b in columns]),
        "V4.last_jump_left_out": _values(first + second - int(str(second)[-1])),
    }
    return Derivation(Fraction(first + second), slips)


def taken(first: int, second: int) -> Derivation:
    """first − second, and as it goes wrong in columns."""
    columns = _columns(first, second)
    slips: Slips = {
        "V5.smaller_from_larger": _written([max(a, b) - min(a, b) for a, b in columns]),
        "V5.stuck_at_zero": _written([max(a, b) - min(a, b) if a else 0 for a, b in columns]),
    }
    return Derivation(Fraction(first - second), slips)


def _jumps(item: Item) -> Derivation:
    start, *leaps = (
        int(Fraction(text.removeprefix("+ "))) for text, _, _ in labels(figure_of(item.stem)) if text != "?"
    )
    return added(start, sum(leaps))


def _stops(item: Item) -> Derivation:
    stops = [int(text) for text, _, _ in labels(figure_of(item.stem))]
    leaps = [high - low for low, high in pairwise(stops)]
    slips = {**taken(stops[-1], stops[0]).slips, "V5.last_jump_only": _values(leaps[-1])}
    return Derivation(Fraction(sum(leaps)), slips)


def _result_claim(rules: Callable[[int, int], Derivation]) -> Callable[[Line], Reading]:
    def read(claim: Line) -> Reading:
        first, second, result = whole(claim)
        derived = rules(first, second)
        wrong = {name for name, values in derived.slips.items() if Fraction(result) in values}
        return Reading(derived.key == result, wrong)

    return read


# V6


def multiplied(first: int, second: int) -> Derivation:
    """first × second by adding, and as it goes wrong in writing."""
    digits, carried = [], 0
    for place, digit in enumerate(reversed(str(first))):
        total = (int(digit) + carried) * second if place else int(digit) * second
        digits.append(str(total % 10))
        carried = total // 10
    carry_first = int(str(carried or "") + "".join(reversed(digits)))
    tens, ones = first - first % 10, first % 10
    slips: Slips = {
        "V6.carry_added_first": _values(carry_first) if second < 10 else set(),
        "V6.no_placeholder": _values(sum(first * int(digit) for digit in str(second))),
        "V6.corner_parts_only": _values(tens * (second - second % 10) + ones * (second % 10)),
    }
    return Derivation(Fraction(sum([first] * second)), slips)


def _area(item: Item) -> Derivation:
    """From the lengths at the edges of the rectangle, first those across, then those down."""
    across = [int(text) for text, x, _ in labels(figure_of(item.stem)) if x > 40]
    down = [int(text) for text, x, _ in labels(figure_of(item.stem)) if x <= 40]
    parts = sum(a * b for a in across for b in down)
    derived = multiplied(sum(across), sum(down))
    return Derivation(Fraction(parts), derived.slips)


def _in_each(item: Item) -> Derivation:
    count, each = numbers_in_text(item.stem)
    return multiplied(each, count)


# V7


def divided(dividend: int, divisor: int) -> Derivation:
    """By taking the divisor away again and again."""
    quotient, rest = 0, dividend
    for size in (1000, 100, 10, 1):
        while rest >= size * divisor:
            rest, quotient = rest - size * divisor, quotient + size
    slips: Slips = {
        "V7.zero_skipped": {Remainder(int("".join(d for d in str(quotient) if d != "0")), rest)},
        "V7.remainder_too_large": {Remainder(quotient - 1, rest + divisor)},
        "V7.remainder_dropped": {Remainder(quotient, 0)},
    }
    return Derivation(Remainder(quotient, rest), slips)


def _rows(item: Item) -> Derivation:
    dots = shapes(figure_of(item.stem), "circle")
    rows = [sum(dot["cy"] == y for dot in dots) for y in {dot["cy"] for dot in dots}]
    across = max(rows)
    derived = divided(len(dots), across)
    full = sum(row == across for row in rows)
    return Derivation(Remainder(full, sum(row for row in rows if row < across)), derived.slips)


def _division_claim(claim: Line) -> Reading:
    dividend, divisor, quotient, *rest = whole(claim)
    derived = divided(dividend, divisor)
    said = Remainder(quotient, rest[0] if rest else 0)
    return Reading(derived.key == said, {name for name, values in derived.slips.items() if said in values})


def _numbers(rules: Callable[[int, int], Derivation]) -> Oracle:
    """The two numbers of the stem's calculation, or of its text."""

    def derive(item: Item) -> Derivation:
        first, second = whole(item.stem) if expressions(item.stem) else numbers_in_text(item.stem)
        return rules(first, second)

    return derive


ORACLES: dict[str, Oracle] = {
    "V1.procedure": _place_procedure,
    "V1.representation": _blocks,
    "V1.word_problem": _packs,
    "V1.find_the_mistake": find_the_mistake("V1", _place_claim),
    "V2.procedure": _greater(_two),
    "V2.representation": _greater(_two_sets),
    "V2.word_problem": _greater(_two),
    "V2.find_the_mistake": find_the_mistake("V2", _order_claim),
    "V3.procedure": _rounded,
    "V3.representation": _rounded_on_a_line,
    "V3.word_problem": _rounded,
    "V3.find_the_mistake": find_the_mistake("V3", _rounding_claim),
    "V4.procedure": _numbers(added),
    "V4.representation": _jumps,
    "V4.word_problem": _numbers(added),
    "V4.find_the_mistake": find_the_mistake("V4", _result_claim(added)),
    "V5.procedure": _numbers(taken),
    "V5.representation": _stops,
    "V5.word_problem": _numbers(taken),
    "V5.find_the_mistake": find_the_mistake("V5", _result_claim(taken)),
    "V6.procedure": _numbers(multiplied),
    "V6.representation": _area,
    "V6.word_problem": _in_each,
    "V6.find_the_mistake": find_the_mistake("V6", _result_claim(multiplied)),
    "V7.procedure": _numbers(divided),
    "V7.representation": _rows,
    "V7.word_problem": _numbers(divided),
    "V7.find_the_mistake": find_the_mistake("V7", _division_claim),
}
