"""Algebra in MathML: signs, brackets and words that belong together."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.packs.algebra_reader import operands, tokens_of, value_at
from client.content import algebra as a
from client.content.mathml import Expression


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (a.row("x", "+", 3, "=", "?"), "x plus 3 equals what number"),
        (a.row(5, "−", -3), "5 minus minus 3"),
        (a.terms((-3, "x"), (4, "")), "minus 3 x plus 4"),
        (a.terms((1, "x2"), (-1, "x"), (0, "")), "x squared minus x"),
        (a.terms((0, "x")), "0"),
        (a.term(Fraction(2, 3), "x"), "2 thirds x"),
        (a.times(3, a.bracket("x", "+", 2)), "3 open bracket x plus 2 close bracket"),
        (a.times(-3, a.bracket("x", "+", 2)), "minus 3 open bracket x plus 2 close bracket"),
        (a.power(a.bracket(-3), 2), "open bracket minus 3 close bracket squared"),
        (a.negative(a.power(3, 2)), "minus 3 squared"),
        (a.power(2, 5), "2 to the power of 5"),
        (a.root(16), "the square root of 16"),
        (a.over("x", 4), "x over 4"),
        (a.over(a.row("x", "+", 1), 4), "x plus 1, all over 4"),
        (a.point(2, -3), "the point 2, minus 3"),
        (a.percent(Fraction(25, 2)), "12.5 percent"),
        (a.decimal(Fraction(-1, 8)), "minus 0.125"),
        (a.value(Fraction(-1, 2)), "minus 1 half"),
        (a.row(2, ":", 3), "2 to 3"),
        (a.row("x", "≤", 3), "x is less than or equal to 3"),
    ],
)
def test_an_expression_is_said_as_it_is_written(shown: Expression, words: str) -> None:
    """Brackets and minus signs can be heard apart."""
    assert shown.alternative == words


def test_a_negative_number_after_a_sign_stands_in_brackets() -> None:
    """5 − (−3), not 5 − −3; in front or after an equals sign it needs none."""
    assert ">(</mo>" in a.row(5, "−", -3).inner
    assert ">(</mo>" not in a.row(-3, "+", 5, "=", -1).inner


def test_rows_in_rows_look_like_one_row() -> None:
    """So that the same words never have two looks."""
    assert a.row(a.row("x", "+", 3), "=", 7) == a.row("x", "+", 3, "=", 7)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=5), st.data())
def test_what_is_written_reads_back_as_it_was(numbers: list[int], data: st.DataObject) -> None:
    """By a reader that shares no code with the writer; the value is that of Python's own arithmetic."""
    signs = [data.draw(st.sampled_from("+−×")) for _ in numbers[1:]]
    pieces: list[a.Piece] = [numbers[0]]
    for sign, number in zip(signs, numbers[1:], strict=True):
        pieces += [sign, number]
    tokens = list(tokens_of(a.row(*pieces)))
    assert operands(tokens) == ([Fraction(n) for n in numbers], signs)
    program = "".join(f"({piece})" if isinstance(piece, int) else str(piece) for piece in pieces)
    assert value_at(tokens, {}) == eval(program.replace("−", "-").replace("×", "*"))  # noqa: S307 - our own digits


@given(st.fractions(-9, 9, max_denominator=9), st.integers(-9, 9), st.integers(-9, 9))
def test_a_sum_of_terms_has_the_value_of_its_parts(factor: Fraction, rest: int, x: int) -> None:
    """Coefficients of 1, −1 and 0 included."""
    shown = a.terms((factor, "x"), (rest, ""))
    assert value_at(list(tokens_of(shown)), {"x": Fraction(x)}) == factor * x + rest
