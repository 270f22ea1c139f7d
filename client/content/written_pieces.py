"""What a text says in mathematics: every number, expression, equation and point in it, as one would type them."""

import re
from collections.abc import Iterator, Sequence

from client.content.items import Line
from client.content.mathml import Expression
from client.content.mathml_typing import GAP, typed_expression

_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NAMED = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
}
_TENS_AND_ONES = re.compile(
    rf"\b({'|'.join(_TENS)})(?:[ -]({'|'.join(_ONES[1:10])}))?\b|\b({'|'.join(_ONES)})\b", re.I
)
# A piece of mathematics in prose: numbers, single letters and signs, nothing that is a word.
_RUN = re.compile(
    r"(?:(?<![^\W\d_])[^\W\d_](?![^\W\d_])|[\d.,;½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⁄/+\-−–×*·÷=<>≤≥()^²³√%$\s]|(?<=\d\s)r(?=\s\d))+"
)
_NUMBER = re.compile(r"(?:\d+\s+\d+/\d+|\d+/\d+|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])\s*%?")
_RELATION = re.compile(r"<=|>=|[=<>≤≥]")
_UNARY_BEFORE = re.compile(r"(?:^|[(=<>≤≥+\-−*×÷/,;])\s*[-−]\s*$")


def pieces(line: Line, *, words: bool = True) -> Sequence[str]:
    """Each run of mathematics whole, its sides, and its numbers one by one; with `words` also numbers in words."""
    found: list[str] = []
    for part in line:
        text = typed_expression(part) if isinstance(part, Expression) else _as_text(part)
        for run in text.split(GAP.strip()):
            found += _pieces_of(in_figures(run) if words else run)
    return tuple(dict.fromkeys(found))


def in_figures(text: str) -> str:
    """The text with number words such as "twenty-one" as figures."""

    def figure(found: re.Match[str]) -> str:
        tens, ones, small = (word.casefold() if word else "" for word in found.groups())
        return str(_NAMED.get(tens, 0) + _NAMED.get(ones, 0) + _NAMED.get(small, 0))

    return _TENS_AND_ONES.sub(figure, text)


def _as_text(part: object) -> str:
    return part if isinstance(part, str) else str(getattr(part, "alternative", ""))


def _pieces_of(text: str) -> Iterator[str]:
    for found in _RUN.finditer(text):
        run = found.group().strip(" .,;\n")
        if run:
            yield run
            yield from (side.strip() for side in _RELATION.split(run) if side.strip())
            yield from _numbers(run)


def _numbers(run: str) -> Iterator[str]:
    for found in _NUMBER.finditer(run):
        sign = "-" if _UNARY_BEFORE.search(run[: found.start()]) else ""
        yield sign + found.group().strip()
