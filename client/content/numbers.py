"""Reads a number that a student typed, exactly and without eval; anything else is None, never an error.

sum     := product (("+" | "−") product)*
product := signed (("×" | "÷" | "/") signed)*
signed  := ("+" | "−")* atom
atom    := whole [proper]  |  decimal  |  proper  |  "(" sum ")"
proper  := whole "/" whole  |  ½ and its kind      (after a whole: a mixed number)
"""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from client.content.tokens import MAX_LENGTH, Token, TokenKind, tokens_of

_MAX_DEPTH = 20
_MAX_SIZE = 10**40


class Shape(StrEnum):
    """How the number was written."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    MIXED = "mixed"
    CALCULATION = "calculation"


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as written. `top` and `bottom` are those of the fraction part, 0 and 1 when there is none."""

    value: Fraction
    shape: Shape
    top: int = 0
    bottom: int = 1


class _Unreadable(Exception):
    """The text is no number."""


@dataclass(slots=True)
class _Cursor:
    tokens: tuple[Token, ...]
    at: int = 0
    depth: int = field(default=0)

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def take(self, *marks: str) -> str | None:
        token = self.peek()
        if token is not None and token.kind is TokenKind.SIGN and token.text in marks:
            self.at += 1
            return token.text
        return None


def read_number(text: str) -> Reading | None:
    """The number that `text` says, or None. Limits: 200 characters, depth 20, 40 digits above and below."""
    if len(text) > MAX_LENGTH:
        return None
    tokens = tokens_of(text)
    if not tokens:
        return None
    try:
        cursor = _Cursor(tokens)
        value = _sum(cursor)
        if cursor.peek() is not None:
            return None
    except _Unreadable:
        return None
    return _reading(tokens, value)


def _reading(tokens: tuple[Token, ...], value: Fraction) -> Reading:
    unsigned = tokens[1:] if tokens[0].text in ("+", "−") else tokens
    kinds = "".join(_letter(token) for token in unsigned)
    shapes = {"w": Shape.WHOLE, "d": Shape.DECIMAL, "w/w": Shape.FRACTION, "v": Shape.FRACTION}
    shapes |= {"ww/w": Shape.MIXED, "wv": Shape.MIXED}
    shape = shapes.get(kinds, Shape.CALCULATION)
    if shape not in (Shape.FRACTION, Shape.MIXED):
        return Reading(value, shape)
    if kinds.endswith("v"):
        top, bottom = unsigned[-1].value.as_integer_ratio()
        return Reading(value, shape, top, bottom)
    return Reading(value, shape, int(unsigned[-3].value), int(unsigned[-1].value))


def _letter(token: Token) -> str:
    letters = {TokenKind.WHOLE: "w", TokenKind.DECIMAL: "d", TokenKind.VULGAR: "v"}
    return letters.get(token.kind, token.text)


def _sum(cursor: _Cursor) -> Fraction:
    total = _product(cursor)
    while sign := cursor.take("+", "−"):
        term = _product(cursor)
        total = _bounded(total + term if sign == "+" else total - term)
    return total


def _product(cursor: _Cursor) -> Fraction:
    total = _signed(cursor, mixed_allowed=True)
    while sign := cursor.take("×", "÷", "/"):
        factor = _signed(cursor, mixed_allowed=sign != "/")
        if sign != "×" and factor == 0:
            raise _Unreadable
        total = _bounded(total * factor if sign == "×" else total / factor)
    return total


def _signed(cursor: _Cursor, *, mixed_allowed: bool) -> Fraction:
    negative = False
    while sign := cursor.take("+", "−"):
        negative ^= sign == "−"
    value = _atom(cursor, mixed_allowed=mixed_allowed)
    return -value if negative else value


def _atom(cursor: _Cursor, *, mixed_allowed: bool) -> Fraction:
    if cursor.take("("):
        return _bracket(cursor)
    token = cursor.peek()
    if token is None or token.kind is TokenKind.SIGN:
        raise _Unreadable
    cursor.at += 1
    if token.kind is TokenKind.WHOLE and mixed_allowed:
        return _bounded(token.value + _proper_part(cursor))
    return _bounded(token.value)


def _bracket(cursor: _Cursor) -> Fraction:
    cursor.depth += 1
    if cursor.depth > _MAX_DEPTH:
        raise _Unreadable
    value = _sum(cursor)
    if cursor.take(")") is None:
        raise _Unreadable
    cursor.depth -= 1
    return value


def _proper_part(cursor: _Cursor) -> Fraction:
    """The fraction of a mixed number; 0 when the whole number stands alone."""
    first, slash, last = cursor.peek(), cursor.peek(1), cursor.peek(2)
    if first is not None and first.kind is TokenKind.VULGAR:
        cursor.at += 1
        return first.value
    if first is None or first.kind is not TokenKind.WHOLE:
        return Fraction(0)
    if slash is None or slash.text != "/" or last is None or last.kind is not TokenKind.WHOLE:
        raise _Unreadable
    if last.value == 0:
        raise _Unreadable
    cursor.at += 3
    return first.value / last.value


def _bounded(value: Fraction) -> Fraction:
    if abs(value.numerator) > _MAX_SIZE or value.denominator > _MAX_SIZE:
        raise _Unreadable
    return value
