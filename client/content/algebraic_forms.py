"""Works a tree out to an Algebraic, and says whether roots and fractions in it are as simple as school asks."""

from fractions import Fraction
from math import gcd

from client.content import algebraic
from client.content.algebraic import Algebraic
from client.content.parser import Unreadable
from client.content.polynomials import TooBig
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
    parts_of,
)


def evaluate_algebraic(tree: Tree) -> Algebraic:
    """The exact value; Unreadable for a division by zero, a root of a sum or below zero, or a limit."""
    try:
        return _evaluate(tree)
    except (TooBig, ArithmeticError) as caught:
        raise Unreadable from caught


def is_reduced(tree: Tree) -> bool:
    """Nothing left to take out of a root, no root below a line, no like terms, no factor to cancel."""
    return all(map(_is_reduced_here, parts_of(tree)))


def _evaluate(tree: Tree) -> Algebraic:
    match tree:
        case Number(value):
            return algebraic.number(value)
        case Mixed(whole, top, bottom):
            return algebraic.number(whole + Fraction(top, bottom))
        case Letter(name):
            return algebraic.letter(name)
        case Sum(first_terms):
            return _folded_sum(first_terms)
        case Product(factors):
            result = algebraic.number(Fraction(1))
            for factor in factors:
                result = algebraic.multiply(result, _evaluate(factor))
            return result
        case Quotient(top, bottom):
            return algebraic.multiply(_evaluate(top), algebraic.inverse(_evaluate(bottom)))
        case _:
            return _of_one(tree)


def _of_one(tree: Negative | Percent | Power | Root | Bracket) -> Algebraic:
    match tree:
        case Negative(of):
            return algebraic.multiply(algebraic.number(Fraction(-1)), _evaluate(of))
        case Percent(of):
            return algebraic.multiply(algebraic.number(Fraction(1, 100)), _evaluate(of))
        case Power(base, exponent):
            return algebraic.power(_evaluate(base), exponent)
        case Root(of):
            return algebraic.square_root(_evaluate(of))
        case Bracket(of):
            return _evaluate(of)


def _folded_sum(terms: tuple[Tree, ...]) -> Algebraic:
    total = algebraic.number(Fraction(0))
    for term in terms:
        total = algebraic.add(total, _evaluate(term))
    return total


def _is_reduced_here(tree: Tree) -> bool:
    match tree:
        case Root(of):
            return _is_square_free(_evaluate(of))
        case Quotient(top, bottom):
            return not any(isinstance(part, Root) for part in parts_of(bottom)) and _is_cancelled(top, bottom)
        case Sum(terms):
            return len(_evaluate(tree).top) == len(terms)
        case Product(factors):
            roots = [factor for factor in factors if isinstance(factor, Root)]
            return len(roots) <= 1
        case Power(base, exponent):
            # (4²)³ and (2x)³ are still to be worked out.
            return exponent == 1 or isinstance(base, Letter | Number) or len(_evaluate(base).top) > 1
        case _:
            return True


def _is_square_free(inside: Algebraic) -> bool:
    """A whole number and letters, none of which has a square in it."""
    if inside.bottom != algebraic.number(Fraction(1)).top or len(inside.top) != 1:
        return False
    ((powers, coefficient),) = inside.top
    rooted = algebraic.square_root(algebraic.number(coefficient)).top
    return coefficient.denominator == 1 and rooted[0][1] == 1 and all(exponent < 2 for _, exponent in powers)


def _is_cancelled(top: Tree, bottom: Tree) -> bool:
    """Of a single term below the line: no letter and no whole number in common with every term above it."""
    above, below = _evaluate(top).top, _evaluate(bottom).top
    if len(below) != 1 or not above:
        return above != below
    ((powers, divisor),) = below
    common = [name for name, _ in powers if all(name in dict(term) for term, _ in above)]
    whole = gcd(divisor.numerator, *(coefficient.numerator for _, coefficient in above))
    return not common and (whole == 1 or divisor == 1)
