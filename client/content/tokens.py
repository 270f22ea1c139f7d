"""Splits typed mathematics into numbers, fractions such as ½, letters and signs."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from client.content.digits import number_at, plain_signs
from client.content.typing_habits import TypingHabits

MAX_LENGTH = 200
_SIGNS = {
    "+": "+", "﹢": "+", "＋": "+",
    "-": "−", "−": "−", "‐": "−", "‑": "−", "–": "−", "﹣": "−", "－": "−",
    "*": "×", "×": "×", "·": "×", "⋅": "×", "∙": "×",
    "÷": "÷", ":": "÷", "/": "/", "⁄": "/", "∕": "/",
    "(": "(", ")": ")", "[": "(", "]": ")", "{": "{", "}": "}",
    "^": "^", "√": "√", "%": "%", "٪": "%",
    "=": "=", "<": "<", ">": ">", "≤": "≤", "≥": "≥", "⩽": "≤", "⩾": "≥",
    ",": ",", ";": ";", "؛": ";", "،": ",", "|": ";",
}  # fmt: skip
_PAIRS = {"**": "^", "<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥"}
_TIMES_LETTERS = "xX"
# Marks that only turn the writing direction.
_INVISIBLE = "\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


class TokenKind(StrEnum):
    """What a token is."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    VULGAR = "vulgar"
    RAISED = "raised"
    LETTER = "letter"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is 0 for letters and signs; `text` is the sign in its one spelling or the letter.

    places: digits after the decimal mark. A raised number is an exponent such as ².
    """

    kind: TokenKind
    value: Fraction = Fraction(0)
    text: str = ""
    places: int = 0


def tokens_of(text: str, habits: TypingHabits | None = None) -> tuple[Token, ...] | None:
    """The tokens, or None when a character or a number doesn't belong; never raises."""
    if len(text) > MAX_LENGTH:
        return None
    tokens: list[Token] = []
    reader = _Reader(text, plain_signs(text), habits or TypingHabits())
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] in _INVISIBLE:
            at += 1
            continue
        found = _token_at(reader, at)
        if found is None:
            return None
        token, at = found
        tokens.append(token)
    return tuple(tokens)


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    plain: str
    habits: TypingHabits


def _token_at(reader: _Reader, at: int) -> tuple[Token, int] | None:
    found = number_at(reader.plain, at, reader.habits)
    if found is not None:
        kind = TokenKind.WHOLE if found.places is None else TokenKind.DECIMAL
        return Token(kind, found.value, places=found.places or 0), found.end
    character = reader.text[at]
    if character.isalpha():
        return _letter_at(reader, at)
    pair = _PAIRS.get(reader.text[at : at + 2])
    if pair is not None:
        return Token(TokenKind.SIGN, text=pair), at + 2
    if character in _SIGNS:
        return Token(TokenKind.SIGN, text=_SIGNS[character]), at + 1
    value, kind = _special(character)
    return None if value is None else (Token(kind, value), at + 1)


def _letter_at(reader: _Reader, at: int) -> tuple[Token, int] | None:
    if reader.text[at : at + 4].casefold() == "sqrt":
        return Token(TokenKind.SIGN, text="√"), at + 4
    letter = reader.text[at]
    for spelling in (letter, letter.lower(), letter.upper()):
        if spelling in reader.habits.letters:
            return Token(TokenKind.LETTER, text=spelling), at + 1
    return (Token(TokenKind.SIGN, text="×"), at + 1) if letter in _TIMES_LETTERS else None


def _special(character: str) -> tuple[Fraction | None, TokenKind]:
    """½ and ² and their kind; Unicode spells them as plain digits with a mark of how they are set."""
    mark, *codes = unicodedata.decomposition(character).split() or [""]
    plain = "".join(chr(int(code, 16)) for code in codes)
    top, _, bottom = plain.partition("⁄")
    if mark == "<super>" and plain.isdecimal():
        return Fraction(int(plain)), TokenKind.RAISED
    vulgar = mark == "<fraction>" and bottom
    return (Fraction(int(top), int(bottom)) if vulgar else None), TokenKind.VULGAR
