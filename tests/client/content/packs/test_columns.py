"""Written calculation: right and wrong columns worked by hand, and laws that tie them to the right result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.packs import columns

_NUMBERS = st.integers(0, 99_999)


@pytest.mark.parametrize(
    ("rule", "first", "second", "result"),
    [
        (columns.carry_lost, 347, 285, 522),
        (columns.carry_in_the_column, 347, 285, 51212),
        (columns.smaller_from_larger, 352, 178, 226),
        (columns.smaller_from_larger, 403, 78, 475),
        (columns.stuck_at_zero, 403, 178, 305),
        (columns.carries, 347, 285, 2),
        (columns.carries, 995, 5, 3),
        (columns.borrows, 402, 176, 2),
        (columns.borrows, 487, 176, 0),
    ],
)
def test_columns_worked_by_hand(rule: object, first: int, second: int, result: int) -> None:
    """Ones under ones, in numbers of the same length or not."""
    assert callable(rule)
    assert rule(first, second) == result


@given(_NUMBERS, _NUMBERS)
def test_without_a_carry_nothing_can_be_lost(first: int, second: int) -> None:
    """The wrong sum is right exactly when nothing had to be carried."""
    assert (columns.carry_lost(first, second) == first + second) == (columns.carries(first, second) == 0)


@given(_NUMBERS, _NUMBERS)
def test_without_a_borrow_smaller_from_larger_is_right(first: int, second: int) -> None:
    """And then only."""
    large, small = max(first, second), min(first, second)
    assert (columns.smaller_from_larger(large, small) == large - small) == (columns.borrows(large, small) == 0)
