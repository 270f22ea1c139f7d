"""Typed answers of every kind: what is read, what isn't, and that no text on earth raises."""

import time
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.content import reading
from client.content.normal_forms import Interval, NormalForm, NumberList, line, point, set_of
from client.content.polynomials import Polynomial, linear, normal
from client.content.reading import Reader, read, read_apart
from client.content.typing_habits import TypingHabits
from client.content.written_forms import Shape, shape_of

_X = TypingHabits(("x",))
_XY = TypingHabits(("x", "y"))
_COMMA = TypingHabits(decimal_mark=",")
_READERS: tuple[Reader, ...] = (
    reading.number,
    reading.expression,
    reading.equation,
    reading.inequality,
    reading.point,
    reading.number_list,
    reading.number_set,
)
_ALPHABET = "0123456789.,;/+-−×xyXY*()[]{}^²³√%=<>≤≥½¾⅟ ٣٤٫٬'|\u00a0\u200e\n:$kmr"
_MATHEMATICS = st.text(alphabet=_ALPHABET, max_size=60)


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
        ("-,5", "-1/2", Shape.DECIMAL),
        ("0,125", "1/8", Shape.DECIMAL),
        ("1 000", "1000", Shape.WHOLE),
        ("1,000", "1000", Shape.WHOLE),
        ("12,345.5", "24691/2", Shape.DECIMAL),
        ("1'234'567", "1234567", Shape.WHOLE),
        ("1\u202f234,5", "2469/2", Shape.DECIMAL),
        ("3/4", "3/4", Shape.FRACTION),
        ("3 / 4", "3/4", Shape.FRACTION),
        ("3⁄4", "3/4", Shape.FRACTION),
        ("-3/4", "-3/4", Shape.FRACTION),
        ("3/-4", "-3/4", Shape.FRACTION),
        ("(-3)/4", "-3/4", Shape.FRACTION),
        ("½", "1/2", Shape.FRACTION),
        ("1 1/2", "3/2", Shape.MIXED),
        ("1\u00a01/2", "3/2", Shape.MIXED),
        ("1½", "3/2", Shape.MIXED),
        ("-1 1/2", "-3/2", Shape.MIXED),
        ("1 250/300", "11/6", Shape.MIXED),
        ("25%", "1/4", Shape.PERCENT),
        ("12.5 %", "1/8", Shape.PERCENT),
        ("33 1/3 %", "1/3", Shape.PERCENT),
        ("٢٥٪", "1/4", Shape.PERCENT),
        ("٣/٤", "3/4", Shape.FRACTION),
        ("١٬٢٣٤٫٥", "2469/2", Shape.DECIMAL),
        ("\u200f-٧", "-7", Shape.WHOLE),
        ("7×8", "56", Shape.CALCULATION),
        ("7 x 8", "56", Shape.CALCULATION),
        ("(1+2)/4", "3/4", Shape.CALCULATION),
        ("1/2+1/3", "5/6", Shape.CALCULATION),
        ("2-3-4", "-5", Shape.CALCULATION),
        ("6:2", "3", Shape.CALCULATION),
        ("--3", "3", Shape.CALCULATION),
        ("-(-3)", "3", Shape.CALCULATION),
        ("-3²", "-9", Shape.CALCULATION),
        ("(-3)^2", "9", Shape.CALCULATION),
        ("√16", "4", Shape.CALCULATION),
        ("sqrt(16/25)", "4/5", Shape.CALCULATION),
        ("2+3×4", "14", Shape.CALCULATION),
        ("24/4×2", "12", Shape.CALCULATION),
    ],
)
def test_typing_habits_are_understood(text: str, value: str, shape: Shape) -> None:
    """Decimal comma, thousands, Unicode minus, vulgar fractions, mixed numbers, digits of other scripts."""
    found = read(text, reading.number)
    assert found is not None
    assert (found.value, shape_of(found.written[0]).shape) == (Fraction(value), shape)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234", "1234"), ("1,234", "617/500"), ("1.234,5", "2469/2"), ("1,5", "3/2"), ("1.5", "3/2")],
)
def test_a_school_with_a_decimal_comma_reads_it_so(text: str, value: str) -> None:
    """What can't be a mark between thousands is still a decimal mark."""
    found = read(text, reading.number, _COMMA)
    assert found is not None
    assert found.value == Fraction(value)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "?", "abc", "1/0", "1 0/0", "5.", "0.1.2", "1e5", "1 00", "1/2 1/2", "⅟", "(1", "1)", "()", "3+",
     "__import__('os')", "9" * 41, "9" * 201, "(" * 21 + "1" + ")" * 21, "9" * 30 + "×" + "9" * 30, "2/" + "0.0",
     "2^65", "2^-1", "9^64", "2^2^2", "1/2%", "√2", "√-4", "1,2,3", "y = 3", "---3", "12 345 67"],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    """Refused by grammar or by a limit: 200 characters, depth 20, exponent 64, 40 digits."""
    assert read(text, reading.number, _X) is None


