"""Writes an answer as a student would type it: the key in the form that is asked for, or any other value."""

from fractions import Fraction
from math import gcd

from client.content.algebraic import Algebraic, Powers, Terms
from client.content.items import Answer, Form, Item, Remainder
from client.content.normal_forms import Equation, Interval, NumberList, NumberSet, Point
from client.content.polynomials import Monomial, Polynomial, scale
from client.content.remainders import typed_remainder


def key_text(item: Item) -> str:
    """A response to the item that is right and in the right form; a choice's id."""
    return answer_text(item.answer, item.form)


def answer_text(value: Answer, form: Form = Form.ANY) -> str:
    """One way to type the value; FACTORED takes the common factor out of a sum."""
    match value:
        case str():
            return value
        case Fraction():
            return _number(value, form)
        case Remainder():
            return typed_remainder(value)
        case Polynomial():
            return _factored(value) if form is Form.FACTORED else _polynomial(value)
        case Point(x, y):
            return f"({x}; {y})"
        case NumberList(values) | NumberSet(values):
            return "; ".join(str(number) for number in values)
        case Algebraic(top, bottom):
            return f"({_terms(top)})/({_terms(bottom)})"
        case Interval():
            return _interval(value)
        case Equation(zero):
            return _equation(zero)


def _number(value: Fraction, form: Form) -> str:
    top, bottom = value.as_integer_ratio()
    if form is Form.MIXED and abs(top) > bottom > 1:
        return f"{'-' * (top < 0)}{abs(top) // bottom} {abs(top) % bottom}/{bottom}"
    if form is Form.PERCENT:
        return f"{_number(value * 100, Form.DECIMAL)}%"
    if form is Form.DECIMAL and bottom > 1:
        return _decimal(value)
    return str(top) if bottom == 1 and form is not Form.IMPROPER else f"{top}/{bottom}"


def _decimal(value: Fraction) -> str:
    """Exact when the bottom divides a power of ten, as it does for every key that has to be written so."""
    places = next(n for n in range(1, 42) if n == 41 or (value * 10**n).denominator == 1)
    digits = f"{abs(int(value * 10**places)):0{places + 1}d}"
    return f"{'-' * (value < 0)}{digits[:-places]}.{digits[-places:]}"


def _polynomial(polynomial: Polynomial) -> str:
    text = " ".join(_term(monomial, coefficient) for monomial, coefficient in polynomial.terms)
    return text.removeprefix("+ ") or "0"


def _term(monomial: Monomial, coefficient: Fraction) -> str:
    letters = "".join(name if exponent == 1 else f"{name}^{exponent}" for name, exponent in monomial)
    size = "" if abs(coefficient) == 1 and letters else str(abs(coefficient))
    return f"{'-' if coefficient < 0 else '+'} {size}{letters}"


def _factored(polynomial: Polynomial) -> str:
    bottom = max(coefficient.denominator for _, coefficient in polynomial.terms)
    common = Fraction(gcd(*(int(coefficient * bottom) for _, coefficient in polynomial.terms)), bottom)
    return f"{common}({_polynomial(scale(polynomial, 1 / common))})"


def _terms(terms: Terms) -> str:
    return " + ".join(f"({_number(factor, Form.ANY)}){_bases(powers)}" for powers, factor in terms) or "0"


def _bases(powers: Powers) -> str:
    """Whole exponents as powers, halves with a root."""
    text = ""
    for base, exponent in powers:
        whole, half = divmod(exponent, 1)
        text += f"({base})^{whole}" if whole else ""
        text += f"√({base})" if half else ""
    return text


def _interval(interval: Interval) -> str:
    low = "" if interval.low is None else f"{interval.low} {'≤' if interval.low_closed else '<'} "
    high = "" if interval.high is None else f" {'≤' if interval.high_closed else '<'} {interval.high}"
    return f"{low}{interval.letter}{high}"


def _equation(zero: Polynomial) -> str:
    """Solved for y where y occurs by itself; else with 0 on the right."""
    slope = zero.coefficient(("y", 1))
    if not slope:
        return f"{_polynomial(zero)} = 0"
    rest = Polynomial(tuple(term for term in zero.terms if term[0] != (("y", 1),)))
    return f"y = {_polynomial(scale(rest, -1 / slope))}"
