"""Oracles of the fraction skills Q1-Q8 and Q10: numbers are read back from text, MathML and SVG."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import gcd, lcm

from benchmarks.packs.derivation import Derivation, Oracle, Reading, Slips, find_the_mistake
from benchmarks.packs.stem_reader import (
    DARK,
    SHADED,
    arrow_place,
    expressions,
    figure_of,
    fraction_pairs,
    holds,
    numbers_in_text,
    shaded_share,
    shapes,
    value_of,
)
from client.content.items import Answer, Item, Line

Pair = tuple[int, int]
Rule = Callable[[Pair, Pair], Mapping[str, set[Fraction]]]


def _text(item: Item) -> list[int]:
    return numbers_in_text(item.stem)


def pairs(line: Line) -> list[Pair]:
    """Every fraction of a line as written."""
    return [pair for one in expressions(line) for pair in fraction_pairs(one)]


def _marked(item: Item) -> Pair:
    """(shaded or dark, all) of a figure."""
    figure = figure_of(item.stem)
    circles = shapes(figure, "circle")
    found, share = (circles, shaded_share(circles, DARK)) if circles else _boxes(item)
    return int(share * len(found)), len(found)


def _boxes(item: Item) -> tuple[tuple[dict[str, str], ...], Fraction]:
    boxes = shapes(figure_of(item.stem), "rect")
    return boxes, shaded_share(boxes)


def _bars(item: Item) -> tuple[Pair, Pair]:
    boxes = shapes(figure_of(item.stem), "rect")
    heights = sorted({box["y"] for box in boxes}, key=float)
    first, second = ([box for box in boxes if box["y"] == height] for height in heights)
    return (
        (int(shaded_share(first) * len(first)), len(first)),
        (int(shaded_share(second) * len(second)), len(second)),
    )


# Q1 and Q2


def _part(read: Callable[[Item], Pair]) -> Oracle:
    def derive(item: Item) -> Derivation:
        part, whole = read(item)
        slips: Slips = {
            "Q1.part_to_part": {Fraction(part, whole - part)},
            "Q1.other_part": {Fraction(whole - part, whole)},
        }
        return Derivation(Fraction(part, whole), slips)

    return derive


def _part_claim(claim: Line) -> Reading:
    part, whole = numbers_in_text(claim)
    value = value_of(expressions(claim)[0])
    return Reading(
        value == Fraction(part, whole), _named(value, {"Q1.part_to_part": {Fraction(part, whole - part)}})
    )


def _named(value: Fraction, rules: Mapping[str, set[Fraction]]) -> set[str]:
    return {name for name, values in rules.items() if value in values}


def _gap(read: Callable[[Item], tuple[int, int, int]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        gap, gaps, wholes = read(item)
        slips: Slips = {
            "Q2.whole_line_is_one": {Fraction(gap, gaps * wholes)},
            "Q2.counts_marks": {Fraction(gap + 1, gaps + 1), Fraction(gap, gaps + 1)},
        }
        return Derivation(Fraction(gap, gaps), slips)

    return derive


def _gap_claim(claim: Line) -> Reading:
    gaps, gap = numbers_in_text(claim)
    value = value_of(expressions(claim)[0])
    return Reading(value == Fraction(gap, gaps), _named(value, {"Q2.counts_marks": {Fraction(gap + 1, gaps + 1)}}))


# Q3 and Q4


def _new_top(read: Callable[[Item], tuple[int, int, int]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        top, bottom, new_bottom = read(item)
        slips: Slips = {
            "Q3.adds_the_same": {Fraction(top + new_bottom - bottom)},
            "Q3.multiplies_one_part": {Fraction(top)},
        }
        return Derivation(Fraction(top * new_bottom, bottom), slips)

    return derive


def _blank_bottom(item: Item) -> tuple[int, int, int]:
    (asked,) = expressions(item.stem)
    ((top, bottom),) = fraction_pairs(asked)
    return top, bottom, int(asked.alternative.rpartition("over ")[2])


def _equation_of_two(claim: Line) -> Reading:
    (top, bottom), (new_top, new_bottom) = pairs(claim)
    believed = {"Q3.adds_the_same"} if new_top - top == new_bottom - bottom else set()
    if (new_top == top) != (new_bottom == bottom):
        believed |= {"Q3.multiplies_one_part", "Q4.divides_one_part"}
    return Reading(top * new_bottom == new_top * bottom, believed)


def _simplest(read: Callable[[Item], Pair]) -> Oracle:
    def derive(item: Item) -> Derivation:
        top, bottom = read(item)
        factors = [f for f in range(2, gcd(top, bottom) + 1) if top % f == 0 == bottom % f]
        one_part = {Fraction(top // f, bottom) for f in factors} | {Fraction(top, bottom // f) for f in factors}
        return Derivation(Fraction(top, bottom), {"Q4.divides_one_part": one_part})

    return derive


# Q5 and Q6


def _greater(read: Callable[[Item], tuple[Pair, Pair]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        difference = first[0] * second[1] - second[0] * first[1]
        slips: dict[str, set[Answer]] = {}
        for choice, chosen, other in (("c1", first, second), ("c2", second, first)):
            for name in _reasons(chosen, other):
                slips.setdefault(name, set()).add(choice)
        gaps_equal = first[1] - first[0] == second[1] - second[0]
        slips["Q5.gap_thinking" if gaps_equal else "Q5.sees_no_difference"] = {"c3"}
        return Derivation("c3" if difference == 0 else "c1" if difference > 0 else "c2", slips)

    return derive


def _reasons(chosen: Pair, other: Pair) -> set[str]:
    """Why somebody takes `chosen` for the greater one."""
    rules = {
        "Q5.compares_tops": chosen[0] > other[0],
        "Q5.bigger_bottom_is_bigger": chosen[1] > other[1],
        "Q5.smaller_bottom_is_bigger": chosen[1] < other[1],
    }
    return {name for name, applies in rules.items() if applies}


def _greater_claim(claim: Line) -> Reading:
    (compared,) = expressions(claim)
    first, second = fraction_pairs(compared)
    chosen, other = (first, second) if "greater" in compared.alternative else (second, first)
    return Reading(holds(compared), _reasons(chosen, other))


def _as_mixed(read: Callable[[Item], tuple[int, int, int, int]]) -> Oracle:
    """read: whole, top and bottom, and how many wholes the figure's line has (1 without a line)."""

    def derive(item: Item) -> Derivation:
        whole, top, bottom, line = read(item)
        value = whole + Fraction(top, bottom)
        slips: Slips = {
            **_mixed_rules(whole, top, bottom),
            "Q6.forgets_the_wholes": {Fraction(top, bottom)},
            "Q6.whole_line_is_one": {value / line},
            "Q6.parts_swapped": {top + Fraction(whole, bottom)},
        }
        return Derivation(value, slips)

    return derive


