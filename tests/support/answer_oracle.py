"""Finds numbers in what a screen reader says, without the code under test: another way to look for an answer."""

import re
from fractions import Fraction

_PARTS = ["hal(?:f|ves)", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
          "twelfth"]  # fmt: skip
_NAMED = "|".join(f"(?P<n{number}>{part}s?)" for number, part in enumerate(_PARTS, start=2))
_NUMBER = re.compile(
    rf"(?P<minus>(?<!\d )minus )?(?:(?P<whole>\d+) and )?(?P<top>\d+(?:\.\d+)?)"
    rf"(?: over (?P<bottom>\d+)| (?:{_NAMED})\b)?(?P<percent> ?(?:percent|%))?"
)


def numbers_said(words: str) -> set[Fraction]:
    """Every number in the words, with its sign where nothing stands before the minus."""
    return {_value(found) for found in _NUMBER.finditer(words)}


def _value(found: re.Match[str]) -> Fraction:
    named = next((number for number in range(2, 13) if found[f"n{number}"]), 1)
    value = Fraction(found["top"]) / (int(found["bottom"] or 1) or 1) / named
    value += int(found["whole"] or 0)
    value /= 100 if found["percent"] else 1
    return -value if found["minus"] else value
