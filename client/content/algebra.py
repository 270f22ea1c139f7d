"""Algebra as MathML with the words that say it: rows of numbers, letters and signs, terms, powers, brackets."""

from fractions import Fraction

from client.content import mathml as m
from client.content.mathml import Expression

Piece = Expression | Fraction | int | str

_SIGNS = {
    "+": "plus",
    "−": "minus",
    "×": "times",
    "÷": "divided by",
    "=": "equals",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is less than or equal to",
    "≥": "is greater than or equal to",
    ":": "to",
}
_ESCAPED = {"<": "&lt;", ">": "&gt;"}
_OPERATORS = ("+", "−", "×", "÷")
_POWERS = {2: "squared", 3: "cubed"}
_PREFIXED = "<mrow><mo>−</mo>"
# Fences of one size: some fonts stretch them far beyond what they hold.
_OPEN, _CLOSE, _BAR = (f'<mo stretchy="false">{fence}</mo>' for fence in "()|")


def row(*pieces: Piece) -> Expression:
    """Pieces in a line, e.g. row("x", "+", 3, "=", 7).

    A letter or "?" is itself, other text is a sign. A number below zero after + − × ÷ gets brackets: 5 − (−3).
    """
    shown = [_shown(piece) for piece in pieces]
    for place in range(1, len(shown)):
        if pieces[place - 1] in _OPERATORS and shown[place].inner.startswith(_PREFIXED):
            inner = f"<mrow>{_OPEN}{shown[place].inner}{_CLOSE}</mrow>"
            shown[place] = Expression(inner, shown[place].alternative)
    if len(shown) == 1:
        return shown[0]
    words = " ".join(piece.alternative for piece in shown)
    return Expression("<mrow>" + "".join(_without_row(piece.inner) for piece in shown) + "</mrow>", words)


def value(amount: Fraction | int) -> Expression:
    """A number in lowest terms, whole or one fraction, with its sign in front."""
    top, bottom = Fraction(amount).as_integer_ratio()
    if bottom == 1:
        return m.number(top)
    return negative(m.fraction(-top, bottom)) if top < 0 else m.fraction(top, bottom)


def negative(positive: Expression) -> Expression:
    """The same with a minus sign in front."""
    return Expression(f"{_PREFIXED}{_without_row(positive.inner)}</mrow>", f"minus {positive.alternative}")


def letter(name: str) -> Expression:
    """A letter that stands for a number."""
    return Expression(f"<mi>{name}</mi>", name)


def term(coefficient: Fraction | int, name: str, exponent: int = 1) -> Expression:
    """A number times a power of a letter, without a times sign; 1 isn't written."""
    base = letter(name) if exponent == 1 else power(name, exponent)
    positive = -coefficient if coefficient < 0 else coefficient
    if positive != 1:
        front = value(positive)
        base = Expression(f"<mrow>{front.inner}{base.inner}</mrow>", f"{front.alternative} {base.alternative}")
    return negative(base) if coefficient < 0 else base


def terms(*parts: tuple[Fraction | int, str]) -> Expression:
    """A sum of (coefficient, letter), in this order; the letter "" is a number alone, "x2" the square of x.

    A part that is zero is left out.
    """
    pieces: list[Piece] = []
    for coefficient, name in parts:
        if coefficient == 0:
            continue
        shown = -coefficient if pieces and coefficient < 0 else coefficient
        if pieces:
            pieces.append("+" if coefficient > 0 else "−")
        pieces.append(value(shown) if not name else term(shown, name[0], int(name[1:] or 1)))
    return row(*pieces) if pieces else m.number(0)


def power(base: Piece, exponent: int) -> Expression:
    """base with an exponent; put what is more than one number or letter into a bracket first."""
    shown = _shown(base)
    words = _POWERS.get(exponent, f"to the power of {exponent}")
    return Expression(f"<msup>{shown.inner}<mn>{exponent}</mn></msup>", f"{shown.alternative} {words}")


