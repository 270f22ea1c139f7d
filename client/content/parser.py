"""Recursive-descent parser: tokens to a tree, within limits of depth and of exponents.

sum     := ("+" | "−")* product (("+" | "−")+ product)*
product := factor (("×" | "÷" | "/") ("+" | "−")* factor  |  factor with a letter, bracket or root in front)*
factor  := atom [("^" whole) | raised number] ["%"]
atom    := whole [proper]  |  decimal  |  proper  |  letter  |  "√" atom  |  "(" sum ")"
proper  := whole "/" whole  |  ½ and its kind      (after a whole: a mixed number)

So −3² is −(3²), 1/2x is half of x, and 2/3 × 4 goes from left to right, as in school.
"""

from dataclasses import dataclass
from fractions import Fraction

from client.content.tokens import Token, TokenKind
from client.content.trees import (
    Bracket,
    Letter,
    Mixed,
    Negative,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Tree,
)

MAX_DEPTH = 20
MAX_EXPONENT = 64
_MAX_MINUS_SIGNS = 2


class Unreadable(Exception):
    """The text says nothing that this grammar has, or something beyond its limits."""


@dataclass(slots=True)
class Cursor:
    """A place in a row of tokens."""

    tokens: tuple[Token, ...]
    at: int = 0
    depth: int = 0

    def peek(self, ahead: int = 0) -> Token | None:
        """The token at the place, or a few after it."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def take(self, *marks: str) -> str | None:
        """The sign at the place, if it is one of `marks`; then the place moves on."""
        token = self.peek()
        if token is not None and token.kind is TokenKind.SIGN and token.text in marks:
            self.at += 1
            return token.text
        return None


def parse_sum(cursor: Cursor) -> Tree:
    """The longest sum at the place; Unreadable when there is none."""
    terms = [_term(cursor)]
    while _next_is(cursor, "+", "−"):
        terms.append(_term(cursor))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _next_is(cursor: Cursor, *marks: str) -> bool:
    token = cursor.peek()
    return token is not None and token.kind is TokenKind.SIGN and token.text in marks


def _term(cursor: Cursor) -> Tree:
    minus_signs = _minus_signs(cursor)
    return _negated(_product(cursor), minus_signs)


def _minus_signs(cursor: Cursor) -> int:
    """Moves behind plus and minus signs and counts the latter."""
    count = 0
    while sign := cursor.take("+", "−"):
        count += sign == "−"
    if count > _MAX_MINUS_SIGNS:
        raise Unreadable
    return count


def _negated(tree: Tree, times: int) -> Tree:
    for _ in range(times):
        tree = Negative(tree)
    return tree


def _product(cursor: Cursor) -> Tree:
    factors = [_factor(cursor, mixed_allowed=True)]
    while True:
        sign = cursor.take("×", "÷", "/")
        if sign is None and not _joins_on(cursor):
            return _product_of(factors)
        minus_signs = 0 if sign is None else _minus_signs(cursor)
        factor = _negated(_factor(cursor, mixed_allowed=sign != "/"), minus_signs)
        if sign in ("÷", "/"):
            factors = [Quotient(_product_of(factors), factor, division=sign == "÷")]
        else:
            factors.append(factor)


def _product_of(factors: list[Tree]) -> Tree:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _joins_on(cursor: Cursor) -> bool:
    """Whether a factor follows without a sign: 3x, 2(x + 1), never two numbers side by side."""
    token = cursor.peek()
    return token is not None and (token.kind is TokenKind.LETTER or _next_is(cursor, "(", "√"))


def _factor(cursor: Cursor, *, mixed_allowed: bool) -> Tree:
    factor = _atom(cursor, mixed_allowed=mixed_allowed)
    exponent = _exponent(cursor)
    if exponent is not None:
        factor = Power(factor, exponent)
    # Never 1/2%: it could be half of a percent or fifty of them.
    return Percent(factor) if mixed_allowed and cursor.take("%") else factor


def _exponent(cursor: Cursor) -> int | None:
    digits = ""
    while (token := cursor.peek()) is not None and token.kind is TokenKind.RAISED:
        digits += str(token.value)
        cursor.at += 1
    if not digits:
        if cursor.take("^") is None:
            return None
        digits = str(_whole(cursor.peek()))
        cursor.at += 1
    if len(digits) > 2 or int(digits) > MAX_EXPONENT:
        raise Unreadable
    return int(digits)


def _whole(token: Token | None) -> int:
    if token is None or token.kind is not TokenKind.WHOLE:
        raise Unreadable
    return int(token.value)


def _atom(cursor: Cursor, *, mixed_allowed: bool) -> Tree:
    if cursor.take("("):
        return _nested(cursor, bracket=True)
    if cursor.take("√"):
        return _nested(cursor, bracket=False)
    token = cursor.peek()
    if token is None or token.kind in (TokenKind.SIGN, TokenKind.RAISED):
        raise Unreadable
    cursor.at += 1
    if token.kind is TokenKind.LETTER:
        return Letter(token.text)
    if token.kind is TokenKind.VULGAR:
        return Mixed(0, *token.value.as_integer_ratio(), vulgar=True)
    if token.kind is TokenKind.DECIMAL:
        return Number(token.value, token.places)
    return _mixed(cursor, int(token.value)) if mixed_allowed else Number(token.value)


def _nested(cursor: Cursor, *, bracket: bool) -> Tree:
    cursor.depth += 1
    if cursor.depth > MAX_DEPTH:
        raise Unreadable
    inside = parse_sum(cursor) if bracket else _atom(cursor, mixed_allowed=False)
    if bracket and cursor.take(")") is None:
        raise Unreadable
    cursor.depth -= 1
    return Bracket(inside) if bracket else Root(inside)


def _mixed(cursor: Cursor, whole: int) -> Tree:
    """The whole number with the fraction that follows it, if one does."""
    first = cursor.peek()
    if first is not None and first.kind is TokenKind.VULGAR:
        cursor.at += 1
        return Mixed(whole, *first.value.as_integer_ratio())
    if first is None or first.kind is not TokenKind.WHOLE:
        return Number(Fraction(whole))
    slash, last = cursor.peek(1), _whole(cursor.peek(2))
    if slash is None or slash.text != "/" or last == 0:
        raise Unreadable
    cursor.at += 3
    return Mixed(whole, int(first.value), last)
