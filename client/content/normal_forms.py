"""Normal forms of answers that are more than a number: two answers are equal exactly when these are the same."""

from dataclasses import dataclass
from fractions import Fraction

from client.content import polynomials
from client.content.algebraic import Algebraic
from client.content.polynomials import Polynomial


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the coordinate plane."""

    x: Fraction
    y: Fraction


@dataclass(frozen=True, slots=True)
class NumberList:
    """Numbers whose order counts."""

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class NumberSet:
    """Numbers whose order doesn't count; make one with `set_of`."""

    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """The values of a letter that solve an inequality. An end that is None is open and without limit."""

    letter: str
    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = False
    high_closed: bool = False


@dataclass(frozen=True, slots=True)
class Equation:
    """`zero` = 0, with 1 as its first coefficient; make one with `equation_of`."""

    zero: Polynomial


_End = tuple[Fraction | None, bool]
NormalForm = Fraction | Polynomial | Point | NumberList | NumberSet | Interval | Equation | Algebraic


def set_of(*values: Fraction | int) -> NumberSet:
    """Sorted, each once."""
    return NumberSet(tuple(sorted({Fraction(value) for value in values})))


def point(x: Fraction | int, y: Fraction | int) -> Point:
    """With exact coordinates."""
    return Point(Fraction(x), Fraction(y))


def line(slope: Fraction | int, intercept: Fraction | int) -> Equation:
    """y = slope × x + intercept."""
    return equation_of(polynomials.letter("y"), polynomials.linear("x", slope, intercept))


def equation_of(left: Polynomial, right: Polynomial) -> Equation:
    """left = right; the same for every way to write it as multiples of one difference."""
    difference = polynomials.subtract(left, right)
    if not difference.terms:
        return Equation(difference)
    return Equation(polynomials.scale(difference, 1 / difference.terms[0][1]))


def half_line(letter: str, relation: str, bound: Fraction | int) -> Interval:
    """letter < bound, or with ≤, > or ≥."""
    end = Fraction(bound)
    if relation in ("<", "≤"):
        return Interval(letter, high=end, high_closed=relation == "≤")
    return Interval(letter, low=end, low_closed=relation == "≥")


def both(first: Interval, second: Interval) -> Interval | None:
    """The values that solve both; None when there are none or the letters differ."""
    if first.letter != second.letter:
        return None
    low, low_closed = _tighter((first.low, first.low_closed), (second.low, second.low_closed), upper=False)
    high, high_closed = _tighter((first.high, first.high_closed), (second.high, second.high_closed), upper=True)
    if low is not None and high is not None and (low > high or (low == high and not (low_closed and high_closed))):
        return None
    return Interval(first.letter, low, high, low_closed, high_closed)


def _tighter(first: _End, second: _End, *, upper: bool) -> _End:
    if first[0] is None or second[0] is None:
        return second if first[0] is None else first
    if first[0] == second[0]:
        return first[0], first[1] and second[1]
    return first if (first[0] < second[0]) == upper else second
