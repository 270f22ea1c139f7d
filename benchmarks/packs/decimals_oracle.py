"""Oracles of the decimal skills V8 and V9: decimals are read as text and calculated as exact fractions."""

from fractions import Fraction

from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import expressions, figure_of, labels, numbers_in_text, visible_marks
from benchmarks.packs.whole_numbers_oracle import arrow_between
from client.content.items import Answer, Item, Line
from client.content.mathml import Expression

Written = tuple[str, str]


def _written(expression: Expression) -> list[str]:
    """The numbers of an expression as they are written."""
    drawn = visible_marks(expression)[0]
    return [piece.partition("</mn>")[0] for piece in drawn.split("<mn>")[1:]]


def _two_written(line: Line) -> Written:
    first, second = (text for one in expressions(line) for text in _written(one))
    return first, second


def _after_the_point(text: str) -> int:
    return len(text.partition(".")[2])


# V8


def _greater(item: Item) -> Derivation:
    written = _two_written(item.stem)
    first, second = (Fraction(text) for text in written)
    slips: dict[str, set[Answer]] = {"V8.sees_no_difference": {"c3"}}
    longer = "c1" if _after_the_point(written[0]) > _after_the_point(written[1]) else "c2"
    slips["V8.longer_is_larger"] = {longer}
    slips["V8.shorter_is_larger"] = {"c2" if longer == "c1" else "c1"}
    return Derivation("c1" if first > second else "c2", slips)


def _compare_or_write(item: Item) -> Derivation:
    if expressions(item.stem):
        return _greater(item)
    *ones, hundredths = numbers_in_text(item.stem)
    whole = sum(ones)
    slips: Slips = {
        "V8.place_skipped": {Fraction(f"{whole}.{hundredths}")},
        "V8.point_left_out": {Fraction(int(f"{whole}{hundredths}"))},
    }
    return Derivation(Fraction(f"{whole}.0{hundredths}"), slips)


def _arrow(item: Item) -> Derivation:
    value = arrow_between(item)
    ends = [Fraction(text) for text, _, _ in labels(figure_of(item.stem))]
    low, gap = ends[0], (ends[1] - ends[0]) / 10
    slips: Slips = {"V8.place_skipped": {low + 10 * (value - low)}, "V8.counts_marks": {value + gap}}
    return Derivation(value, slips)


def _order_claim(claim: Line) -> Reading:
    (said,) = expressions(claim)
    first, second = _written(said)
    greater_said = "is greater than" in said.alternative
    chosen, other = (first, second) if greater_said else (second, first)
    longer = _after_the_point(chosen) > _after_the_point(other)
    believed = {"V8.longer_is_larger" if longer else "V8.shorter_is_larger"}
    return Reading(Fraction(chosen) > Fraction(other), believed)


# V9


def _right_aligned(first: str, second: str, *, sign: int) -> Fraction:
    """Last digit under last digit; the point goes where the longer one has it."""
    places = max(_after_the_point(first), _after_the_point(second))
    above, below = (int(text.replace(".", "")) for text in (first, second))
    return abs(above + sign * below) * Fraction(1, 10**places)


def _calculated(first: str, second: str, operation: str) -> Derivation:
    one, other = Fraction(first), Fraction(second)
    if operation == "times":
        digits = int(first.replace(".", "")) * int(second.replace(".", ""))
        product = Fraction(digits, 10 ** (_after_the_point(first) + _after_the_point(second)))
        return Derivation(product, {"V9.places_miscounted": {one * other * 10, one * other / 10}})
    sign = 1 if operation == "plus" else -1
    return Derivation(one + sign * other, {"V9.point_misaligned": {_right_aligned(first, second, sign=sign)}})


def _operation(text: str) -> str:
    return next(word for word in ("plus", "minus", "times") if f" {word} " in text)


def _calculation(item: Item) -> Derivation:
    first, second = _two_written(item.stem)
    return _calculated(first, second, _operation(expressions(item.stem)[0].alternative))


def _jumps(item: Item) -> Derivation:
    start, *leaps = (text.removeprefix("+ ") for text, _, _ in labels(figure_of(item.stem)) if text != "?")
    total = sum(map(Fraction, leaps))
    places = max(map(_after_the_point, leaps))
    second = f"{float(total):.{places}f}"
    derived = _calculated(start, second, "plus")
    slips = {**derived.slips, "V9.last_jump_left_out": {Fraction(start) + total - Fraction(leaps[-1])}}
    return Derivation(derived.key, slips)


def _story(item: Item) -> Derivation:
    amounts = [text for one in expressions(item.stem) for text in _written(one)]
    if len(amounts) == 1:
        (count,) = numbers_in_text(item.stem)
        return _calculated(amounts[0], str(count), "times")
    taken = "left" in str(item.stem[-1])
    return _calculated(amounts[0], amounts[1], "minus" if taken else "plus")


def _claim(claim: Line) -> Reading:
    (said,) = expressions(claim)
    first, second, result = _written(said)
    derived = _calculated(first, second, _operation(said.alternative))
    value = Fraction(result)
    return Reading(derived.key == value, {name for name, values in derived.slips.items() if value in values})


ORACLES: dict[str, Oracle] = {
    "V8.procedure": _compare_or_write,
    "V8.representation": _arrow,
    "V8.word_problem": _greater,
    "V9.procedure": _calculation,
    "V9.representation": _jumps,
    "V9.word_problem": _story,
    "V8.find_the_mistake": find_the_mistake("V8", _order_claim),
    "V9.find_the_mistake": find_the_mistake("V9", _claim),
}
