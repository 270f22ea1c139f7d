"""Writes a LaTeX formula as a student would type it, for the exact grader to read."""

from collections.abc import Sequence

from client.content.importers.latex_trees import Fraction, Latex, Lowered, Number, Raised, Root, Row, Symbol, Words

_TYPED = {
    "times": "*", "cdot": "*", "ast": "*", "div": "÷", "leq": "<=", "le": "<=", "geq": ">=", "ge": ">=", "lt": "<",
    "gt": ">", "%": "%", "{": "{", "}": "}", "$": "",
}  # fmt: skip


class Untypable(Exception):
    """The grader's grammar has no way to write this."""


def latex_typed(tree: Row) -> str | None:
    """The formula in one line, or None where typed mathematics has no sign for it."""
    try:
        return _row(tree.parts).strip()
    except Untypable:
        return None


def _row(parts: Sequence[Latex]) -> str:
    typed = ""
    for before, part in zip((None, *parts), parts, strict=False):
        # A number behind a letter is a factor; two numbers side by side can't be typed so.
        times = isinstance(part, Number) and (isinstance(before, Raised) or _is_letter(before))
        typed += ("*" if times else "") + _typed(part)
    return typed


def _is_letter(part: Latex | None) -> bool:
    return isinstance(part, Symbol) and len(part.text) == 1 and part.text.isalpha()


def _typed(tree: Latex) -> str:
    match tree:
        case Number(text):
            # A space, so that 3 and the 1/2 behind it stay a mixed number and 2 and 3 stay two numbers.
            return f" {text}"
        case Symbol(text):
            return _symbol(text)
        case Row(parts):
            # Braces that only hold together, as in {10}^2.
            return _row(parts) if len(parts) == 1 else f"({_row(parts)})"
        case Fraction(top, bottom):
            return _fraction(_row(top.parts).strip(), _row(bottom.parts).strip())
        case Root(inside, Row(())):
            return f"√({_row(inside.parts)})"
        case Raised(exponent):
            return f"^{_in_brackets(_row(exponent.parts).strip())} "
        case Lowered() | Root() | Words() | _:
            raise Untypable


def _symbol(text: str) -> str:
    if len(text) == 1 and text not in _TYPED:
        return text
    if text in _TYPED:
        return _TYPED[text]
    raise Untypable


def _fraction(top: str, bottom: str) -> str:
    """Of whole numbers as 3/4, so that it reads as a number that is worked out; else within brackets."""
    if top.removeprefix("-").strip().isdecimal() and bottom.isdecimal():
        return f" {top}/{bottom}"
    return f"({_in_brackets(top)}/{_in_brackets(bottom)})"


def _in_brackets(text: str) -> str:
    return text if text.isalnum() and (len(text) == 1 or text.isdecimal()) else f"({text})"
