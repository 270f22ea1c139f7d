"""Reads one written number, with the marks between thousands and before decimals that people use."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from client.content.typing_habits import TypingHabits

_MAX_DIGITS = 40
# Signs of other scripts and keyboards: Arabic decimal and thousands marks, apostrophes, narrow spaces.
_MARKS = {"٫": ".", "٬": "'", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
_DECIMALS = r"(?:(?P<mark>[%s])(?P<decimals>\d+))?"
# A space stands between thousands only if no fraction follows: 1 250/300 is a mixed number.
_SPACED = r"(?P<whole>[1-9]\d{0,2}(?:(?P<group>[ '])\d{3})(?:(?P=group)\d{3})*)(?!\d)(?! *[/⁄∕])"
_GROUPED = r"(?P<whole>[1-9]\d{0,2}(?:%s\d{3})+)(?!\d)"
_PLAIN = r"(?P<whole>\d*)"


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """places: digits after the decimal mark, None for a whole number. end: where the text goes on."""

    value: Fraction
    places: int | None
    end: int


def plain_signs(text: str) -> str:
    """The text with digits of any script as 0-9 and marks in one spelling; as long as before."""
    return "".join(_plain(character) for character in text)


def number_at(plain: str, at: int, habits: TypingHabits) -> WrittenNumber | None:
    """The longest number that starts at `at` in a text of `plain_signs`, or None; never raises."""
    for pattern in _patterns(habits.decimal_mark, habits.commas_separate):
        found = pattern.match(plain, at)
        if found is not None and found.end() > at:
            return _written(found)
    return None


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return _MARKS.get(character, character)


def _patterns(decimal_mark: str, commas_separate: bool) -> tuple[re.Pattern[str], ...]:
    if commas_separate:
        return _compiled(_SPACED + _DECIMALS % ".", _PLAIN + _DECIMALS % ".")
    other = "," if decimal_mark == "." else "."
    return _compiled(
        _SPACED + _DECIMALS % ".,",
        _GROUPED % re.escape(other) + _DECIMALS % decimal_mark,
        _PLAIN + _DECIMALS % ".,",
    )


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def _written(found: re.Match[str]) -> WrittenNumber | None:
    whole = re.sub(r"\D", "", found["whole"])
    decimals = found["decimals"] or ""
    if len(whole + decimals) > _MAX_DIGITS:
        return None
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return WrittenNumber(value, len(decimals) if found["mark"] else None, found.end())
