"""Polynomial: sums of powers of letters with exact coefficients in one normal form, within limits of size."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")

MAX_SIZE = 10**40
_MAX_TERMS = 24
_MAX_DEGREE = 64

# Letters with their exponents, sorted by letter; () is the constant term.
Monomial = tuple[tuple[str, int], ...]


class TooBig(Exception):
    """A number, a degree or a number of terms beyond what any item needs."""


@dataclass(frozen=True, slots=True)
class Polynomial:
    """terms: (monomial, coefficient), highest degree first, no monomial twice, no coefficient 0; () is zero."""

    terms: tuple[tuple[Monomial, Fraction], ...]

    @property
    def constant(self) -> Fraction | None:
        """The value, if no letter is left; else None."""
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if self.terms[0][0] == () else None

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that are left, sorted."""
        return tuple(sorted({letter for monomial, _ in self.terms for letter, _ in monomial}))

    @property
    def degree(self) -> int:
        """The highest sum of exponents; 0 for a constant."""
        return max((degree_of(monomial) for monomial, _ in self.terms), default=0)

    def coefficient(self, *powers: tuple[str, int]) -> Fraction:
        """Of one monomial, e.g. coefficient(("x", 1)); of the constant term without an argument."""
        return dict(self.terms).get(tuple(sorted(powers)), Fraction(0))


def number(value: Fraction | int) -> Polynomial:
    """A constant."""
    return normal({(): Fraction(value)})


def letter(name: str) -> Polynomial:
    """A letter alone."""
    return Polynomial((((((name, 1),)), Fraction(1)),))


def linear(name: str, slope: Fraction | int, rest: Fraction | int = 0) -> Polynomial:
    """slope × letter + rest."""
    return normal({((name, 1),): Fraction(slope), (): Fraction(rest)})


def add(first: Polynomial, second: Polynomial) -> Polynomial:
    """The sum; TooBig beyond the limits."""
    found = dict(first.terms)
    for monomial, coefficient in second.terms:
        found[monomial] = found.get(monomial, Fraction(0)) + coefficient
    return normal(found)


def scale(polynomial: Polynomial, factor: Fraction | int) -> Polynomial:
    """Every coefficient times a number; TooBig beyond the limits."""
    return normal({monomial: coefficient * factor for monomial, coefficient in polynomial.terms})


def subtract(first: Polynomial, second: Polynomial) -> Polynomial:
    """The difference; TooBig beyond the limits."""
    return add(first, scale(second, -1))


def multiply(first: Polynomial, second: Polynomial) -> Polynomial:
    """The product; TooBig beyond the limits."""
    found: dict[Monomial, Fraction] = {}
    for monomial, coefficient in first.terms:
        for other, factor in second.terms:
            joined = _joined(monomial, other)
            found[joined] = found.get(joined, Fraction(0)) + coefficient * factor
    return normal(found)


def power(base: Polynomial, exponent: int) -> Polynomial:
    """A whole power, not negative; TooBig beyond the limits."""
    return by_squaring(base, exponent, one=number(1), multiplied=multiply)


def by_squaring(base: T, exponent: int, *, one: T, multiplied: Callable[[T, T], T]) -> T:
    """A whole power, not negative, by squaring, so that a limit is met before much work is done."""
    result, square = one, base
    while exponent:
        if exponent % 2:
            result = multiplied(result, square)
        exponent //= 2
        if exponent:
            square = multiplied(square, square)
    return result


def degree_of(monomial: Monomial) -> int:
    """The sum of the exponents."""
    return sum(exponent for _, exponent in monomial)


def normal(found: Mapping[Monomial, Fraction]) -> Polynomial:
    """The normal form of coefficients by monomial; TooBig beyond the limits."""
    terms = [(monomial, coefficient) for monomial, coefficient in found.items() if coefficient]
    if len(terms) > _MAX_TERMS or any(degree_of(monomial) > _MAX_DEGREE for monomial, _ in terms):
        raise TooBig
    for _, coefficient in terms:
        bounded(coefficient)
    return Polynomial(tuple(sorted(terms, key=_order)))


def bounded(value: Fraction) -> Fraction:
    """The value; TooBig when its top or bottom has more than 40 digits."""
    if abs(value.numerator) > MAX_SIZE or value.denominator > MAX_SIZE:
        raise TooBig
    return value


def sum_of(polynomials: Iterable[Polynomial]) -> Polynomial:
    """All of them added; TooBig beyond the limits."""
    total = number(0)
    for polynomial in polynomials:
        total = add(total, polynomial)
    return total


def _joined(first: Monomial, second: Monomial) -> Monomial:
    exponents = dict(first)
    for name, exponent in second:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted(exponents.items()))


def _order(term: tuple[Monomial, Fraction]) -> tuple[int, tuple[tuple[str, int], ...]]:
    # Of equal degree: x² before xy before y², as it is written in school.
    return -degree_of(term[0]), tuple((name, -exponent) for name, exponent in term[0])
