"""LaTeX formulas as small trees: what school mathematics uses, read without running anything."""

import re
from dataclasses import dataclass

MAX_LENGTH = 2_000
_MAX_DEPTH = 30
_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]+|.)|(?P<number>\d+(?:[.,]\d+)*|\.\d+)|(?P<letter>[^\W\d_])|(?P<sign>\S)", re.DOTALL
)
# Set in another face or size, or space: they say nothing.
_SILENT = {"left", "right", "big", "Big", "displaystyle", ",", ";", ":", "!", " ", "quad", "qquad", "limits"}
_TEXTS = {"text", "operatorname", "mathrm", "textrm", "mbox", "textbf", "mathbf"}


class BadLatex(Exception):
    """The formula is unbalanced, too long or too deep."""


@dataclass(frozen=True, slots=True)
class Number:
    """Digits as written, 1,000 and .5 included."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, a sign such as +, or a command without its backslash such as "leq"."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text inside a formula, such as a function's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other."""

    parts: "tuple[Latex, ...]"


@dataclass(frozen=True, slots=True)
class Fraction:
    """top over bottom."""

    top: Row
    bottom: Row


@dataclass(frozen=True, slots=True)
class Root:
    """The root of what is inside; index is empty for a square root."""

    inside: Row
    index: Row


@dataclass(frozen=True, slots=True)
class Raised:
    """An exponent; it belongs to what stands before it."""

    exponent: Row


@dataclass(frozen=True, slots=True)
class Lowered:
    """An index below; it belongs to what stands before it."""

    index: Row


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix or lines of formulas."""

    name: str
    rows: tuple[tuple[Row, ...], ...]


Latex = Number | Symbol | Words | Row | Fraction | Root | Raised | Lowered | Table


def latex_tree(text: str) -> Row:
    """The formula as a row; BadLatex when it can't be read whole."""
    if len(text) > MAX_LENGTH:
        raise BadLatex
    reader = _Reader(text, 0)
    found = reader.row(until=())
    if reader.at < len(text):
        raise BadLatex
    return found


def letters_in(tree: Latex) -> set[str]:
    """Every single letter that stands for something."""
    match tree:
        case Symbol(text):
            return {text} if len(text) == 1 and text.isalpha() else set()
        case Row(parts):
            return {letter for part in parts for letter in letters_in(part)}
        case Fraction(top, bottom):
            return letters_in(top) | letters_in(bottom)
        case Root(inside, index):
            return letters_in(inside) | letters_in(index)
        case Raised(inside) | Lowered(inside):
            return letters_in(inside)
        case Table(_, rows):
            return {letter for row in rows for cell in row for letter in letters_in(cell)}
        case _:
            return set()


@dataclass(slots=True)
class _Reader:
    text: str
    at: int
    depth: int = 0

    def row(self, *, until: tuple[str, ...]) -> Row:
        """Parts up to one of the marks, which is left standing, or to the end."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise BadLatex
        parts: list[Latex] = []
        while self._skip_space() and not self.text.startswith(until, self.at):
            if self.text[self.at] == "}":
                raise BadLatex
            parts += self._part()
        self.depth -= 1
        return Row(tuple(parts))

    def _skip_space(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _part(self) -> list[Latex]:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise BadLatex
        self.at = found.end()
        if found["command"] is not None:
            return self._command(found["command"])
        if found["number"] is not None:
            return [Number(found["number"])]
        mark = found["letter"] or found["sign"]
        if mark == "{":
            return [self._rest_of_group()]
        if mark in "^_":
            return [(Raised if mark == "^" else Lowered)(self._argument())]
        return [] if mark == "~" else [Symbol(mark)]

    def _command(self, name: str) -> list[Latex]:
        if name in _SILENT:
            self._skip_null_delimiter(name)
            return []
        if name in ("frac", "dfrac", "tfrac"):
            return [Fraction(self._argument(), self._argument())]
        if name == "sqrt":
            index = self._option()
            return [Root(self._argument(), index)]
        if name in _TEXTS:
            return [Words(self._raw_group())]
        return [self._table()] if name == "begin" else [Symbol(name)]

    def _skip_null_delimiter(self, name: str) -> None:
        """The point of \\right. draws nothing."""
        if name in ("left", "right") and self.text.startswith(".", self.at):
            self.at += 1

    def _argument(self) -> Row:
        if not self._skip_space():
            raise BadLatex
        if self.text[self.at] == "{":
            self.at += 1
            return self._rest_of_group()
        if self.text[self.at].isdigit():
            # x^12 raises the 1 alone.
            self.at += 1
            return Row((Number(self.text[self.at - 1]),))
        return Row(tuple(self._part()))

    def _option(self) -> Row:
        if not self.text.startswith("[", self.at):
            return Row(())
        self.at += 1
        return self._closed(self.row(until=("]",)), "]")

    def _rest_of_group(self) -> Row:
        return self._closed(self.row(until=("}",)), "}")

    def _closed(self, inside: Row, mark: str) -> Row:
        if not self.text.startswith(mark, self.at):
            raise BadLatex
        self.at += len(mark)
        return inside

    def _raw_group(self) -> str:
        found = re.compile(r"\s*\{([^{}]*)\}").match(self.text, self.at)
        if found is None:
            raise BadLatex
        self.at = found.end()
        return found[1]

    def _table(self) -> Table:
        name = self._raw_group()
        if name in ("array", "tabular"):
            self._raw_group()
        rows: list[list[Row]] = [[]]
        while True:
            rows[-1].append(self.row(until=("&", "\\\\", "\\end")))
            if self.text.startswith("&", self.at):
                self.at += 1
            elif self.text.startswith("\\\\", self.at):
                self.at += 2
                rows.append([])
            else:
                break
        self._closed(Row(()), f"\\end{{{name}}}")
        return Table(name, tuple(tuple(row) for row in rows if any(cell.parts for cell in row)))