def _mixed_rules(whole: int, top: int, bottom: int) -> Mapping[str, set[Fraction]]:
    return {
        "Q6.whole_times_top": {Fraction(whole * top, bottom)},
        "Q6.whole_added_to_top": {Fraction(whole + top, bottom)},
    }


def _mixed_in(line: Line) -> tuple[int, int, int, int]:
    mixed = expressions(line)[0]
    top, bottom = fraction_pairs(mixed)[0]
    return int(mixed.alternative.split()[0]), top, bottom, 1


def _mixed_on_a_line(item: Item) -> tuple[int, int, int, int]:
    gap, gaps, wholes = arrow_place(figure_of(item.stem))
    return gap // gaps, gap % gaps, gaps, wholes


def _slices(item: Item) -> tuple[int, int, int, int]:
    bottom, pieces = _text(item)
    return pieces // bottom, pieces % bottom, bottom, 1


def _mixed_claim(claim: Line) -> Reading:
    whole, top, bottom, _ = _mixed_in(claim)
    value = Fraction(*pairs(claim)[1])
    return Reading(value == whole + Fraction(top, bottom), _named(value, _mixed_rules(whole, top, bottom)))


# Q7, Q8 and Q10


def _sum(first: Pair, second: Pair) -> Fraction:
    return Fraction(*first) + Fraction(*second)


def added_rules(first: Pair, second: Pair) -> Mapping[str, set[Fraction]]:
    """How two fractions are added wrongly."""
    tops = first[0] + second[0]
    return {
        "Q7.adds_the_bottoms": {Fraction(tops, first[1] + second[1])},
        "Q8.tops_and_bottoms": {Fraction(tops, first[1] + second[1])},
        "Q8.bottom_changed_top_not": {Fraction(tops, lcm(first[1], second[1]))},
    }


