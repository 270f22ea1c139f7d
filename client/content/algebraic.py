"""Algebraic: quotients of sums of roots and letters, exact, so that two are equal however they are written.

A term is a coefficient times powers of letters and of primes: √12 is 2·3^(1/2). Roots of different square-free
numbers are independent over the rationals (Besicovitch 1940), so that a sum in this normal form is zero only
when it has no terms. Letters under a root stand for positive numbers, as they do in school books.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from client.content.polynomials import TooBig, bounded, by_squaring

_MAX_TERMS = 24
_MAX_EXPONENT = 64
# Factored by trial division: at most a thousand steps.
_MAX_UNDER_ROOT = 10**6

# Bases with their exponents, sorted: a letter, or a prime as text with an exponent between 0 and 1.
Powers = tuple[tuple[str, Fraction], ...]
Terms = tuple[tuple[Powers, Fraction], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Algebraic:
    """top / bottom, each sorted, without a term of coefficient 0; the bottom isn't zero."""

    top: Terms
    bottom: Terms

    def __eq__(self, other: object) -> bool:
        """By multiplying crosswise, since no common factor is taken out."""
        if not isinstance(other, Algebraic):
            return NotImplemented
        return _product(self.top, other.bottom) == _product(other.top, self.bottom)

    def __hash__(self) -> int:
        """The same for all: equal values may have different parts."""
        return hash(Algebraic)


def of_terms(top: Terms, bottom: Terms) -> Algebraic:
    """The quotient with both parts in their normal form; ZeroDivisionError when nothing stands below."""
    below = _terms_of((dict(powers), coefficient) for powers, coefficient in bottom)
    if not below:
        raise ZeroDivisionError
    return _limited(_terms_of((dict(powers), coefficient) for powers, coefficient in top), below)


_ONE: Terms = (((), Fraction(1)),)


def number(value: Fraction) -> Algebraic:
    """A rational number."""
    return Algebraic(_terms({(): value}), _ONE)


def letter(name: str) -> Algebraic:
    """A letter alone."""
    return Algebraic(((((name, Fraction(1)),), Fraction(1)),), _ONE)


def add(first: Algebraic, second: Algebraic) -> Algebraic:
    """The sum; TooBig beyond the limits."""
    if first.bottom == second.bottom:
        return _limited(_sum(first.top, second.top), first.bottom)
    crosswise = _sum(_product(first.top, second.bottom), _product(second.top, first.bottom))
    return _limited(crosswise, _product(first.bottom, second.bottom))


def multiply(first: Algebraic, second: Algebraic) -> Algebraic:
    """The product; TooBig beyond the limits."""
    return _limited(_product(first.top, second.top), _product(first.bottom, second.bottom))


def inverse(value: Algebraic) -> Algebraic:
    """1 over the value; ZeroDivisionError for zero."""
    if not value.top:
        raise ZeroDivisionError
    return Algebraic(value.bottom, value.top)


def power(base: Algebraic, exponent: int) -> Algebraic:
    """A whole power, not negative; TooBig beyond the limits."""
    return by_squaring(base, exponent, one=number(Fraction(1)), multiplied=multiply)


def square_root(value: Algebraic) -> Algebraic:
    """Of a single term over a single term, not negative; ArithmeticError for any other."""
    if not value.top:
        return value
    if len(value.top) != 1 or len(value.bottom) != 1:
        raise ArithmeticError
    return Algebraic(_root(*value.top[0]), _root(*value.bottom[0]))


def _root(powers: Powers, coefficient: Fraction) -> Terms:
    if coefficient < 0:
        raise ArithmeticError
    halved = {base: exponent / 2 for base, exponent in powers}
    for whole, sign in ((coefficient.numerator, 1), (coefficient.denominator, -1)):
        for prime, times in _primes(whole).items():
            halved[prime] = halved.get(prime, Fraction(0)) + Fraction(sign * times, 2)
    return _terms_of([(halved, Fraction(1))])


def _primes(whole: int) -> dict[str, int]:
    if whole > _MAX_UNDER_ROOT:
        raise TooBig
    found: dict[str, int] = {}
    divisor = 2
    while divisor * divisor <= whole:
        while whole % divisor == 0:
            whole //= divisor
            found[str(divisor)] = found.get(str(divisor), 0) + 1
        divisor += 1
    return found if whole == 1 else {**found, str(whole): found.get(str(whole), 0) + 1}


def _sum(first: Terms, second: Terms) -> Terms:
    found = dict(first)
    for powers, coefficient in second:
        found[powers] = found.get(powers, Fraction(0)) + coefficient
    return _terms(found)


def _product(first: Terms, second: Terms) -> Terms:
    return _terms_of((_joined(one, other), a * b) for one, a in first for other, b in second)


def _joined(first: Powers, second: Powers) -> dict[str, Fraction]:
    exponents = dict(first)
    for base, exponent in second:
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    return exponents


def _terms_of(parts: Iterable[tuple[Mapping[str, Fraction], Fraction]]) -> Terms:
    """Whole powers of primes become part of the coefficient."""
    found: dict[Powers, Fraction] = {}
    for exponents, factor in parts:
        coefficient, left = factor, {}
        for base, exponent in exponents.items():
            whole = exponent.numerator // exponent.denominator if base.isdecimal() else 0
            coefficient *= Fraction(int(base)) ** whole if whole else 1
            if exponent != whole:
                left[base] = exponent - whole
        powers = tuple(sorted(left.items()))
        found[powers] = found.get(powers, Fraction(0)) + coefficient
    return _terms(found)


def _terms(found: Mapping[Powers, Fraction]) -> Terms:
    return tuple(sorted((powers, coefficient) for powers, coefficient in found.items() if coefficient))


def _limited(top: Terms, bottom: Terms) -> Algebraic:
    for powers, coefficient in (*top, *bottom):
        bounded(coefficient)
        if any(exponent > _MAX_EXPONENT for _, exponent in powers):
            raise TooBig
    if max(len(top), len(bottom)) > _MAX_TERMS:
        raise TooBig
    return Algebraic(top, bottom)
