"""Units: taken off where the item has them, left alone elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.units import without_unit


@pytest.mark.parametrize(
    ("text", "units", "rest"),
    [
        ("5 km", ("km",), "5 "),
        ("5km", ("km", "m"), "5"),
        ("5 KM", ("km",), "5 "),
        ("$5", ("$",), "5"),
        ("5 €", ("€",), "5 "),
        ("30 %", ("%",), "30 "),
        ("5 km", ("m",), "5 km"),
        ("5 km", (), "5 km"),
        ("km 5", ("km",), "km 5"),
        ("½ litre", ("litre", "litres"), "½ "),
    ],
)
def test_a_unit_of_the_item_is_taken_off(text: str, units: tuple[str, ...], rest: str) -> None:
    """Behind the number, and signs of currency also in front."""
    assert without_unit(text, units) == rest


@given(st.text(max_size=30), st.lists(st.text(max_size=4), max_size=3).map(tuple))
def test_no_text_raises_and_nothing_is_added(text: str, units: tuple[str, ...]) -> None:
    """What comes back is a piece of what went in."""
    assert without_unit(text, units) in text