def _added(read: Callable[[Item], tuple[Pair, Pair]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        return Derivation(_sum(first, second), dict(added_rules(first, second)))

    return derive


def _added_or_taken(item: Item) -> Derivation:
    first, second = pairs(item.stem)
    if "minus" not in expressions(item.stem)[0].alternative:
        return Derivation(_sum(first, second), dict(added_rules(first, second)))
    slips: Slips = {
        "Q7.adds_instead": {_sum(first, second)},
        "Q7.drops_the_bottom": {Fraction(first[0] - second[0])},
    }
    return Derivation(Fraction(*first) - Fraction(*second), slips)


def two(item: Item) -> tuple[Pair, Pair]:
    """The two fractions of a stem."""
    first, second = pairs(item.stem)
    return first, second


def _bar_with_more(item: Item) -> tuple[Pair, Pair]:
    shaded, parts = _marked(item)
    return (shaded, parts), (_text(item)[0], parts)


def calculation_claim(rules: Rule) -> Callable[[Line], Reading]:
    """Reads a claim of two fractions and a result by the rules of how they are wrongly calculated."""

    def read(claim: Line) -> Reading:
        (said,) = expressions(claim)
        first, second, result = fraction_pairs(said)
        return Reading(holds(said), _named(Fraction(*result), rules(first, second)))

    return read


def _line_of_sum(claim: Line) -> Reading:
    (said,) = expressions(claim)
    found = fraction_pairs(said)
    if len(found) == 3:
        return calculation_claim(added_rules)(claim)
    (top, bottom), (new_top, new_bottom) = found
    slip = new_top == top and new_bottom != bottom
    return Reading(holds(said), {"Q8.bottom_changed_top_not"} if slip else set())


def _multiplied_rules(first: Pair, second: Pair) -> Mapping[str, set[Fraction]]:
    (top, bottom), (other, below) = first, second
    return {
        "Q10.multiplies_crosswise": {Fraction(top * below, bottom * other)},
        "Q10.adds": {_sum(first, second)},
        "Q10.tops_and_bottoms_added": {Fraction(top + other, bottom + below)},
    }


def _multiplied(read: Callable[[Item], tuple[Pair, Pair]]) -> Oracle:
    def derive(item: Item) -> Derivation:
        first, second = read(item)
        key = Fraction(first[0] * second[0], first[1] * second[1])
        return Derivation(key, dict(_multiplied_rules(first, second)))

    return derive


def _product_or_whole(item: Item) -> Derivation:
    if len(pairs(item.stem)) == 2:
        return _multiplied(two)(item)
    ((top, bottom),) = pairs(item.stem)
    times = int(expressions(item.stem)[0].alternative.split()[0])
    slips: Slips = {
        "Q10.whole_times_both_parts": {Fraction(times * top, times * bottom)},
        "Q10.adds": {times + Fraction(top, bottom)},
    }
    return Derivation(sum([Fraction(top, bottom)] * times, Fraction(0)), slips)


def _area(item: Item) -> tuple[Pair, Pair]:
    """Columns and rows that the shading covers, of all columns and rows."""
    boxes = shapes(figure_of(item.stem), "rect")
    shaded = [box for box in boxes if box["fill"] == SHADED]
    columns, rows = ((len({b[axis] for b in shaded}), len({b[axis] for b in boxes})) for axis in ("x", "y"))
    return columns, rows


ORACLES: dict[str, Oracle] = {
    "Q1.procedure": _part(lambda item: (_text(item)[1], _text(item)[0])),
    "Q1.representation": _part(_marked),
    "Q1.word_problem": _part(lambda item: (_text(item)[0], sum(_text(item)))),
    "Q1.find_the_mistake": find_the_mistake("Q1", _part_claim),
    "Q2.procedure": _gap(lambda item: (_text(item)[3], _text(item)[0], 1)),
    "Q2.representation": _gap(lambda item: arrow_place(figure_of(item.stem))),
    "Q2.word_problem": _gap(lambda item: (_text(item)[2], _text(item)[1], 1)),
    "Q2.find_the_mistake": find_the_mistake("Q2", _gap_claim),
    "Q3.procedure": _new_top(_blank_bottom),
    "Q3.representation": _new_top(lambda item: (*_marked(item), _text(item)[0])),
    "Q3.word_problem": _new_top(lambda item: (*pairs(item.stem)[0], _text(item)[0])),
    "Q3.find_the_mistake": find_the_mistake("Q3", _equation_of_two),
    "Q4.procedure": _simplest(lambda item: pairs(item.stem)[0]),
    "Q4.representation": _simplest(_marked),
    "Q4.word_problem": _simplest(lambda item: (_text(item)[0], _text(item)[1])),
    "Q4.find_the_mistake": find_the_mistake("Q4", _equation_of_two),
    "Q5.procedure": _greater(two),
    "Q5.representation": _greater(_bars),
    "Q5.word_problem": _greater(two),
    "Q5.find_the_mistake": find_the_mistake("Q5", _greater_claim),
    "Q6.procedure": _as_mixed(lambda item: _mixed_in(item.stem)),
    "Q6.representation": _as_mixed(_mixed_on_a_line),
    "Q6.word_problem": _as_mixed(_slices),
    "Q6.find_the_mistake": find_the_mistake("Q6", _mixed_claim),
    "Q7.procedure": _added_or_taken,
    "Q7.representation": _added(_bar_with_more),
    "Q7.word_problem": _added(two),
    "Q7.find_the_mistake": find_the_mistake("Q7", calculation_claim(added_rules)),
    "Q8.procedure": _added(two),
    "Q8.representation": _added(_bars),
    "Q8.word_problem": _added(two),
    "Q8.find_the_mistake": find_the_mistake("Q8", _line_of_sum),
    "Q10.procedure": _product_or_whole,
    "Q10.representation": _multiplied(_area),
    "Q10.word_problem": _multiplied(two),
    "Q10.find_the_mistake": find_the_mistake("Q10", calculation_claim(_multiplied_rules)),
}
