"""How an answer was written: the shape of a number, and whether an expression is expanded, factored or solved."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import gcd, isqrt

from client.content.evaluating import evaluate
from client.content.polynomials import Polynomial
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
    Sum,
    Tree,
    parts_of,
)


class Shape(StrEnum):
    """How a number was written."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    MIXED = "mixed"
    PERCENT = "percent"
    CALCULATION = "calculation"


@dataclass(frozen=True, slots=True)
class WrittenShape:
    """`top` and `bottom` are those of the fraction part, without sign, 0 and 1 when there is none.

    places: digits after the decimal mark.
    """

    shape: Shape
    top: int = 0
    bottom: int = 1
    places: int = 0


def shape_of(tree: Tree) -> WrittenShape:
    """The shape of a number; what needs working out is a calculation."""
    unsigned = tree.of if isinstance(tree, Negative) else tree
    match unsigned:
        case Number(_, places):
            return WrittenShape(Shape.WHOLE if places is None else Shape.DECIMAL, places=places or 0)
        case Mixed(whole, top, bottom, vulgar):
            return WrittenShape(Shape.FRACTION if vulgar and not whole else Shape.MIXED, top, bottom)
        case Percent(of) if shape_of(of).shape is not Shape.CALCULATION:
            return WrittenShape(Shape.PERCENT)
        case Quotient(top, bottom, False):
            above, below = _whole(top), _whole(bottom)
            if above is not None and below is not None:
                return WrittenShape(Shape.FRACTION, above, below)
    return WrittenShape(Shape.CALCULATION)


def is_lowest(tree: Tree) -> bool:
    """A whole number, or a fraction or mixed number in lowest terms."""
    shape = shape_of(tree)
    if shape.shape is Shape.WHOLE:
        return True
    if shape.shape is Shape.MIXED:
        return shape.top < shape.bottom and gcd(shape.top, shape.bottom) == 1
    return shape.shape is Shape.FRACTION and shape.bottom > 1 and gcd(shape.top, shape.bottom) == 1


def is_expanded(tree: Tree) -> bool:
    """A sum of terms without brackets, like terms taken together."""
    terms = tree.terms if isinstance(tree, Sum) else (tree,)
    return all(_is_term(term) for term in terms) and len(terms) == max(1, len(evaluate(tree).terms))


def is_factored(tree: Tree) -> bool:
    """A product with a bracket; nothing can be taken out of a bracket, and none can be split further."""
    unsigned = tree.of if isinstance(tree, Negative) else tree
    factors = unsigned.factors if isinstance(unsigned, Product) else (unsigned,)
    brackets = [_sum_in(factor) for factor in factors]
    plain = [factor for factor, inside in zip(factors, brackets, strict=True) if inside is None]
    found = [_is_prime(inside) for inside in brackets if inside is not None]
    return bool(found) and all(found) and len(factors) + _powers(factors) > 1 and all(_is_term(f) for f in plain)


def is_solved(sides: tuple[Tree, ...], letter: str) -> bool:
    """The letter stands alone: on one of two sides, in the middle of three; no other side holds it."""
    alone = [side for side in sides if side == Letter(letter)]
    others = [side for side in sides if side != Letter(letter)]
    in_middle = len(sides) != 3 or sides[1] == Letter(letter)
    return len(alone) == 1 and in_middle and all(Letter(letter) not in parts_of(side) for side in others)


def _whole(tree: Tree) -> int | None:
    """The size of a whole number with or without sign and brackets."""
    inside = tree.of if isinstance(tree, Bracket) else tree
    unsigned = inside.of if isinstance(inside, Negative) else inside
    return int(unsigned.value) if isinstance(unsigned, Number) and unsigned.places is None else None


def _is_term(tree: Tree) -> bool:
    """One number at most, and each letter once: 3x²y, −x, 3x/4, (1/2)x."""
    unsigned = tree.of if isinstance(tree, Negative) else tree
    if isinstance(unsigned, Quotient):
        return _whole(unsigned.bottom) is not None and _is_term(unsigned.top)
    factors = unsigned.factors if isinstance(unsigned, Product) else (unsigned,)
    names = [_letter_in(factor) for factor in factors]
    letters = [name for name in names if name]
    numbers = [factor for factor, name in zip(factors, names, strict=True) if name is None]
    return len(set(letters)) == len(letters) and len(numbers) <= 1 and all(_is_number(n) for n in numbers)


def _letter_in(tree: Tree) -> str | None:
    match tree:
        case Letter(name) | Power(Letter(name), _):
            return name
        case _:
            return None


def _is_number(tree: Tree) -> bool:
    inside = tree.of if isinstance(tree, Bracket) else tree
    return shape_of(inside).shape is not Shape.CALCULATION


def _sum_in(tree: Tree) -> Polynomial | None:
    inside = tree.base if isinstance(tree, Power) else tree
    if isinstance(inside, Bracket) and isinstance(inside.of, Sum):
        return evaluate(inside.of)
    return None


def _powers(factors: tuple[Tree, ...]) -> int:
    return sum(isinstance(factor, Power) and factor.exponent > 1 for factor in factors)


def _is_prime(inside: Polynomial) -> bool:
    """Whole coefficients without a common factor, no common letter, and no rational root if quadratic."""
    coefficients = [coefficient for _, coefficient in inside.terms]
    if any(c.denominator != 1 for c in coefficients) or gcd(*(c.numerator for c in coefficients)) != 1:
        return False
    shared = set.intersection(*({name for name, _ in monomial} for monomial, _ in inside.terms))
    return len(inside.terms) > 1 and not shared and not _splits(inside)


def _splits(inside: Polynomial) -> bool:
    if inside.degree != 2 or len(inside.letters) != 1:
        return False
    (x,) = inside.letters
    a, b, c = inside.coefficient((x, 2)), inside.coefficient((x, 1)), inside.coefficient()
    discriminant = b * b - 4 * a * c
    return discriminant >= 0 and Fraction(isqrt(int(discriminant))) ** 2 == discriminant
