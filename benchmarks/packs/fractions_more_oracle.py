"""Oracles of Q9, subtracting fractions and mixed numbers, and Q11, dividing fractions."""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm

from benchmarks.packs.derivation import Derivation, Oracle, Reading, find_the_mistake
from benchmarks.packs.fractions_oracle import calculation_claim, pairs, two
from benchmarks.packs.stem_reader import (
    arrow_place,
    expressions,
    figure_of,
    fraction_pairs,
    holds,
    mixed_numbers,
)
from client.content.items import Answer, Item, Line

Pair = tuple[int, int]
Mixed = tuple[int, int, int]


def _value(mixed: Mixed) -> Fraction:
    return mixed[0] + Fraction(mixed[1], mixed[2])


def _mixed_rules(first: Mixed, second: Mixed) -> Mapping[str, set[Answer]]:
    """Column by column, wholes and pieces apart, both with one bottom."""
    (whole, top, bottom), (other, below, _) = first, second
    return {
        "Q9.smaller_from_larger": {abs(whole - other) + Fraction(abs(top - below), bottom)},
        "Q9.one_whole_as_ten": {(whole - 1 - other) + Fraction(10 + top - below, bottom)},
    }


def _taken(first: Mixed, second: Mixed) -> Derivation:
    if first[0] == second[0] == 0:
        return _fractions_taken(first[1:], second[1:])
    return Derivation(_value(first) - _value(second), _mixed_rules(first, second))


def _fractions_taken(first: Pair, second: Pair) -> Derivation:
    tops, bottoms = first[0] - second[0], first[1] - second[1]
    return Derivation(
        Fraction(*first) - Fraction(*second),
        {
            "Q9.bottom_changed_top_not": {Fraction(tops, lcm(first[1], second[1]))},
            "Q9.tops_and_bottoms": {abs(Fraction(tops, bottoms))} if bottoms else set(),
        },
    )


def _two_mixed(line: Line) -> list[Mixed]:
    return [found for one in expressions(line) for found in mixed_numbers(one)]


def _subtraction(item: Item) -> Derivation:
    first, second = _two_mixed(item.stem)
    return _taken(first, second)


def _back(item: Item) -> Derivation:
    gap, gaps, _ = arrow_place(figure_of(item.stem))
    (second,) = _two_mixed(item.stem)
    return _taken((gap // gaps, gap % gaps, gaps), second)


def _subtraction_claim(claim: Line) -> Reading:
    first, second, result = _two_mixed(claim)
    derived = _taken(first, second)
    wrong = {name for name, values in derived.slips.items() if _value(result) in values}
    return Reading(derived.key == _value(result), wrong)


def _division_rules(first: Pair, second: Pair) -> Mapping[str, set[Fraction]]:
    (top, bottom), (other, below) = first, second
    return {
        "Q11.inverts_the_first": {Fraction(bottom, top) * Fraction(other, below)},
        "Q11.divides_tops_only": {Fraction(top, other) / bottom},
        "Q11.multiplies": {Fraction(*first) * Fraction(*second)},
    }


def _divided(first: Pair, second: Pair) -> Derivation:
    """With one bottom for both, the tops say how often one fits into the other."""
    common = lcm(first[1], second[1])
    tops = [top * (common // bottom) for top, bottom in (first, second)]
    return Derivation(Fraction(tops[0], tops[1]), dict(_division_rules(first, second)))


def _division(item: Item) -> Derivation:
    if len(pairs(item.stem)) == 2:
        return _divided(*two(item))
    ((top, bottom),) = pairs(item.stem)
    parts = int(expressions(item.stem)[0].alternative.removesuffix(" equals what number").rpartition(" by ")[2])
    slips: dict[str, set[Answer]] = {
        "Q11.multiplies": {Fraction(top, bottom) * parts},
        "Q11.inverts_the_first": {Fraction(bottom, top) / parts},
        "Q11.divides_both_parts": {Fraction(top, parts) / Fraction(bottom, parts)},
    }
    return Derivation(Fraction(top, bottom) / parts, slips)


def _pieces(item: Item) -> Derivation:
    """Laid out along the line, one after the other."""
    gap, gaps, _ = arrow_place(figure_of(item.stem))
    ((piece, bottom),) = pairs(item.stem)
    count = len(range(piece, gap + 1, piece))
    slips: dict[str, set[Answer]] = {
        "Q11.counts_the_gaps": {Fraction(gap)},
        "Q11.multiplies": {Fraction(gap, gaps) * Fraction(piece, bottom)},
        "Q11.divides_tops_only": {Fraction(gap, piece) / gaps},
    }
    return Derivation(Fraction(count), slips)


def _division_claim(claim: Line) -> Reading:
    (said,) = expressions(claim)
    if len(fraction_pairs(said)) == 3:
        return calculation_claim(_division_rules)(claim)
    return Reading(holds(said))


ORACLES: dict[str, Oracle] = {
    "Q9.procedure": _subtraction,
    "Q9.representation": _back,
    "Q9.word_problem": _subtraction,
    "Q9.find_the_mistake": find_the_mistake("Q9", _subtraction_claim),
    "Q11.procedure": _division,
    "Q11.representation": _pieces,
    "Q11.word_problem": lambda item: _divided(*two(item)),
    "Q11.find_the_mistake": find_the_mistake("Q11", _division_claim),
}
