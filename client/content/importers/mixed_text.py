"""Text with LaTeX between `$$`: normalised, repaired where only one repair fits, and split into its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = "$$"
# ##name.gif##, and also ##name.gif where its author forgot the end.
_FIGURE = re.compile(r"##")
_VARIABLE = re.compile(r"@\{")
# A tag, never "a<b": its name is followed by attributes with values, by a slash, or by the end.
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(\s+[\w-]+\s*=[^<>]*)?\s*/?>|<!|&(#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.I)
# One word, or the line on which an answer is to be written.
_PLAIN_WORD = re.compile(r"\s*([^\W\d_]{4,}|_+)[.,:;]?\s*")
_NEWLINE = re.compile(r"\\n")
# LaTeX that stands outside of the dollars: signs that only need their backslash taken off, and the rest.
_ESCAPED = re.compile(r"\\([$%&#_{}])")
_COMMAND = re.compile(r"\\[A-Za-z]")
# Inside a formula "\n" may also begin a command such as \neq.
_NEWLINE_IN_FORMULA = re.compile(r"\\n(?![A-Za-z])")


class LeftOut(Exception):
    """This text can't be shown; the reason is one of the report's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX without its dollars."""

    latex: str


@dataclass(frozen=True, slots=True)
class MixedText:
    """parts: text and formulas in order. notes: what was mended, once for each time."""

    parts: tuple[str | Formula, ...]
    notes: tuple[str, ...] = ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas alone."""
        return tuple(part for part in self.parts if isinstance(part, Formula))


def names_figure(text: str) -> bool:
    """Whether a picture belongs to the text; OATutor's come without words for those who can't see them."""
    return _FIGURE.search(text) is not None


def mixed_text(raw: str) -> MixedText:
    """The parts of a text; LeftOut for figures, variables, HTML, and formulas that can't be told from text."""
    if names_figure(raw):
        raise LeftOut("figure")
    if _VARIABLE.search(raw):
        raise LeftOut("variables")
    notes: list[str] = []
    pieces = _even(raw, notes)
    parts = [part for part in _parts(_balanced(pieces, notes), notes) if part not in ("", Formula(""))]
    return MixedText(tuple(_joined(parts)), tuple(notes))


def _even(raw: str, notes: list[str]) -> list[str]:
    """Text and formulas in turn. An odd mark is taken out when exactly one way to do so leaves sound formulas."""
    pieces = raw.split(_MARK)
    if len(pieces) % 2:
        return pieces
    ways = [[*pieces[:at], pieces[at] + pieces[at + 1], *pieces[at + 2 :]] for at in range(len(pieces) - 1)]
    sound = [way for way in ways if all(_is_sound(formula) for formula in way[1::2])]
    if len(sound) != 1:
        raise LeftOut("odd dollars")
    notes.append("odd dollars mended")
    return sound[0]


def _is_sound(formula: str) -> bool:
    without_commands = re.sub(r"\\[A-Za-z]+(\{[A-Za-z ]*\})?", "", formula)
    return (
        bool(formula.strip()) and _depths(formula) == (0, 0) and not re.search(r"[^\W\d_]{3,}", without_commands)
    )


def _depths(formula: str) -> tuple[int, int]:
    """How many closing braces are missing their opening one, and how many opening ones are left open."""
    opened = missing = 0
    for mark in re.findall(r"\\.|[{}]", formula):
        if mark == "{":
            opened += 1
        elif mark == "}" and opened:
            opened -= 1
        elif mark == "}":
            missing += 1
    return missing, opened


def _balanced(pieces: list[str], notes: list[str]) -> list[str]:
    mended = list(pieces)
    for at in range(1, len(mended), 2):
        missing, opened = _depths(mended[at])
        if (missing, opened) == (0, 0):
            continue
        if missing == 0 and mended[at + 1].startswith("}" * opened):
            # \frac{1}{2$$}: the brace slipped behind the dollars.
            mended[at] += "}" * opened
            mended[at + 1] = mended[at + 1][opened:]
        elif missing == 0 and opened == 1 and mended[at].rfind("{") > mended[at].rfind("}"):
            mended[at] = _with_last_closed(mended[at])
        elif (missing, opened) == (1, 0) and mended[at].rstrip().endswith("}"):
            mended[at] = mended[at].rstrip()[:-1]
        else:
            raise LeftOut("braces")
        notes.append("braces mended")
    return mended


def _with_last_closed(formula: str) -> str:
    """Closes the last group at the end; only when a single sign or number stands in it is there one way."""
    inside = formula[formula.rfind("{") + 1 :].strip()
    if not re.fullmatch(r"\d+|[A-Za-z]|\\[A-Za-z]+", inside):
        raise LeftOut("braces")
    return formula + "}"


def _parts(pieces: list[str], notes: list[str]) -> Iterator[str | Formula]:
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            yield _plain(piece, notes)
        elif _PLAIN_WORD.fullmatch(piece):
            notes.append("word in formula undone")
            yield piece
        else:
            yield Formula(_without_newlines(piece, " ", notes, newline=_NEWLINE_IN_FORMULA).strip())


def _plain(piece: str, notes: list[str]) -> str:
    if _TAG.search(piece):
        raise LeftOut("html")
    text = _ESCAPED.sub(r"\1", _without_newlines(piece, "\n", notes, newline=_NEWLINE))
    if _COMMAND.search(text):
        raise LeftOut("latex in text")
    return text


def _without_newlines(piece: str, by: str, notes: list[str], *, newline: re.Pattern[str]) -> str:
    text, times = newline.subn(by, piece)
    notes += ["literal newline"] * times
    return text


def _joined(parts: list[str | Formula]) -> Iterator[str | Formula]:
    """Neighbouring texts as one."""
    waiting = ""
    for part in parts:
        if isinstance(part, str):
            waiting += part
            continue
        if waiting:
            yield waiting
        waiting = ""
        yield part
    if waiting:
        yield waiting