@pytest.mark.parametrize("text", ["x=3", " x = 3 ", "X=3", "3"])
def test_an_equation_for_the_letter_is_a_number_too(text: str) -> None:
    """As it is written on paper."""
    found = read(text, reading.number, _X)
    assert found is not None
    assert found.value == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3x + 4", linear("x", 3, 4)),
        ("4+3×x", linear("x", 3, 4)),
        ("3·X+4", linear("x", 3, 4)),
        ("x+x+x-−4", linear("x", 3, 4)),
        ("1/2x", linear("x", Fraction(1, 2))),
        ("x/2", linear("x", Fraction(1, 2))),
        ("1 1/2 x", linear("x", Fraction(3, 2))),
        ("-(x-2)", linear("x", -1, 2)),
        ("2(3x-1)", linear("x", 6, -2)),
        ("x²", normal({(("x", 2),): Fraction(1)})),
        ("x**2", normal({(("x", 2),): Fraction(1)})),
        ("(x+1)(x−1)", normal({(("x", 2),): Fraction(1), (): Fraction(-1)})),
        ("x(x+1)−x", normal({(("x", 2),): Fraction(1)})),
        ("3x−3x", normal({})),
        ("yx", normal({(("x", 1), ("y", 1)): Fraction(1)})),
    ],
)
def test_expressions_have_one_normal_form(text: str, value: Polynomial) -> None:
    """However they are written."""
    found = read(text, reading.expression, _XY)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["x2", "3k", "1/x", "(x+1)3", "x^x", "((x+y)^64)", "x^40 x^40", "2x=3"])
def test_other_expressions_are_not_read(text: str) -> None:
    """A strange letter, a letter below, a number behind a letter, or beyond a limit."""
    assert read(text, reading.expression, _XY) is None


@pytest.mark.parametrize("text", ["y = 2x + 1", "y=1+2x", "2x+1=y", "y - 2x = 1", "2y = 4x+2", "0 = 2x - y + 1"])
def test_equations_are_equal_when_they_say_the_same(text: str) -> None:
    """Up to a factor and to which side a term stands on."""
    found = read(text, reading.equation, _XY)
    assert found is not None
    assert found.value == line(2, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x < 3", Interval("x", high=Fraction(3))),
        ("3 > x", Interval("x", high=Fraction(3))),
        ("2x+1<7", Interval("x", high=Fraction(3))),
        ("-x > -3", Interval("x", high=Fraction(3))),
        ("x <= 3", Interval("x", high=Fraction(3), high_closed=True)),
        ("x=<3", Interval("x", high=Fraction(3), high_closed=True)),
        ("x ≥ −1/2", Interval("x", low=Fraction(-1, 2), low_closed=True)),
        ("1 < x ≤ 4", Interval("x", Fraction(1), Fraction(4), False, True)),
        ("4 ≥ x > 1", Interval("x", Fraction(1), Fraction(4), False, True)),
        ("2 ≤ x ≤ 2", Interval("x", Fraction(2), Fraction(2), True, True)),
    ],
)
def test_inequalities_are_the_values_that_solve_them(text: str, value: Interval) -> None:
    """With open and closed ends."""
    found = read(text, reading.inequality, _X)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["x", "1<2", "x<y", "x²<4", "1<x<0", "1<x<2<3", "x<", "x=3", "2<x<2"])
def test_other_inequalities_are_not_read(text: str) -> None:
    """No letter, two letters, a square, no value that solves it."""
    assert read(text, reading.inequality, _XY) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(2, -3)", point(2, -3)),
        ("2,-3", point(2, -3)),
        ("(2|−3)", point(2, -3)),
        ("(2; -3)", point(2, -3)),
        ("[2,-3]", point(2, -3)),
        ("x = 2, y = -3", point(2, -3)),
        ("y=-3, x=2", point(2, -3)),
        ("(1,5; 2)", point(Fraction(3, 2), 2)),
        ("(1.5,2)", point(Fraction(3, 2), 2)),
        ("(1/2, 1 1/2)", point(Fraction(1, 2), Fraction(3, 2))),
        ("(٢, -٣)", point(2, -3)),
    ],
)
def test_points_are_read_as_they_are_typed(text: str, value: NormalForm) -> None:
    """A semicolon or bar lets the comma be a decimal mark."""
    found = read_apart(text, reading.point, _XY)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["(2,3", "2,3)", "2", "(1,5,2)", "(x,3)", "x=2, 3", "x=2, x=3"])
