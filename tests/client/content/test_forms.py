"""Forms: each one has a message, and an answer in it passes."""

import pytest

from client.content import reading
from client.content.forms import FORM_MESSAGES, form_ok
from client.content.items import Form
from client.content.reading import Reader, read
from client.content.typing_habits import TypingHabits

_X = TypingHabits(("x",))


@pytest.mark.parametrize(
    ("form", "reader", "right", "equal_only"),
    [
        (Form.ANY, reading.number, ["6/8", "1+2"], []),
        (Form.SIMPLEST, reading.number, ["3/4", "1 1/2"], ["6/8", "0.5"]),
        (Form.MIXED, reading.number, ["1 1/2", "3"], ["3/2", "1 3/2"]),
        (Form.IMPROPER, reading.number, ["3/2"], ["1 1/2", "1.5"]),
        (Form.DECIMAL, reading.number, ["0.75", "2"], ["3/4"]),
        (Form.PERCENT, reading.number, ["75%"], ["0.75", "3/4"]),
        (Form.EXPANDED, reading.expression, ["2x+6"], ["2(x+3)"]),
        (Form.FACTORED, reading.expression, ["2(x+3)"], ["2x+6"]),
        (Form.SOLVED, reading.inequality, ["x<3"], ["2x<6"]),
    ],
)
def test_each_form_tells_right_from_equal_only(
    form: Form, reader: Reader, right: list[str], equal_only: list[str]
) -> None:
    """And has something to say."""
    for text, expected in [(t, True) for t in right] + [(t, False) for t in equal_only]:
        found = read(text, reader, _X)
        assert found is not None, text
        assert form_ok(form, found, ("x",)) == expected, text
    assert form is Form.ANY or FORM_MESSAGES[form]


def test_every_form_has_a_message() -> None:
    """Except the one that asks for nothing."""
    assert set(FORM_MESSAGES) == set(Form) - {Form.ANY}
