"""Normal forms as plain JSON values and back, for files and for the grader that runs in the browser."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from client.content.algebraic import Algebraic, Terms, of_terms
from client.content.normal_forms import Equation, Interval, NormalForm, NumberList, NumberSet, Point
from client.content.polynomials import Monomial, Polynomial, TooBig
from common.errors import Corrupt, ErrorCode

Plain = dict[str, Any]


def to_plain(value: NormalForm) -> Plain:
    """A dict with a `form`; exact numbers are texts such as "-3/4", so that no reader rounds them."""
    match value:
        case Fraction():
            return {"form": "number", "value": str(value)}
        case Polynomial():
            return {"form": "polynomial", "terms": _terms(value)}
        case Point(x, y):
            return {"form": "point", "values": [str(x), str(y)]}
        case NumberList(values):
            return {"form": "list", "values": [str(one) for one in values]}
        case NumberSet(values):
            return {"form": "set", "values": [str(one) for one in values]}
        case Equation(zero):
            return {"form": "equation", "terms": _terms(zero)}
        case Algebraic(top, bottom):
            return {"form": "algebraic", "top": _powers_of(top), "bottom": _powers_of(bottom)}
        case Interval(letter, low, high, low_closed, high_closed):
            ends = {"low": _end(low), "high": _end(high), "low_closed": low_closed, "high_closed": high_closed}
            return {"form": "interval", "letter": letter, **ends}


def from_plain(plain: Mapping[str, Any]) -> NormalForm:
    """Reads what `to_plain` wrote; Corrupt for anything else."""
    try:
        value = _read(plain)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, TooBig) as caught:
        raise Corrupt(ErrorCode.BAD_CONTENT, "An answer in a content file has the wrong fields.") from caught
    if to_plain(value) != dict(plain):
        raise Corrupt(ErrorCode.BAD_CONTENT, "An answer in a content file isn't in its one normal form.")
    return value


def _read(plain: Mapping[str, Any]) -> NormalForm:
    match plain["form"]:
        case "number":
            return Fraction(plain["value"])
        case "polynomial":
            return _polynomial(plain["terms"])
        case "point":
            x, y = plain["values"]
            return Point(Fraction(x), Fraction(y))
        case "list":
            return NumberList(_numbers(plain["values"]))
        case "set":
            return NumberSet(tuple(sorted(set(_numbers(plain["values"])))))
        case "equation":
            return Equation(_polynomial(plain["terms"]))
        case "algebraic":
            return _algebraic(plain["top"], plain["bottom"])
        case "interval":
            low, high = (None if plain[end] is None else Fraction(plain[end]) for end in ("low", "high"))
            return Interval(plain["letter"], low, high, plain["low_closed"], plain["high_closed"])
        case _:
            raise ValueError("no such form")


def _numbers(values: Sequence[str]) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in values)


def _end(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _terms(polynomial: Polynomial) -> list[list[Any]]:
    return [[_powers(monomial), str(coefficient)] for monomial, coefficient in polynomial.terms]


def _powers(monomial: Monomial) -> list[list[Any]]:
    return [[letter, exponent] for letter, exponent in monomial]


def _powers_of(terms: Terms) -> list[list[Any]]:
    return [[[[base, str(exponent)] for base, exponent in powers], str(factor)] for powers, factor in terms]


def _algebraic(top: Sequence[Sequence[Any]], bottom: Sequence[Sequence[Any]]) -> Algebraic:
    above, below = (
        tuple((tuple((str(n), Fraction(e)) for n, e in powers), Fraction(factor)) for powers, factor in terms)
        for terms in (top, bottom)
    )
    return of_terms(above, below)


def _polynomial(terms: Sequence[Sequence[Any]]) -> Polynomial:
    return Polynomial(
        tuple((tuple((str(n), int(e)) for n, e in powers), Fraction(factor)) for powers, factor in terms)
    )
