"""Normal forms: equal answers are the same value, and every one survives a file."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content.normal_forms import (
    Interval,
    NormalForm,
    NumberList,
    both,
    equation_of,
    half_line,
    line,
    point,
    set_of,
)
from client.content.normal_forms_plain import from_plain, to_plain
from client.content.polynomials import letter, linear, number, scale
from common.errors import Corrupt

_NUMBERS = st.fractions(-50, 50, max_denominator=9)


@given(_NUMBERS, _NUMBERS, _NUMBERS.filter(bool))
def test_multiples_of_an_equation_are_the_same(slope: Fraction, rest: Fraction, factor: Fraction) -> None:
    """And so are its two sides the other way round."""
    left, right = letter("y"), linear("x", slope, rest)
    assert equation_of(scale(left, factor), scale(right, factor)) == line(slope, rest) == equation_of(right, left)


@given(_NUMBERS, _NUMBERS, st.sampled_from("<≤>≥"), st.sampled_from("<≤>≥"))
def test_both_holds_where_each_of_two_holds(a: Fraction, b: Fraction, first: str, second: str) -> None:
    """Tried at the ends, between and beyond them."""
    halves = half_line("x", first, a), half_line("x", second, b)
    joined = both(*halves)
    for value in (a, b, (a + b) / 2, min(a, b) - 1, max(a, b) + 1):
        inside = joined is not None and _holds(joined, value)
        assert inside == all(_holds(half, value) for half in halves)


def _holds(interval: Interval, value: Fraction) -> bool:
    above = interval.low is None or value > interval.low or (interval.low_closed and value == interval.low)
    below = interval.high is None or value < interval.high or (interval.high_closed and value == interval.high)
    return above and below


def test_different_letters_have_nothing_in_common() -> None:
    """An inequality is about one letter."""
    assert both(half_line("x", "<", 1), half_line("y", "<", 1)) is None


@pytest.mark.parametrize(
    "value",
    [
        Fraction(-3, 4),
        linear("x", Fraction(1, 2), -3),
        number(0),
        point(1, Fraction(-1, 2)),
        NumberList((Fraction(3), Fraction(1))),
        set_of(3, 1, 3),
        half_line("n", "≤", -2),
        line(2, 1),
    ],
)
def test_a_normal_form_survives_a_file(value: NormalForm) -> None:
    """As JSON text and back."""
    assert from_plain(json.loads(json.dumps(to_plain(value)))) == value


@pytest.mark.parametrize(
    "plain",
    [
        {"form": "number", "value": "1/0"},
        {"form": "number", "value": "2/4"},
        {"form": "number"},
        {"form": "point", "values": ["1"]},
        {"form": "set", "values": ["3", "1"]},
        {"form": "polynomial", "terms": [[[["x", 1]], "one"]]},
        {"form": "matrix", "values": []},
        {"form": "number", "value": "1", "more": 1},
    ],
)
def test_a_spoilt_file_is_refused(plain: dict[str, object]) -> None:
    """Also one that isn't in the normal form."""
    with pytest.raises(Corrupt):
        from_plain(plain)
