"""Written numbers: marks between thousands and before decimals, by the school's habit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.digits import WrittenNumber, number_at, plain_signs
from client.content.typing_habits import TypingHabits

_POINT, _COMMA, _APART = TypingHabits(), TypingHabits(decimal_mark=","), TypingHabits(commas_separate=True)


@pytest.mark.parametrize(
    ("text", "habits", "value", "places", "end"),
    [
        ("1,234", _POINT, "1234", None, 5),
        ("1,234", _COMMA, "1.234", 3, 5),
        ("1.234", _COMMA, "1234", None, 5),
        ("1,234", _APART, "1", None, 1),
        ("0,234", _POINT, "0.234", 3, 5),
        ("1,23", _POINT, "1.23", 2, 4),
        ("1,2345", _POINT, "1.2345", 4, 6),
        ("1 234 5", _POINT, "1234", None, 5),
        ("1 234/5", _POINT, "1", None, 1),
        ("1234,5", _POINT, "1234.5", 1, 6),
        ("1 234.50", _POINT, "1234.5", 2, 8),
        ("007", _POINT, "7", None, 3),
    ],
)
def test_the_longest_number_is_read(text: str, habits: TypingHabits, value: str, places: int, end: int) -> None:
    """And where it ends."""
    assert number_at(text, 0, habits) == WrittenNumber(Fraction(value), places, end)


def test_no_number_is_none() -> None:
    """A mark alone, a letter, or more than 40 digits."""
    for text in (".", "x", "", "9" * 41):
        assert number_at(text, 0, _POINT) is None


@given(st.text(max_size=80))
def test_plain_signs_keep_every_place(text: str) -> None:
    """So that what is found in the plain text can be cut out of the typed one."""
    assert len(plain_signs(text)) == len(text)


@given(st.integers(0, 10**12), st.sampled_from([",", " ", "'"]))
def test_grouped_digits_read_as_the_number(value: int, mark: str) -> None:
    """Python writes the groups."""
    found = number_at(f"{value:,}".replace(",", mark), 0, _POINT)
    assert found is not None
    assert found.value == value
