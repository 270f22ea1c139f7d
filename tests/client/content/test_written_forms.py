"""Forms of expressions: expanded, factored, solved, lowest terms."""

import pytest

from client.content import reading
from client.content.reading import read
from client.content.trees import Tree
from client.content.typing_habits import TypingHabits
from client.content.written_forms import is_expanded, is_factored, is_lowest, is_solved

_XY = TypingHabits(("x", "y"))


def _tree(text: str) -> Tree:
    found = read(text, reading.expression, _XY)
    assert found is not None, text
    return found.written[0]


@pytest.mark.parametrize(
    "text", ["3x+4", "4+3x", "-x", "x²−2x+1", "1/2x", "(1/2)x", "x/2+1", "3xy", "7", "0", "−3x/4"]
)
def test_expanded_means_no_brackets_and_one_term_of_each_kind(text: str) -> None:
    """In any order of the terms."""
    assert is_expanded(_tree(text))


@pytest.mark.parametrize(
    "text", ["x+x", "3x+4+1", "2(x+1)", "2×3x", "x·x", "3x+0", "x(y)", "(x+1)²", "(x)+1", "6/(1+1)x"]
)
def test_what_can_be_worked_out_further_is_not_expanded(text: str) -> None:
    """Like terms, brackets, two numbers in a term."""
    assert not is_expanded(_tree(text))


@pytest.mark.parametrize(
    "text", ["2(x+3)", "(x+3)×2", "−2(x+3)", "x(x+1)", "3x(x-2)", "(x+1)(x-2)", "(x+1)²", "2(x²+1)"]
)
def test_factored_means_a_product_with_nothing_left_to_take_out(text: str) -> None:
    """Of whole coefficients."""
    assert is_factored(_tree(text))


@pytest.mark.parametrize(
    "text", ["2x+6", "2(2x+6)", "x(x²+x)", "(x+1)", "x²−1", "3(x²−1)", "2(x+1/2)", "2x", "(x+1)(x+2)+1"]
)
def test_what_can_be_split_further_is_not_factored(text: str) -> None:
    """A common factor left inside, a quadratic with rational roots, a sum on the outside."""
    assert not is_factored(_tree(text))


def test_lowest_terms() -> None:
    """A whole number over 1 isn't, nor is a mixed number whose fraction is one or more."""
    for text in ("3", "-3/4", "1 1/2", "½"):
        assert is_lowest(_tree(text)), text
    for text in ("6/8", "3/1", "1 2/4", "1 3/2", "0.5", "50%", "1+2"):
        assert not is_lowest(_tree(text)), text


@pytest.mark.parametrize(
    ("text", "letter", "solved"),
    [
        ("y=2x+1", "y", True),
        ("2x+1=y", "y", True),
        ("y-1=2x", "y", False),
        ("y=2x+1", "x", False),
        ("y=y", "y", False),
        ("x=2y−x", "x", False),
    ],
)
def test_solved_means_the_letter_alone_on_one_side(text: str, letter: str, solved: bool) -> None:
    """And nowhere on the other."""
    found = read(text, reading.equation, _XY)
    assert found is not None
    assert is_solved(found.written, letter) == solved


@pytest.mark.parametrize(
    ("text", "solved"), [("x<3", True), ("3>x", True), ("1<x<3", True), ("2x<6", False), ("x+1<4", False)]
)
def test_an_inequality_is_solved_in_the_same_sense(text: str, solved: bool) -> None:
    """Between two bounds the letter stands in the middle."""
    found = read(text, reading.inequality, _XY)
    assert found is not None
    assert is_solved(found.written, "x") == solved
