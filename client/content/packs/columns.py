"""Written calculation column by column, as it is done rightly and as it goes wrong."""

from itertools import zip_longest


def digits_from_the_right(number: int) -> list[int]:
    """Ones first."""
    return [int(digit) for digit in reversed(str(number))]


def number_of(columns: list[int]) -> int:
    """Ones first; a column may hold more than one digit, and all of them are written down."""
    return int("".join(str(column) for column in reversed(columns)))


def column_pairs(first: int, second: int) -> list[tuple[int, int]]:
    """(digit above, digit below), ones first, with 0 where a number has no digit."""
    return list(zip_longest(digits_from_the_right(first), digits_from_the_right(second), fillvalue=0))


def carries(first: int, second: int) -> int:
    """How often ten has to be carried when the two are added."""
    carried, count = 0, 0
    for above, below in column_pairs(first, second):
        carried = int(above + below + carried >= 10)
        count += carried
    return count


def borrows(first: int, second: int) -> int:
    """How often ten has to be borrowed when the second is taken from the first."""
    borrowed, count = 0, 0
    for above, below in column_pairs(first, second):
        borrowed = int(above - borrowed < below)
        count += borrowed
    return count


def carry_lost(first: int, second: int) -> int:
    """The sum without anything carried."""
    return number_of([(above + below) % 10 for above, below in column_pairs(first, second)])


def carry_in_the_column(first: int, second: int) -> int:
    """The sum with every column's whole sum written down."""
    return number_of([above + below for above, below in column_pairs(first, second)])


def smaller_from_larger(first: int, second: int) -> int:
    """In each column the smaller digit from the larger, whichever is above."""
    return number_of([abs(above - below) for above, below in column_pairs(first, second)])


def stuck_at_zero(first: int, second: int) -> int:
    """As smaller_from_larger, but a zero above gives zero."""
    return number_of([0 if above == 0 else abs(above - below) for above, below in column_pairs(first, second)])
