"""Splits typed mathematics into whole numbers, decimals, fractions such as ½, and signs."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MAX_LENGTH = 200
_MAX_DIGITS = 40
_SIGNS = {
    "+": "+", "-": "−", "−": "−", "‐": "−", "‑": "−", "–": "−", "﹣": "−", "－": "−",
    "*": "×", "×": "×", "x": "×", "X": "×", "·": "×", "⋅": "×",
    "÷": "÷", ":": "÷", "/": "/", "⁄": "/", "∕": "/", "(": "(", ")": ")",
}  # fmt: skip
_POINTS = ".,٫"


class TokenKind(StrEnum):
    """What a token is."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    VULGAR = "vulgar"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is 0 for a sign; `text` is the sign in its one spelling, empty for a number."""

    kind: TokenKind
    value: Fraction = Fraction(0)
    text: str = ""


def tokens_of(text: str) -> tuple[Token, ...] | None:
    """The tokens, or None when a character or a number doesn't belong; never raises."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _token_at(text, at)
        if found is None:
            return None
        token, at = found
        tokens.append(token)
    return tuple(tokens)


def _token_at(text: str, at: int) -> tuple[Token, int] | None:
    character = text[at]
    if character.isdecimal() or character in _POINTS:
        return _number_at(text, at)
    if character in _SIGNS:
        return Token(TokenKind.SIGN, text=_SIGNS[character]), at + 1
    vulgar = _vulgar(character)
    return None if vulgar is None else (Token(TokenKind.VULGAR, vulgar), at + 1)


def _number_at(text: str, at: int) -> tuple[Token, int] | None:
    end = at
    while end < len(text) and (text[end].isdecimal() or text[end] in _POINTS):
        end += 1
    # Digits of any script, e.g. Arabic-Indic, read as their value.
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else "." for c in text[at:end])
    whole, point, rest = digits.partition(".")
    if "." in rest or not whole + rest or len(whole + rest) > _MAX_DIGITS:
        return None
    if not point:
        return Token(TokenKind.WHOLE, Fraction(int(whole))), end
    if not rest:
        return None
    return Token(TokenKind.DECIMAL, Fraction(int(whole + rest), 10 ** len(rest))), end


def _vulgar(character: str) -> Fraction | None:
    """½ and its kind; Unicode spells them as numerator, fraction slash, denominator."""
    mark, *codes = unicodedata.decomposition(character).split() or [""]
    if mark != "<fraction>":
        return None
    top, _, bottom = "".join(chr(int(code, 16)) for code in codes).partition("⁄")
    return Fraction(int(top), int(bottom)) if bottom else None
