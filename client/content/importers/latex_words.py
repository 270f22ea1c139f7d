"""Says a LaTeX formula in words, as a screen reader would read it to a student."""

from collections.abc import Sequence

from client.content import mathml
from client.content.importers.latex_trees import (
    Fraction,
    Latex,
    Lowered,
    Number,
    Raised,
    Root,
    Row,
    Symbol,
    Table,
    Words,
)

_SIGNS = {
    "+": "plus", "-": "minus", "−": "minus", "*": "times", "/": "divided by", "=": "equals", "<": "is less than",
    ">": "is greater than", "≤": "is at most", "≥": "is at least", "≠": "is not equal to", "×": "times",
    "÷": "divided by", "±": "plus or minus", "|": "vertical bar", "(": "open bracket", ")": "close bracket",
    "[": "open square bracket", "]": "close square bracket", "!": "factorial", "'": "prime", "%": "percent",
    ":": "to", "°": "degrees", "∞": "infinity", "π": "pi", "√": "the square root of", "·": "times",
    '"': "",
}  # fmt: skip
_COMMANDS = {
    "times": "times", "cdot": "times", "ast": "times", "div": "divided by", "leq": "is at most",
    "le": "is at most",
    "geq": "is at least", "ge": "is at least", "neq": "is not equal to", "ne": "is not equal to",
    "lt": "is less than", "gt": "is greater than", "pm": "plus or minus", "mp": "minus or plus",
    "approx": "is about", "infty": "infinity", "circ": "degrees", "to": "goes to", "rightarrow": "goes to",
    "cup": "union", "cap": "intersection", "in": "is in", "int": "the integral of", "sum": "the sum of",
    "lim": "the limit of", "sin": "sine", "cos": "cosine", "tan": "tangent", "sec": "secant", "csc": "cosecant",
    "cot": "cotangent", "log": "log", "ln": "natural log", "ldots": "and so on", "cdots": "and so on",
    "{": "open brace", "}": "close brace", "lvert": "vertical bar", "rvert": "vertical bar",
    "vert": "vertical bar",
    "angle": "angle", "sim": "is similar to", "cong": "is congruent to", "equiv": "is equivalent to",
    "%": "percent", "$": "$", "\\": ", next line,", "emptyset": "the empty set",
}  # fmt: skip
_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "theta", "lambda", "mu", "nu", "pi", "rho", "sigma", "tau",
    "phi",
    "omega", "Delta", "Sigma", "Omega", "Gamma", "Theta", "Phi", "eta", "kappa", "psi", "chi", "xi", "zeta",
}  # fmt: skip
_ROOTS = {"": "the square root of", "2": "the square root of", "3": "the cube root of"}
_POWERS = {"2": "squared", "3": "cubed"}


def latex_words(tree: Row) -> str | None:
    """The formula in words, or None when it holds a sign that has no words here."""
    try:
        said = _row(tree.parts)
    except KeyError:
        return None
    return said or None


def _row(parts: Sequence[Latex]) -> str:
    return " ".join(filter(None, map(_said, parts)))


def _said(tree: Latex) -> str:
    match tree:
        case Number(text) | Words(text):
            return text.strip()
        case Symbol(text):
            return _symbol(text)
        case Row(parts):
            return _row(parts)
        case Fraction(top, bottom):
            return _fraction(top, bottom)
        case Root(inside, index):
            order = _row(index.parts)
            return f"{_ROOTS.get(order) or f'root number {order} of'} {_ended(inside, 'root')}"
        case Raised(exponent):
            power = _row(exponent.parts)
            return _POWERS.get(power) or f"to the power {_ended(exponent, 'power')}"
        case Lowered(index):
            return f"sub {_ended(index, 'index')}"
        case Table():
            return _table(tree)


def _symbol(text: str) -> str:
    if len(text) == 1 and (text.isalnum() or text in ",;.?"):
        return text
    if text in _GREEK:
        return text.lower() if text[0].islower() else f"capital {text.lower()}"
    return _SIGNS[text] if text in _SIGNS else _COMMANDS[text]


def _fraction(top: Row, bottom: Row) -> str:
    match top.parts, bottom.parts:
        case (Number(over),), (Number(under),) if over.isdecimal() and under.isdecimal() and int(under) > 0:
            return mathml.fraction(int(over), int(under)).alternative
        case (_,), (_,):
            return f"{_row(top.parts)} over {_row(bottom.parts)}"
        case _:
            return f"the fraction {_row(top.parts)}, all over {_row(bottom.parts)}, end of fraction"


def _ended(inside: Row, what: str) -> str:
    """A single sign needs no end; more does, so that the listener knows where it stops."""
    words = _row(inside.parts)
    return words if len(inside.parts) == 1 else f"{words}, end of {what}"


def _table(table: Table) -> str:
    if "matrix" in table.name:
        rows = [f"row {at}: {', '.join(_row(cell.parts) for cell in row)}" for at, row in enumerate(table.rows, 1)]
        return f"matrix with {'; '.join(rows)}; end of matrix"
    return "; ".join(" ".join(_row(cell.parts) for cell in row) for row in table.rows)
