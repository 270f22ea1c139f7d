"""Algebraic values: equal however they are written, exactly, within limits; and when they are simple enough."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content import reading
from client.content.algebraic import Algebraic, Terms, add, inverse, multiply, number, power, square_root
from client.content.algebraic_forms import is_reduced
from client.content.key_text import answer_text
from client.content.normal_forms_plain import from_plain, to_plain
from client.content.reading import Reading
from client.content.typing_habits import TypingHabits
from common.errors import Corrupt


def _read(text: str) -> Reading | None:
    return reading.read(text, reading.algebraic, TypingHabits(("x", "y")))


def _value(text: str) -> Algebraic:
    found = _read(text)
    assert found is not None
    assert isinstance(found.value, Algebraic)
    return found.value


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("√(50)", "5√(2)"),
        ("√(2) × √(6)", "2√(3)"),
        ("1/√(2)", "√(2)/2"),
        ("(1+√(5))/(3)", "(2+2√(5))/6"),
        ("4/(3-√(5))", "3+√(5)"),
        ("√(3/4)", "√(3)/2"),
        ("√(12x^3)", "2x√(3x)"),
        ("x^3/(8y)", "2x^3/(16y)"),
        ("(x^2-9)/(x+3)", "x-3"),
        ("1/x + 1/y", "(x+y)/(x y)"),
        ("y = 160/x", "160/x"),
        ("√(0)", "0"),
        ("50%", "1/2"),
        ("1 1/2 x", "3x/2"),
    ],
)
def test_equal_values_are_equal(first: str, second: str) -> None:
    """Worked by hand; either way round."""
    assert _value(first) == _value(second)
    assert _value(second) == _value(first)
    assert hash(_value(first)) == hash(_value(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("√(2)", "√(3)"),
        ("√(2)+√(3)", "√(5)"),
        ("x/y", "y/x"),
        ("√(x)", "x"),
        ("√(2)", "1.41421356237"),
        ("x", "-x"),
    ],
)
def test_others_are_not(first: str, second: str) -> None:
    """However close they are."""
    assert _value(first) != _value(second)


@pytest.mark.parametrize(
    "text", ["1/0", "1/(x-x)", "√(-4)", "√(x+1)", "√(1000001)", "√", "(x+1)^64", "9^64 × 9^64", "x^64 × x^64"]
)
def test_what_has_no_exact_value_here_is_unreadable(text: str) -> None:
    """Never an error, never wrong."""
    assert _read(text) is None


def test_nothing_else_is_equal() -> None:
    """An Algebraic is not the number that it equals."""
    assert _value("2") != Fraction(2)


@pytest.mark.parametrize(
    "text", ["5√(2)", "(2+√(5))/2", "x^3/(8y)", "3x√(2x)", "4√(x)-2√(y)", "(x+1)/(2y)", "7/8"]
)
def test_reduced(text: str) -> None:
    """As a book would print it."""
    found = _read(text)
    assert found is not None
    assert all(map(is_reduced, found.written))


@pytest.mark.parametrize(
    "text",
    ["√(50)", "√(x^3)", "√(1/2)", "1/√(2)", "3√(2)+4√(2)", "√(2)√(3)", "x^3/x", "6x/8", "x/x", "(2x)^3/y", "√(0)"],
)
def test_not_reduced(text: str) -> None:
    """There is something left to do."""
    found = _read(text)
    assert found is not None
    assert not all(map(is_reduced, found.written))


@pytest.mark.parametrize("text", ["5√(2)", "(2+√(5))/(2x)", "x^3/(8y)", "0", "-x√(3y)/7"])
def test_plain_form_and_typed_form_come_back(text: str) -> None:
    """For files, and for whoever types the key."""
    value = _value(text)
    assert from_plain(to_plain(value)) == value
    assert _value(answer_text(value)) == value


@pytest.mark.parametrize(
    "bottom",
    [[], [[[], "0"]], [[[["2", "3/2"]], "1"]], [[[["x", "1"]], "1"], [[["x", "1"]], "1"]], [[[["x", "99"]], "1"]]],
)
def test_a_plain_form_that_is_not_normal_is_refused(bottom: list[object]) -> None:
    """Nothing below, a whole power of a prime left in a root, a term twice, an exponent beyond the limit."""
    with pytest.raises(Corrupt):
        from_plain({"form": "algebraic", "top": [[[], "1"]], "bottom": bottom})


_SMALL = st.integers(1, 60)
_SIGNED = st.integers(-30, 30)


@given(a=_SIGNED, b=_SIGNED, c=_SIGNED.filter(bool), m=_SMALL, n=_SMALL)
def test_values_agree_with_floating_point(a: int, b: int, c: int, m: int, n: int) -> None:
    """(a√m + b√n) / c, the plain twin."""
    first = multiply(number(Fraction(a)), square_root(number(Fraction(m))))
    second = multiply(number(Fraction(b)), square_root(number(Fraction(n))))
    value = multiply(add(first, second), inverse(number(Fraction(c))))
    expected = (a * sqrt(m) + b * sqrt(n)) / c
    assert _float(value) == pytest.approx(expected, abs=1e-9)


@given(m=_SMALL, n=_SMALL)
def test_roots_multiply(m: int, n: int) -> None:
    """√m √n = √(mn) and (√m)² = m."""
    first, second = square_root(number(Fraction(m))), square_root(number(Fraction(n)))
    assert multiply(first, second) == square_root(number(Fraction(m * n)))
    assert power(first, 2) == number(Fraction(m))


def _float(value: Algebraic) -> float:
    def worth(terms: Terms) -> float:
        total = 0.0
        for powers, coefficient in terms:
            product = float(coefficient)
            for base, exponent in powers:
                product *= float(base) ** float(exponent)
            total += product
        return total

    return worth(value.top) / worth(value.bottom)


@given(text=st.text(alphabet="0123456789+-*/^√()xy. ", max_size=40))
def test_any_text_is_read_or_not_but_never_an_error(text: str) -> None:
    """What is read can also be judged and compared."""
    found = _read(text)
    if found is not None:
        assert all(is_reduced(part) in (True, False) for part in found.written)
        assert found.value == found.value