def bracket(*pieces: Piece) -> Expression:
    """A row in brackets."""
    inside = row(*pieces)
    inner = f"<mrow>{_OPEN}{_without_row(inside.inner)}{_CLOSE}</mrow>"
    return Expression(inner, f"open bracket {inside.alternative} close bracket")


def times(front: Piece, behind: Piece) -> Expression:
    """Two factors without a sign between them, as in 3(x + 2)."""
    first, second = _shown(front), _shown(behind)
    joined = Expression(
        f"<mrow>{_without_row(first.inner)}{_without_row(second.inner)}</mrow>",
        f"{first.alternative} {second.alternative}",
    )
    if not first.inner.startswith(_PREFIXED):
        return joined
    rest = first.inner.removeprefix(_PREFIXED).removesuffix("</mrow>")
    return Expression(f"{_PREFIXED}{rest}{_without_row(second.inner)}</mrow>", joined.alternative)


def root(inside: Piece) -> Expression:
    """A square root."""
    shown = _shown(inside)
    return Expression(f"<msqrt>{shown.inner}</msqrt>", f"the square root of {shown.alternative}")


def size(inside: Piece) -> Expression:
    """An absolute value."""
    shown = _shown(inside)
    return Expression(f"<mrow>{_BAR}{shown.inner}{_BAR}</mrow>", f"the absolute value of {shown.alternative}")


def over(top: Piece, bottom: Piece) -> Expression:
    """A fraction bar between two rows."""
    above, below = _shown(top), _shown(bottom)
    bar = "over" if " " not in above.alternative else ", all over"
    words = f"{above.alternative} {bar} {below.alternative}".replace(" ,", ",")
    return Expression(f"<mfrac>{above.inner}{below.inner}</mfrac>", words)


def point(x: Piece, y: Piece) -> Expression:
    """A point of the plane."""
    across, up = _shown(x), _shown(y)
    inner = f"<mrow>{_OPEN}{across.inner}<mo>,</mo>{up.inner}{_CLOSE}</mrow>"
    return Expression(inner, f"the point {across.alternative}, {up.alternative}")


def decimal(amount: Fraction | int) -> Expression:
    """A number with a decimal point; the amount has to end after a few digits."""
    written = decimal_text(abs(Fraction(amount)))
    shown = Expression(f"<mn>{written}</mn>", written)
    return negative(shown) if amount < 0 else shown


def percent(amount: Fraction | int) -> Expression:
    """So many hundredths, with a percent sign."""
    shown = decimal(amount)
    return Expression(f"<mrow>{shown.inner}<mo>%</mo></mrow>", f"{shown.alternative} percent")


def decimal_text(amount: Fraction | int) -> str:
    """The digits of a decimal that ends within 12 places, without zeros behind it."""
    text = f"{amount.numerator / amount.denominator:.12f}"
    return text.rstrip("0").rstrip(".")


def _shown(piece: Piece) -> Expression:
    if isinstance(piece, Expression):
        return piece
    if isinstance(piece, str):
        return _text(piece)
    return value(piece)


def _text(text: str) -> Expression:
    if text == "?":
        return m.blank()
    if text.isalpha():
        return letter(text)
    return Expression(f"<mo>{_ESCAPED.get(text, text)}</mo>", _SIGNS[text])


def _without_row(inner: str) -> str:
    """Without the outer row, so that rows in rows look like one; a minus sign in front keeps its own."""
    if inner.startswith(_PREFIXED) or not inner.startswith("<mrow>"):
        return inner
    depth, at = 0, 0
    while (depth or at == 0) and at < len(inner):
        opened, closed = inner.find("<mrow>", at), inner.find("</mrow>", at)
        if 0 <= opened < closed:
            depth, at = depth + 1, opened + 6
        else:
            depth, at = depth - 1, closed + 7
    return inner.removeprefix("<mrow>").removesuffix("</mrow>") if at == len(inner) else inner
