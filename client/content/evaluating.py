"""Works a tree out to its polynomial, exactly; a number is a polynomial without letters."""

from fractions import Fraction
from math import isqrt

from client.content import polynomials
from client.content.parser import Unreadable
from client.content.polynomials import Polynomial, TooBig
from client.content.trees import (
    Bracket,
    Letter,
    Mixed,
    Negative,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Tree,
)


def evaluate(tree: Tree) -> Polynomial:
    """The normal form; Unreadable for a division by zero or a letter, a root that isn't exact, or a limit."""
    try:
        return _evaluate(tree)
    except TooBig as caught:
        raise Unreadable from caught


def _evaluate(tree: Tree) -> Polynomial:
    match tree:
        case Number(value):
            return polynomials.number(value)
        case Mixed(whole, top, bottom):
            return polynomials.number(whole + Fraction(top, bottom))
        case Letter(name):
            return polynomials.letter(name)
        case Sum(terms):
            return polynomials.sum_of(_evaluate(term) for term in terms)
        case Product(factors):
            return _product(factors)
        case Power(base, exponent):
            return polynomials.power(_evaluate(base), exponent)
        case Bracket(inside):
            return _evaluate(inside)
        case _:
            return _scaled(tree)


def _product(factors: tuple[Tree, ...]) -> Polynomial:
    result = polynomials.number(1)
    for factor in factors:
        result = polynomials.multiply(result, _evaluate(factor))
    return result


def _scaled(tree: Negative | Percent | Quotient | Root) -> Polynomial:
    match tree:
        case Negative(of):
            return polynomials.scale(_evaluate(of), -1)
        case Percent(of):
            return polynomials.scale(_evaluate(of), Fraction(1, 100))
        case Quotient(top, bottom):
            return _quotient(_evaluate(top), _evaluate(bottom).constant)
        case Root(of):
            return polynomials.number(_root(_evaluate(of).constant))


def _quotient(top: Polynomial, bottom: Fraction | None) -> Polynomial:
    if not bottom:
        raise Unreadable
    return polynomials.scale(top, 1 / bottom)


def _root(value: Fraction | None) -> Fraction:
    if value is None or value < 0:
        raise Unreadable
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if root**2 != value:
        raise Unreadable
    return root
