"""Mathematics as MathML with the words that say it, built together so that they can't disagree."""

from dataclasses import dataclass
from fractions import Fraction

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ORDINALS = (
    "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip
_SIGNS = {
    "+": "plus",
    "−": "minus",
    "×": "times",
    "÷": "divided by",
    "=": "equals",
    "<": "is less than",
    ">": "is greater than",
}
_MOST_PLACES = 12
_ESCAPED = {"<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Expression:
    """`inner` is MathML without the outer element; `alternative` is what a screen reader says."""

    inner: str
    alternative: str

    @property
    def mathml(self) -> str:
        """The complete element."""
        return f'<math xmlns="{_NAMESPACE}">{self.inner}</math>'


def number(value: int) -> Expression:
    """A whole number."""
    if value < 0:
        return Expression(f"<mrow><mo>−</mo><mn>{-value}</mn></mrow>", f"minus {-value}")
    return Expression(f"<mn>{value}</mn>", str(value))


def fraction(top: int, bottom: int) -> Expression:
    """A fraction as written; nothing is cancelled."""
    words = f"{top} {_denominator_word(top, bottom)}" if 2 <= bottom <= 12 else f"{top} over {bottom}"
    return Expression(f"<mfrac><mn>{top}</mn><mn>{bottom}</mn></mfrac>", words)


def mixed(whole: int, top: int, bottom: int) -> Expression:
    """A mixed number as written."""
    part = fraction(top, bottom)
    return Expression(
        f"<mrow><mn>{whole}</mn>{part.inner}</mrow>",
        f"{whole} and {part.alternative}",
    )


def value(amount: Fraction) -> Expression:
    """A number in lowest terms: whole, or one fraction."""
    return number(int(amount)) if amount.denominator == 1 else fraction(*amount.as_integer_ratio())


def decimal(amount: Fraction, places: int = 0) -> Expression:
    """A number with a decimal point, with at least `places` digits after it. ValueError if it has no end."""
    while (amount * 10**places).denominator != 1:
        if places > _MOST_PLACES:
            raise ValueError(f"{amount} has no end as a decimal")
        places += 1
    digits = f"{abs(int(amount * 10**places)):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    if amount < 0:
        return Expression(f"<mrow><mo>−</mo><mn>{text}</mn></mrow>", f"minus {text}")
    return Expression(f"<mn>{text}</mn>", text)


def remainder(quotient: int, rest: int) -> Expression:
    """The result of a division; nothing is said about a rest of zero."""
    if rest == 0:
        return number(quotient)
    return Expression(f"<mrow><mn>{quotient}</mn><mtext>\u00a0r\u00a0</mtext><mn>{rest}</mn></mrow>",
                      f"{quotient} remainder {rest}")  # fmt: skip


def blank() -> Expression:
    """The place where the answer goes."""
    return Expression("<mi>?</mi>", "what number")


def blank_over(bottom: int) -> Expression:
    """A fraction whose top is asked for."""
    return Expression(f"<mfrac><mi>?</mi><mn>{bottom}</mn></mfrac>", f"what number over {bottom}")


def row(*parts: Expression | str) -> Expression:
    """Expressions and signs in a line, e.g. row(fraction(1, 2), "+", fraction(1, 3), "=", blank())."""
    pieces = [_sign(part) if isinstance(part, str) else part for part in parts]
    return Expression(
        "<mrow>" + "".join(piece.inner for piece in pieces) + "</mrow>",
        " ".join(piece.alternative for piece in pieces),
    )


def divided(top: Expression, bottom: Expression) -> Expression:
    """A fraction whose top and bottom are expressions."""
    return Expression(
        f"<mfrac>{top.inner}{bottom.inner}</mfrac>",
        f"{top.alternative}, all over {bottom.alternative}",
    )


def _sign(sign: str) -> Expression:
    return Expression(f"<mo>{_ESCAPED.get(sign, sign)}</mo>", _SIGNS[sign])


def _denominator_word(top: int, bottom: int) -> str:
    if bottom == 2:
        return "half" if top == 1 else "halves"
    return _ORDINALS[bottom - 3] + ("" if top == 1 else "s")
