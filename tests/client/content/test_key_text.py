"""Answers as text: what is written reads back as itself, in the form that is asked for."""

from fractions import Fraction

import pytest

from client.content import reading
from client.content.forms import form_ok
from client.content.items import Answer, Form, Remainder
from client.content.key_text import answer_text
from client.content.normal_forms import Interval, NumberList, equation_of, half_line, line, point, set_of
from client.content.polynomials import linear, multiply, normal, number
from client.content.reading import Reader, read_apart
from client.content.typing_habits import TypingHabits

_QUADRATIC = normal({(("x", 2),): Fraction(1, 2), (("x", 1), ("y", 1)): Fraction(-1)})


@pytest.mark.parametrize(
    ("value", "form", "reader"),
    [
        (Fraction(-7, 2), Form.ANY, reading.number),
        (Fraction(7, 2), Form.MIXED, reading.number),
        (Fraction(-7, 2), Form.MIXED, reading.number),
        (Fraction(3), Form.MIXED, reading.number),
        (Fraction(3), Form.IMPROPER, reading.number),
        (Fraction(1, 8), Form.DECIMAL, reading.number),
        (Fraction(-1, 20), Form.DECIMAL, reading.number),
        (Fraction(1, 8), Form.PERCENT, reading.number),
        (linear("x", 1, -3), Form.EXPANDED, reading.expression),
        (linear("x", -1), Form.EXPANDED, reading.expression),
        (number(0), Form.EXPANDED, reading.expression),
        (linear("x", 6, -9), Form.FACTORED, reading.expression),
        (
            normal({(("x", 2),): Fraction(1, 2), (("x", 1), ("y", 1)): Fraction(-1)}),
            Form.EXPANDED,
            reading.expression,
        ),
        (point(-1, Fraction(1, 2)), Form.ANY, reading.point),
        (NumberList((Fraction(3), Fraction(1, 2))), Form.ANY, reading.number_list),
        (set_of(3, -1), Form.ANY, reading.number_set),
        (half_line("x", "≥", -2), Form.SOLVED, reading.inequality),
        (Interval("x", Fraction(1), Fraction(4), True, False), Form.SOLVED, reading.inequality),
        (line(Fraction(-1, 2), 3), Form.SOLVED, reading.equation),
        (equation_of(multiply(linear("x", 1), linear("x", 1)), number(4)), Form.ANY, reading.equation),
    ],
)
def test_what_is_written_reads_as_the_same_value(value: Answer, form: Form, reader: Reader) -> None:
    """And is written as the form asks."""
    letters = ("x", "y") if reader is not reading.inequality else ("x",)
    found = read_apart(answer_text(value, form), reader, TypingHabits(letters))
    assert found is not None
    assert found.value == value
    assert form_ok(form, found, letters)


def test_choices_and_remainders_are_texts_too() -> None:
    """A choice is its id."""
    assert answer_text("c2") == "c2"
    assert answer_text(Remainder(7, 2)) == "7 r 2"
