"""Typed numbers: what is read, what isn't, and that no text on earth raises."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.numbers import Reading, Shape, read_number

_NUMBERISH = st.text(alphabet="0123456789.,/+-−×x*()½¾⅟ ٣٤\u00a0\n:", max_size=60)


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        ("56", "56", Shape.WHOLE),
        (" 056 ", "56", Shape.WHOLE),
        ("-3", "-3", Shape.WHOLE),
        ("−3", "-3", Shape.WHOLE),
        ("+3", "3", Shape.WHOLE),
        ("1.5", "3/2", Shape.DECIMAL),
        ("1,5", "3/2", Shape.DECIMAL),
        (".5", "1/2", Shape.DECIMAL),
        ("3/4", "3/4", Shape.FRACTION),
        ("3 / 4", "3/4", Shape.FRACTION),
        ("3⁄4", "3/4", Shape.FRACTION),
        ("½", "1/2", Shape.FRACTION),
        ("1 1/2", "3/2", Shape.MIXED),
        ("1\u00a01/2", "3/2", Shape.MIXED),
        ("1½", "3/2", Shape.MIXED),
        ("-1 1/2", "-3/2", Shape.MIXED),
        ("٣/٤", "3/4", Shape.FRACTION),
        ("7×8", "56", Shape.CALCULATION),
        ("7 x 8", "56", Shape.CALCULATION),
        ("(1+2)/4", "3/4", Shape.CALCULATION),
        ("1/2+1/3", "5/6", Shape.CALCULATION),
        ("2-3-4", "-5", Shape.CALCULATION),
        ("6:2", "3", Shape.CALCULATION),
        ("--3", "3", Shape.CALCULATION),
    ],
)
def test_typing_habits_are_understood(text: str, value: str, shape: Shape) -> None:
    """Decimal comma, Unicode minus, vulgar fractions, mixed numbers, digits of other scripts."""
    reading = read_number(text)
    assert reading is not None
    assert (reading.value, reading.shape) == (Fraction(value), shape)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "?", "abc", "1/0", "1 0/0", "5.", "0.1.2", "1e5", "1 000", "1/2 1/2", "⅟", "(1", "1)", "()", "3+",
     "__import__('os')", "9" * 41, "9" * 201, "(" * 21 + "1" + ")" * 21, "9" * 30 + "×" + "9" * 30, "2/" + "0.0"],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    """Refused by grammar or by a limit: 200 characters, depth 20, 40 digits."""
    assert read_number(text) is None


def test_the_parts_of_a_fraction_are_kept_as_written() -> None:
    """Form is judged on them."""
    assert read_number("6/8") == Reading(Fraction(3, 4), Shape.FRACTION, 6, 8)
    assert read_number("2 6/8") == Reading(Fraction(11, 4), Shape.MIXED, 6, 8)


@given(st.one_of(st.text(max_size=250), _NUMBERISH))
def test_no_text_raises(text: str) -> None:
    """The result is a bounded number or None."""
    reading = read_number(text)
    assert reading is None or reading.value.denominator <= 10**40


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_a_written_fraction_reads_as_itself(top: int, bottom: int) -> None:
    """Exact, whatever the size."""
    reading = read_number(f"{top}/{bottom}")
    assert reading is not None
    assert reading.value == Fraction(top, bottom)


@given(_NUMBERISH)
def test_spaces_around_do_not_matter(text: str) -> None:
    """Only spaces inside a number may."""
    assert read_number(f"  {text} ") == read_number(text) or len(text) > 195


@given(st.integers(0, 99), st.integers(0, 30), st.integers(1, 30))
def test_a_mixed_number_is_the_sum_of_its_parts(whole: int, top: int, bottom: int) -> None:
    """Against the sum worked out with Fraction."""
    reading = read_number(f"{whole} {top}/{bottom}")
    assert reading is not None
    assert reading.value == whole + Fraction(top, bottom)
