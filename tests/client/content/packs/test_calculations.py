"""Calculations of several steps: rules of order and wrong orders, worked by hand."""

from fractions import Fraction

import pytest

from client.content.packs.calculations import (
    Calculation,
    first_step,
    left_to_right,
    plus_before_minus,
    value_of,
    without_brackets,
)


@pytest.mark.parametrize(
    ("calculation", "value", "in_a_row", "plus_first", "bare", "first"),
    [
        (Calculation((3, 4, 2), ("+", "×")), 11, 14, 11, 11, "4 times 2"),
        (Calculation((20, 5, 3), ("−", "+")), 18, 18, 12, 18, "20 minus 5"),
        (Calculation((20, 12, 4), ("−", "÷")), 17, 2, 17, 17, "12 divided by 4"),
        (Calculation((2, 3, 4, 5), ("×", "+", "×")), 26, 50, 26, 26, "2 times 3"),
        (Calculation((5, 2, 3), ("×", "+"), (1, 2)), 25, 25, 25, 13, "2 plus 3"),
        (Calculation((2, 3, 5), ("+", "×"), (0, 1)), 25, 25, 25, 17, "2 plus 3"),
        (Calculation((20, 8, 3), ("−", "−"), (1, 2)), 15, 15, 15, 9, "8 minus 3"),
        (Calculation((10, 2, 8, 3), ("+", "×", "−"), (2, 3)), 20, 60, 20, 23, "8 minus 3"),
    ],
)
def test_each_order_gives_its_value(
    calculation: Calculation, value: int, in_a_row: int, plus_first: int, bare: int, first: str
) -> None:
    """Brackets, then × and ÷, then + and −; and the orders of those who think otherwise."""
    assert value_of(calculation) == value
    assert left_to_right(calculation) == in_a_row
    assert plus_before_minus(calculation) == plus_first
    assert without_brackets(calculation) == bare
    assert first_step(calculation)[0].alternative == first


def test_a_calculation_is_shown_with_its_brackets() -> None:
    """Around the group only; division may leave a fraction."""
    assert Calculation((2, 3, 5), ("+", "×"), (0, 1)).shown().alternative == (
        "open bracket 2 plus 3 close bracket times 5"
    )
    assert Calculation((10, 2, 8, 3), ("+", "×", "−"), (2, 3)).shown().alternative == (
        "10 plus 2 times open bracket 8 minus 3 close bracket"
    )
    assert value_of(Calculation((1, 3), ("÷",))) == Fraction(1, 3)
