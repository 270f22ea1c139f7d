"""Calculations of several steps: the right value, the values of wrong orders, and what is worked out first."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from client.content import algebra as a
from client.content.algebra import Piece
from client.content.mathml import Expression


@dataclass(frozen=True, slots=True)
class Calculation:
    """Numbers with a sign between each two. group: (first, last) place of the numbers in brackets, if any."""

    numbers: tuple[int, ...]
    signs: tuple[str, ...]
    group: tuple[int, int] | None = None

    def shown(self) -> Expression:
        """As it is written."""
        pieces: list[Piece] = []
        for place, number in enumerate(self.numbers):
            if place:
                pieces.append(self.signs[place - 1])
            if self.group is None or not self.group[0] <= place <= self.group[1]:
                pieces.append(number)
            elif place == self.group[0]:
                pieces.append(_bracketed(self))
            else:
                pieces.pop()
        return a.row(*pieces)


# Whole numbers stay whole where they can: that is much faster than working with fractions throughout.
_Number = Fraction | int
_BY_SIGN: dict[str, Callable[[_Number, _Number], _Number]] = {
    "+": lambda x, y: x + y,
    "−": lambda x, y: x - y,
    "×": lambda x, y: x * y,
    "÷": lambda x, y: x // y if x % y == 0 else Fraction(x) / y,
}


def value_of(calculation: Calculation) -> Fraction:
    """By the rules: brackets, then × and ÷, then + and −, each from left to right."""
    flat = _without_group(calculation)
    return _in_passes(flat.numbers, flat.signs, ("×÷", "+−"))


def without_brackets(calculation: Calculation) -> Fraction:
    """As if the brackets weren't there."""
    return _in_passes(calculation.numbers, calculation.signs, ("×÷", "+−"))


def left_to_right(calculation: Calculation) -> Fraction:
    """As if all signs were alike; brackets first."""
    flat = _without_group(calculation)
    return _in_passes(flat.numbers, flat.signs, ("+−×÷",))


def plus_before_minus(calculation: Calculation) -> Fraction:
    """As if every + came before every −."""
    flat = _without_group(calculation)
    return _in_passes(flat.numbers, flat.signs, ("×÷", "+", "−"))


def first_step(calculation: Calculation) -> tuple[Expression, Fraction]:
    """(what has to be worked out first, its value)."""
    if calculation.group is not None:
        first, last = calculation.group
        inside = Calculation(calculation.numbers[first : last + 1], calculation.signs[first:last])
        return inside.shown(), value_of(inside)
    place = next((i for i, sign in enumerate(calculation.signs) if sign in "×÷"), 0)
    part = Calculation(calculation.numbers[place : place + 2], calculation.signs[place : place + 1])
    return part.shown(), value_of(part)


@dataclass(frozen=True, slots=True)
class _Flat:
    numbers: tuple[_Number, ...]
    signs: tuple[str, ...]


def _without_group(calculation: Calculation) -> _Flat:
    numbers: tuple[_Number, ...] = calculation.numbers
    if calculation.group is None:
        return _Flat(numbers, calculation.signs)
    first, last = calculation.group
    inside: _Number = _in_passes(numbers[first : last + 1], calculation.signs[first:last], ("×÷", "+−"))
    signs = calculation.signs[:first] + calculation.signs[last:]
    return _Flat((*numbers[:first], inside, *numbers[last + 1 :]), signs)


def _in_passes(numbers: tuple[_Number, ...], signs: tuple[str, ...], passes: tuple[str, ...]) -> Fraction:
    values: list[_Number] = list(numbers)
    left = list(signs)
    for strong in passes:
        place = 0
        while place < len(left):
            if left[place] in strong:
                values[place : place + 2] = [_BY_SIGN[left.pop(place)](values[place], values[place + 1])]
            else:
                place += 1
    return Fraction(values[0])


def _bracketed(calculation: Calculation) -> Expression:
    first, last = calculation.group or (0, 0)
    pieces: list[Piece] = [calculation.numbers[first]]
    for place in range(first, last):
        pieces += [calculation.signs[place], calculation.numbers[place + 1]]
    return a.bracket(*pieces)
