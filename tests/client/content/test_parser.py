"""The parser: what binds to what, and that nothing is lost of what was written."""

from fractions import Fraction

import pytest

from client.content.parser import MAX_DEPTH, Cursor, Unreadable, parse_sum
from client.content.tokens import tokens_of
from client.content.trees import (
    Bracket,
    Letter,
    Mixed,
    Negative,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Tree,
    parts_of,
)
from client.content.typing_habits import TypingHabits


def _tree(text: str) -> Tree:
    return parse_sum(Cursor(tokens_of(text, TypingHabits(("x", "y"))) or ()))


def _number(value: int) -> Number:
    return Number(Fraction(value))


def test_products_bind_before_sums_and_powers_before_both() -> None:
    """A minus sign in front binds less than a power."""
    x = Letter("x")
    assert _tree("1+2x^2") == Sum((_number(1), Product((_number(2), Power(x, 2)))))
    assert _tree("-3²") == Negative(Power(_number(3), 2))
    assert _tree("5−−3") == Sum((_number(5), Negative(Negative(_number(3)))))
    assert _tree("(−3)²") == Power(Bracket(Negative(_number(3))), 2)


def test_division_goes_from_left_to_right() -> None:
    """1/2x is half of x, and the sign ÷ stays apart from a fraction."""
    assert _tree("1/2x") == Product((Quotient(_number(1), _number(2)), Letter("x")))
    assert _tree("8÷4/2") == Quotient(Quotient(_number(8), _number(4), division=True), _number(2))
    assert _tree("2×-3") == Product((_number(2), Negative(_number(3))))


def test_atoms_keep_how_they_were_written() -> None:
    """Mixed numbers, vulgar fractions, decimals with their places, percents and roots."""
    assert _tree("1 2/4") == Mixed(1, 2, 4)
    assert _tree("½") == Mixed(0, 1, 2, vulgar=True)
    assert _tree("2.50") == Number(Fraction(5, 2), 2)
    assert _tree("5%") == Percent(_number(5))
    assert _tree("√9y") == Product((Root(_number(9)), Letter("y")))


def test_the_parts_of_a_tree_come_from_left_to_right() -> None:
    """The tree itself first."""
    tree = _tree("2(x+√4)y%")
    assert [part.name for part in parts_of(tree) if isinstance(part, Letter)] == ["x", "y"]
    assert next(iter(parts_of(tree))) is tree


@pytest.mark.parametrize("text", ["2 3", "x 3", "(x)3", "+", "2^", "2^65", "2^x", "()", "(", "1/2 3", "²", "1/2%"])
def test_what_the_grammar_lacks_is_unreadable(text: str) -> None:
    """Either at once or by what is left over."""
    cursor = Cursor(tokens_of(text, TypingHabits(("x",))) or ())
    try:
        parse_sum(cursor)
    except Unreadable:
        return
    assert cursor.peek() is not None


def test_depth_is_limited() -> None:
    """Brackets in brackets, and roots of roots."""
    assert _tree("(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH)
    for deep in ("(" * 21 + "1" + ")" * 21, "√" * 21 + "1"):
        with pytest.raises(Unreadable):
            _tree(deep)
