"""Reads MathML of algebra back to values at chosen numbers, by a small evaluator of its own."""

import operator
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from benchmarks.packs.stem_reader import parse_xml
from client.content.items import Line
from client.content.mathml import Expression

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
RELATIONS = ("=", "<", ">", "≤", "≥")
_SIGNED = re.compile(r"[−-]?\d+(?:\.\d+)?")
_REMEMBERED = 20_000

# A sign, a letter, or a thing with a value: a number, a fraction, a power, a root.
Token = str | Fraction | ElementTree.Element


def signed_numbers(line: Line) -> list[Fraction]:
    """Numbers of the text parts in order, with their minus signs."""
    said = " ".join(part for part in line if isinstance(part, str))
    return [Fraction(found.replace("−", "-")) for found in _SIGNED.findall(said)]


@lru_cache(_REMEMBERED)
def tokens_of(expression: Expression) -> tuple[Token, ...]:
    """The row of an expression without its grouping."""
    return tuple(_tokens(list(parse_xml(expression.mathml))))


def _tokens(nodes: list[ElementTree.Element]) -> list[Token]:
    found: list[Token] = []
    for node in nodes:
        tag = node.tag.removeprefix(_MATHML)
        if tag == "mrow":
            found += _tokens(list(node))
        elif tag == "mn":
            found.append(Fraction(node.text or ""))
        elif tag in ("mi", "mo"):
            found.append(node.text or "")
        else:
            found.append(node)
    return found


def sides(expression: Expression) -> tuple[list[list[Token]], list[str]]:
    """(what stands between the relations, the relations)."""
    parts: list[list[Token]] = [[]]
    relations = []
    for token in tokens_of(expression):
        if isinstance(token, str) and token in RELATIONS:
            relations.append(token)
            parts.append([])
        else:
            parts[-1].append(token)
    return parts, relations


def letters_of(expression: Expression) -> set[str]:
    """The letters in it, also within fractions and powers; "?" is one."""
    return {node.text or "" for node in parse_xml(expression.mathml).iter(f"{_MATHML}mi")}


def value_at(tokens: list[Token], letters: Mapping[str, Fraction]) -> Fraction:
    """The value of a row; brackets first, then × ÷ and letters side by side, then + −."""
    row = list(tokens)
    value = _sum(row, letters)
    if row:
        raise ValueError(f"left over: {row}")
    return value


def _sum(row: list[Token], letters: Mapping[str, Fraction]) -> Fraction:
    total, sign = Fraction(0), Fraction(1)
    while True:
        while row and row[0] in ("+", "−"):
            sign = -sign if row.pop(0) == "−" else sign
        total += sign * _product(row, letters)
        sign = Fraction(1)
        if not row or row[0] not in ("+", "−"):
            return total


def _product(row: list[Token], letters: Mapping[str, Fraction]) -> Fraction:
    value = _factor(row, letters)
    while row and row[0] not in ("+", "−", ")", "|", ","):
        sign = row.pop(0) if row[0] in ("×", "÷", ":") else "×"
        factor = _factor(row, letters)
        value = value * factor if sign == "×" else value / factor
    return value


def _factor(row: list[Token], letters: Mapping[str, Fraction]) -> Fraction:
    first = row.pop(0)
    if isinstance(first, Fraction):
        if row and row[0] == "%":
            row.pop(0)
            return first / 100
        return first
    if isinstance(first, str):
        if first in ("(", "|"):
            inside = _sum(row, letters)
            row.pop(0)
            return abs(inside) if first == "|" else inside
        return letters[first]
    return _node(first, letters)


def _node(node: ElementTree.Element, letters: Mapping[str, Fraction]) -> Fraction:
    parts = [value_at(_tokens([child]), letters) for child in node]
    tag = node.tag.removeprefix(_MATHML)
    if tag == "mfrac":
        return parts[0] / parts[1]
    if tag == "msup":
        return Fraction(parts[0] ** int(parts[1]))
    if tag == "msqrt":
        return next(Fraction(n) for n in range(int(parts[0]) + 1) if n * n == parts[0])
    raise ValueError(f"no value: {tag}")


def linear_root(expression: Expression, letter: str) -> Fraction:
    """What the letter has to be for an equation, from two trial values; ValueError if it isn't linear."""
    (left, right), _ = sides(expression)

    def difference(value: Fraction) -> Fraction:
        return value_at(left, {letter: value}) - value_at(right, {letter: value})

    # A fraction may stand on the letter, so 0 isn't tried.
    if any(isinstance(token, ElementTree.Element) for token in (*left, *right)) and _letter_below(
        expression, letter
    ):
        return 1 / _linear(lambda value: difference(1 / value))
    return _linear(difference)


def _letter_below(expression: Expression, letter: str) -> bool:
    fractions = parse_xml(expression.mathml).iter(f"{_MATHML}mfrac")
    return any(letter in [node.text for node in list(one)[1].iter()] for one in fractions)


def _linear(difference: Callable[[Fraction], Fraction]) -> Fraction:
    one, two = difference(Fraction(1)), difference(Fraction(2))
    if one == two:
        raise ValueError("no single solution")
    root = 1 - one / (two - one)
    if difference(root) != 0:
        raise ValueError("not linear")
    return root


def line_through(expression: Expression, letter: str = "x") -> tuple[Fraction, Fraction]:
    """(slope, value at 0) of the side with the letter, of y = mx + b or of an expression."""
    parts, _ = sides(expression)
    side = parts[-1]
    start = value_at(side, {letter: Fraction(0)})
    slope = value_at(side, {letter: Fraction(1)}) - start
    if value_at(side, {letter: Fraction(7)}) != 7 * slope + start:
        raise ValueError("not linear")
    return slope, start


def is_true(expression: Expression, letters: Mapping[str, Fraction] | None = None) -> bool:
    """Whether every relation of it holds at the numbers."""
    parts, relations = sides(expression)
    values = [value_at(part, letters or {}) for part in parts]
    tests = {"=": operator.eq, "<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge}
    pairs = zip(values, relations, values[1:], strict=False)
    return all(tests[relation](left, right) for left, relation, right in pairs)


def operands(tokens: list[Token]) -> tuple[list[Fraction], list[str]]:
    """(numbers with their own signs, the signs between them) of a calculation; brackets around a number go."""
    numbers: list[Fraction] = []
    signs: list[str] = []
    negative, wants_number = False, True
    for part in tokens:
        if isinstance(part, Fraction):
            numbers.append(-part if negative else part)
            negative, wants_number = False, False
        elif part in ("+", "−", "×", "÷") and not wants_number:
            signs.append(str(part))
            wants_number = True
        elif part == "−":
            negative = not negative
    return numbers, signs