def test_other_points_are_not_read(text: str) -> None:
    """Half a bracket, three numbers, a letter inside."""
    assert read_apart(text, reading.point, _XY) is None


def test_lists_keep_their_order_and_sets_do_not() -> None:
    """Braces and labels are only for sets."""
    numbers = read_apart("3, 1, 2", reading.number_list, _X)
    assert numbers is not None
    assert numbers.value == NumberList((Fraction(3), Fraction(1), Fraction(2)))
    for text in ("{3, 1, 2}", "1;2;3", "x=1, x=2, x=3", "1, 2, 2, 3"):
        found = read_apart(text, reading.number_set, _X)
        assert found is not None
        assert found.value == set_of(1, 2, 3)
    assert read_apart("{1, 2", reading.number_set, _X) is None


def test_the_parts_of_a_fraction_are_kept_as_written() -> None:
    """Form is judged on them."""
    for text, top, bottom in (("6/8", 6, 8), ("2 6/8", 6, 8), ("−6/8", 6, 8)):
        found = read(text, reading.number)
        assert found is not None
        written = shape_of(found.written[0])
        assert (written.top, written.bottom) == (top, bottom)
    precise = read("2.70", reading.number)
    assert precise is not None
    assert shape_of(precise.written[0]).places == 2


@given(st.one_of(st.text(max_size=250), _MATHEMATICS), st.sampled_from(_READERS), st.sampled_from((".", ",")))
def test_no_text_raises(text: str, reader: Reader, decimal_mark: str) -> None:
    """Whatever the kind; and what is read is equal to itself read again."""
    habits = TypingHabits(("x", "y"), decimal_mark)
    assert read(text, reader, habits) == read(text, reader, habits)
    assert read_apart(text, reader, habits) == read_apart(text, reader, habits)


def test_twenty_thousand_random_texts_are_read_in_time() -> None:
    """No exception, and no text takes 50 ms of processor time."""
    random = Random(5)
    slowest = 0.0
    for _ in range(20_000):
        text = "".join(random.choices(_ALPHABET, k=random.randint(1, 40)))
        reader = random.choice(_READERS)
        before = time.process_time()
        read_apart(text, reader, _XY)
        slowest = max(slowest, time.process_time() - before)
    assert slowest < 0.05


@pytest.mark.parametrize(
    "text",
    ["(x+y)^19" * 25, "(x+1)^23" * 25, "((((x+1)^8)^8)^8)^8", "9^9^9", "+(x+y+1)^7" * 19, "√" * 200, "-" * 200,
     "+".join(["(x+1)^16(x+1)^7"] * 12), "(" * 100 + ")" * 100, "1," * 100, "((x+1)^11)(y+1)", "9" * 200],
)  # fmt: skip
def test_texts_made_to_take_long_take_under_50_ms(text: str) -> None:
    """Limits are met before much work is done."""
    before = time.process_time()
    for reader in _READERS:
        read_apart(text, reader, _XY)
    assert time.process_time() - before < 0.05 * len(_READERS)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_a_written_fraction_reads_as_itself(top: int, bottom: int) -> None:
    """Exact, whatever the size."""
    found = read(f"{top}/{bottom}", reading.number)
    assert found is not None
    assert found.value == Fraction(top, bottom)


@given(st.lists(st.sampled_from(["3", "x", "+", "−", "×", "(", ")", "=", "<", "²", "1/2"]), max_size=12))
def test_spaces_around_signs_and_letters_do_not_matter(parts: list[str]) -> None:
    """Only between digits may a space say something."""
    near = "".join(parts)
    apart = "".join(f" {part} " if part in "+−×()=<x²" else part for part in parts)
    for reader in _READERS:
        assert read(near, reader, _X) == read(apart, reader, _X)


@given(st.integers(0, 99), st.integers(0, 30), st.integers(1, 30))
def test_a_mixed_number_is_the_sum_of_its_parts(whole: int, top: int, bottom: int) -> None:
    """Against the sum worked out with Fraction."""
    found = read(f"{whole} {top}/{bottom}", reading.number)
    assert found is not None
    assert found.value == whole + Fraction(top, bottom)
