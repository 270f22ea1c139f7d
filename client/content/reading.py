"""Reads a typed answer of one kind to its normal form, with what was written kept for judging its form."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from client.content.algebraic_forms import evaluate_algebraic
from client.content.evaluating import evaluate
from client.content.normal_forms import (
    Interval,
    NormalForm,
    NumberList,
    Point,
    both,
    equation_of,
    half_line,
    set_of,
)
from client.content.parser import Cursor, Unreadable, parse_sum
from client.content.polynomials import TooBig, subtract
from client.content.tokens import TokenKind, tokens_of
from client.content.trees import Tree
from client.content.typing_habits import TypingHabits

_RELATIONS = ("<", "≤", ">", "≥")
_TURNED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}
_SEPARATORS = (",", ";")


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is what counts; `written` holds the parts as typed: one, the sides, or each number of a list."""

    value: NormalForm
    written: tuple[Tree, ...]


Reader = Callable[[Cursor], Reading]


def read(text: str, reader: Reader, habits: TypingHabits | None = None) -> Reading | None:
    """What the whole text says by one of the readers below, or None; never an error.

    Limits: 200 characters, depth 20, exponents of 64, 40 digits above and below.
    """
    tokens = tokens_of(text, habits)
    if not tokens:
        return None
    cursor = Cursor(tokens)
    try:
        found = reader(cursor)
    except (Unreadable, TooBig):
        return None
    return found if cursor.peek() is None else None


def read_apart(text: str, reader: Reader, habits: TypingHabits) -> Reading | None:
    """Like `read`, for points and lists: a comma separates unless a semicolon or an upright bar does."""
    return read(text, reader, replace(habits, commas_separate=not any(mark in text for mark in ";؛|")))


def number(cursor: Cursor) -> Reading:
    """A number, also with a letter in front: x = 3."""
    _skip_label(cursor)
    value, tree = _one(cursor)
    return Reading(value, (tree,))


def expression(cursor: Cursor) -> Reading:
    """An expression; its value is a polynomial, also when no letter is left."""
    tree = parse_sum(cursor)
    return Reading(evaluate(tree), (tree,))


def algebraic(cursor: Cursor) -> Reading:
    """With roots and letters below the line, also with a letter in front: y = 3/x."""
    _skip_label(cursor)
    tree = parse_sum(cursor)
    return Reading(evaluate_algebraic(tree), (tree,))


def equation(cursor: Cursor) -> Reading:
    """Two sides."""
    left = parse_sum(cursor)
    if cursor.take("=") is None:
        raise Unreadable
    right = parse_sum(cursor)
    return Reading(equation_of(evaluate(left), evaluate(right)), (left, right))


def inequality(cursor: Cursor) -> Reading:
    """Two sides or, as in 1 < x < 4, three; each relation has to be linear in one letter."""
    sides = [parse_sum(cursor)]
    found: Interval | None = None
    while relation := cursor.take(*_RELATIONS):
        sides.append(parse_sum(cursor))
        part = _solved(sides[-2], relation, sides[-1])
        found = part if len(sides) == 2 or found is None else both(found, part)
        if found is None or len(sides) > 3:
            raise Unreadable
    if found is None:
        raise Unreadable
    return Reading(found, tuple(sides))


def point(cursor: Cursor) -> Reading:
    """(2, 3), also without brackets, or x = 2, y = 3."""
    bracket = cursor.take("(")
    first_label, (x, left) = _skip_label(cursor), _one(cursor)
    if cursor.take(*_SEPARATORS) is None:
        raise Unreadable
    second_label, (y, right) = _skip_label(cursor), _one(cursor)
    if bracket and cursor.take(")") is None:
        raise Unreadable
    if (first_label, second_label) == ("y", "x"):
        x, y, left, right = y, x, right, left
    elif (first_label, second_label) not in (("", ""), ("x", "y")):
        raise Unreadable
    return Reading(Point(x, y), (left, right))


def number_list(cursor: Cursor) -> Reading:
    """Numbers with commas or semicolons between them."""
    found = [_one(cursor)]
    while cursor.take(*_SEPARATORS):
        found.append(_one(cursor))
    return Reading(NumberList(tuple(value for value, _ in found)), tuple(tree for _, tree in found))


def number_set(cursor: Cursor) -> Reading:
    """Numbers in any order, also in braces or as x = 2, x = 3."""
    brace = cursor.take("{")
    found = []
    while True:
        _skip_label(cursor)
        found.append(_one(cursor))
        if cursor.take(*_SEPARATORS) is None:
            break
    if brace and cursor.take("}") is None:
        raise Unreadable
    return Reading(set_of(*(value for value, _ in found)), tuple(tree for _, tree in found))


def _one(cursor: Cursor) -> tuple[Fraction, Tree]:
    tree = parse_sum(cursor)
    value = evaluate(tree).constant
    if value is None:
        raise Unreadable
    return value, tree


def _skip_label(cursor: Cursor) -> str:
    """The letter of x = ..., when one stands there; then the place is behind the equals sign."""
    first, second = cursor.peek(), cursor.peek(1)
    if first is None or first.kind is not TokenKind.LETTER or second is None or second.text != "=":
        return ""
    cursor.at += 2
    return first.text


def _solved(left: Tree, relation: str, right: Tree) -> Interval:
    difference = subtract(evaluate(left), evaluate(right))
    if difference.degree != 1 or len(difference.letters) != 1:
        raise Unreadable
    (letter,) = difference.letters
    slope = difference.coefficient((letter, 1))
    return half_line(letter, relation if slope > 0 else _TURNED[relation], -difference.coefficient() / slope)
