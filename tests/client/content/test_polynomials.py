"""Polynomials: a commutative ring with one normal form, checked against values at points."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.polynomials import (
    Polynomial,
    TooBig,
    add,
    letter,
    linear,
    multiply,
    normal,
    number,
    power,
    scale,
    subtract,
    sum_of,
)

_COEFFICIENTS = st.fractions(-20, 20, max_denominator=6)
_MONOMIALS = st.tuples(st.integers(0, 2), st.integers(0, 2))
_POLYNOMIALS = st.dictionaries(_MONOMIALS, _COEFFICIENTS, max_size=4).map(
    lambda found: normal(
        {tuple((n, e) for n, e in zip("xy", powers, strict=True) if e): c for powers, c in found.items()}
    )
)


def _at(polynomial: Polynomial, x: Fraction, y: Fraction) -> Fraction:
    """The value, worked out term by term."""
    places = {"x": x, "y": y}
    total = Fraction(0)
    for monomial, coefficient in polynomial.terms:
        for name, exponent in monomial:
            coefficient *= places[name] ** exponent
        total += coefficient
    return total


@given(_POLYNOMIALS, _POLYNOMIALS, _COEFFICIENTS, _COEFFICIENTS)
def test_operations_are_those_of_the_values(p: Polynomial, q: Polynomial, x: Fraction, y: Fraction) -> None:
    """At every point."""
    assert _at(add(p, q), x, y) == _at(p, x, y) + _at(q, x, y)
    assert _at(subtract(p, q), x, y) == _at(p, x, y) - _at(q, x, y)
    assert _at(multiply(p, q), x, y) == _at(p, x, y) * _at(q, x, y)
    assert _at(power(p, 2), x, y) == _at(p, x, y) ** 2
    assert _at(scale(p, x), x, y) == _at(p, x, y) * x


@given(_POLYNOMIALS, _POLYNOMIALS)
def test_equal_sums_are_the_same_value(p: Polynomial, q: Polynomial) -> None:
    """The normal form doesn't remember how it came about."""
    assert add(p, q) == add(q, p) == sum_of((p, q))
    assert multiply(p, q) == multiply(q, p)
    assert subtract(add(p, q), q) == p
    assert hash(add(p, q)) == hash(add(q, p))


def test_terms_stand_as_in_school() -> None:
    """Highest degree first, then by letter; no zero."""
    found = normal(
        {(("y", 2),): Fraction(1), (): Fraction(3), (("x", 1), ("y", 1)): Fraction(2), (("x", 1),): Fraction(0)}
    )
    assert found.terms == (((("x", 1), ("y", 1)), Fraction(2)), ((("y", 2),), Fraction(1)), ((), Fraction(3)))
    assert (found.degree, found.letters, found.constant) == (2, ("x", "y"), None)
    assert (found.coefficient(("y", 2)), found.coefficient(), found.coefficient(("x", 1))) == (1, 3, 0)
    assert (number(0).constant, number(7).constant) == (0, 7)


def test_sizes_are_limited() -> None:
    """40 digits, degree 64, 24 terms."""
    assert power(letter("x"), 64).degree == 64
    for too_big in (
        lambda: power(letter("x"), 65),
        lambda: power(number(10), 41),
        lambda: power(number(Fraction(1, 10)), 41),
        lambda: power(linear("x", 1, 1), 24),
    ):
        with pytest.raises(TooBig):
            too_big()
