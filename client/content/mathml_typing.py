"""Writes a formula's MathML as a student would type it, so that the exact grader can read what a page shows."""

from xml.etree import ElementTree

from client.content.mathml import Expression

# Anything else, such as a blank or a table, ends what can be read together.
GAP = " … "
_SIGNS = {
    "×": "*", "·": "*", "⋅": "*", "÷": "÷", "+": "+", "−": "-", "-": "-", "–": "-", "=": "=", "<": "<", ">": ">",
    "≤": "<=", "≥": ">=", "(": "(", ")": ")", "[": "(", "]": ")", ",": ",", ";": ";", "%": "%", ":": " : ",
    "$": "$", "{": "{", "}": "}", "\u2062": "*", "\u2061": " ",
}  # fmt: skip
_ROWS = {"math", "mrow", "mstyle", "mpadded"}


def typed_expression(expression: Expression) -> str:
    """One line; what has no typed spelling is a gap. Never raises for MathML that a content gate let pass."""
    try:
        root = ElementTree.fromstring(expression.mathml)  # noqa: S314 - made by our packs or let in by the gate
    except ElementTree.ParseError:
        return GAP
    return " ".join(_typed(root).split())


def _typed(element: ElementTree.Element) -> str:
    tag = element.tag.rpartition("}")[2]
    text = (element.text or "").strip()
    parts = list(element)
    if tag in _ROWS:
        return _row(parts)
    if tag == "mn":
        return text
    if tag == "mi":
        return text if len(text) == 1 and text.isalpha() else GAP
    if tag == "mo":
        return _SIGNS.get(text, GAP)
    if tag == "mtext":
        # A remainder is written 7 r 2.
        return " r " if text == "r" else GAP
    return _built(tag, [_typed(part) for part in parts])


def _row(parts: list[ElementTree.Element]) -> str:
    typed, before = "", ""
    for part in parts:
        tag = part.tag.rpartition("}")[2]
        # 3 and the 1/2 behind it are a mixed number.
        typed += (" " if (before, tag) in {("mn", "mfrac"), ("mn", "mn")} else "") + _typed(part)
        before = tag
    return typed


def _built(tag: str, parts: list[str]) -> str:
    if tag == "mfrac" and len(parts) == 2:
        return f"{_held(parts[0])}/{_held(parts[1])}"
    if tag == "msup" and len(parts) == 2:
        return f"{_held(parts[0])}^{parts[1]}"
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    return GAP


def _held(part: str) -> str:
    plain = part.strip()
    return plain if plain.isalnum() or (plain[:1] == "-" and plain[1:].isdigit()) else f"({plain})"
