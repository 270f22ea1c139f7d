"""The key of an imported step as the exact grader has it: its kind, its normal form, and how to write it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from client.content import reading
from client.content.importers.latex_trees import BadLatex, latex_tree, letters_in
from client.content.importers.latex_typing import latex_typed
from client.content.importers.mixed_text import LeftOut, MixedText, mixed_text
from client.content.items import AnswerKind, Form
from client.content.normal_forms_plain import Plain, to_plain
from client.content.reading import Reader, Reading
from client.content.trees import Letter
from client.content.typing_habits import TypingHabits
from client.content.written_forms import Shape, shape_of

_READERS: tuple[tuple[AnswerKind, Reader], ...] = (
    (AnswerKind.FRACTION, reading.number),
    (AnswerKind.EQUATION, reading.equation),
    (AnswerKind.INEQUALITY, reading.inequality),
    (AnswerKind.POINT, reading.point),
    (AnswerKind.SET, reading.number_set),
    (AnswerKind.LIST, reading.number_list),
    (AnswerKind.EXPRESSION, reading.expression),
    (AnswerKind.ALGEBRAIC, reading.algebraic),
)
_APART = (AnswerKind.POINT, AnswerKind.SET, AnswerKind.LIST)
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|['’ -])*")
# How many of each, the way a text box took them: 42a105c for 42 adults and 105 children.
_COUNTS = re.compile(r"(\d+[a-z]){2,}")
_SEVERAL = re.compile(r"solve|solution|find (the|two|both|three) ([a-z]+ )?(numbers|integers)")
_NEEDS_SYMBOLS = "needs symbolic grading"
_FORMS = {
    AnswerKind.FRACTION: (Form.ANY, Form.SIMPLEST, Form.DECIMAL, Form.PERCENT, Form.MIXED, Form.IMPROPER),
    AnswerKind.EXPRESSION: (Form.ANY, Form.EXPANDED, Form.FACTORED),
    AnswerKind.ALGEBRAIC: (Form.ANY, Form.SIMPLEST),
    AnswerKind.EQUATION: (Form.ANY, Form.SOLVED),
    AnswerKind.INEQUALITY: (Form.ANY, Form.SOLVED),
}


@dataclass(frozen=True, slots=True)
class Key:
    """value: a text or a normal form. typed: a response that says it."""

    kind: AnswerKind
    value: str | Plain
    typed: str
    letters: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[Form, ...]:
        """How it may have to be written, the most lenient first."""
        return _FORMS.get(self.kind, (Form.ANY,))


def key_of(raw: str, answer_type: str, question: Iterable[MixedText]) -> Key:
    """The key of a text box; LeftOut when the exact grader can't hold it."""
    asked = list(question)
    text = raw.strip()
    if not text:
        raise LeftOut("no answer")
    if answer_type == "string" and _WORDS.fullmatch(text):
        return Key(AnswerKind.TEXT, text, text)
    if _COUNTS.fullmatch(text):
        return Key(AnswerKind.TEXT, text, text)
    typed = typed_text(text)
    units = ("$",) if "$" in raw.replace("$$", "") or any("$" in _plain(one) for one in asked) else ()
    letters = letters_of([*asked, mixed_text(text)]) | set(_letters_typed(typed))
    return _read(typed, tuple(sorted(letters)), units=units, any_order=_any_order(typed, asked))


def typed_text(text: str) -> str:
    """Text and formulas as one typed line; LeftOut when a formula has no typed spelling."""
    return "".join(map(_typed_part, mixed_text(text).parts)).replace("$", "").strip()


def typed_formulas(texts: Iterable[MixedText]) -> Iterator[str]:
    """The formulas of a question that can be typed: what a student could simply copy."""
    for text in texts:
        for formula in text.formulas:
            typed = _typed_formula(formula.latex)
            if typed:
                yield typed


def letters_of(texts: Iterable[MixedText]) -> set[str]:
    """Every letter of the formulas."""
    found: set[str] = set()
    for text in texts:
        for formula in text.formulas:
            found |= letters_in(latex_tree(formula.latex))
    return found


def _typed_part(part: object) -> str:
    if isinstance(part, str):
        return part
    typed = _typed_formula(getattr(part, "latex", ""))
    if typed is None:
        raise LeftOut(_NEEDS_SYMBOLS)
    return typed


def _typed_formula(latex: str) -> str | None:
    try:
        return latex_typed(latex_tree(latex))
    except BadLatex:
        return None


def _plain(text: MixedText) -> str:
    return "".join(part if isinstance(part, str) else part.latex for part in text.parts)


def _letters_typed(typed: str) -> list[str]:
    return re.findall(r"[^\W\d_]", typed.replace("sqrt", ""))


def _any_order(typed: str, asked: list[MixedText]) -> bool:
    """Solutions come in any order: those of one letter, as in q=6, q=1, or of an equation to solve."""
    labels = re.findall(r"([^\W\d_])\s*=", typed)
    words = " ".join(map(_plain, asked)).casefold()
    return len(labels) > 1 == len(set(labels)) or _SEVERAL.search(words) is not None


def _read(typed: str, letters: tuple[str, ...], *, units: tuple[str, ...], any_order: bool) -> Key:
    for kind, reader in _READERS:
        # 615,195 is two numbers or one with thousands marked; in a key it stands between two.
        if "," in typed and kind not in (*_APART, AnswerKind.INEQUALITY):
            continue
        if (kind is AnswerKind.SET and not any_order) or (kind is AnswerKind.POINT and "(" not in typed):
            continue
        apart = kind in _APART
        habits = TypingHabits(letters)
        found = (reading.read_apart if apart else reading.read)(typed, reader, habits)
        if found is not None and not (kind in (AnswerKind.FRACTION, *_APART) and _is_calculation(found)):
            return Key(kind, to_plain(found.value), typed, _solved_last(found, letters), units)
    raise LeftOut(_NEEDS_SYMBOLS)


def _is_calculation(found: Reading) -> bool:
    return any(shape_of(part).shape is Shape.CALCULATION for part in found.written)


def _solved_last(found: Reading, letters: tuple[str, ...]) -> tuple[str, ...]:
    alone = [side.name for side in found.written if isinstance(side, Letter)]
    return letters if len(alone) != 1 else (*(one for one in letters if one != alone[0]), alone[0])
