"""Tokens: signs in one spelling, numbers with their value, letters of the item, strangers refused."""

from fractions import Fraction

from client.content.tokens import Token, TokenKind, tokens_of
from client.content.typing_habits import TypingHabits


def _texts(text: str, *letters: str) -> list[str]:
    return [token.text for token in tokens_of(text, TypingHabits(letters)) or ()]


def test_signs_have_one_spelling() -> None:
    """Seven dashes are one minus, and a cross, a dot and an x are times."""
    assert set(_texts("-−‐‑–﹣－")) == {"−"}
    assert set(_texts("*×xX·⋅")) == {"×"}
    assert set(_texts("÷:")) == {"÷"}
    assert set(_texts("/⁄∕")) == {"/"}
    assert _texts("<= =< ≤ >= => ≥ < >") == ["≤", "≤", "≤", "≥", "≥", "≥", "<", ">"]
    assert _texts("**^") == ["^", "^"]


def test_an_x_is_a_letter_only_where_the_item_has_one() -> None:
    """Capital or not; else it means times."""
    assert [token.kind for token in tokens_of("3x", TypingHabits(("x",))) or ()] == [
        TokenKind.WHOLE,
        TokenKind.LETTER,
    ]
    assert _texts("X", "x") == ["x"]
    assert _texts("x") == ["×"]
    assert _texts("N", "n") == ["n"]
    assert tokens_of("3k", TypingHabits(("x",))) is None


def test_numbers_carry_their_value() -> None:
    """Whole, decimal with either mark, vulgar fractions, and exponents set high."""
    assert tokens_of("12 0,25 ¾ ²") == (
        Token(TokenKind.WHOLE, Fraction(12)),
        Token(TokenKind.DECIMAL, Fraction(1, 4), places=2),
        Token(TokenKind.VULGAR, Fraction(3, 4)),
        Token(TokenKind.RAISED, Fraction(2)),
    )


def test_direction_marks_are_passed_over() -> None:
    """Keyboards of right-to-left languages put them in."""
    assert tokens_of("\u200f3\u200e") == (Token(TokenKind.WHOLE, Fraction(3)),)


def test_a_stranger_spoils_the_whole() -> None:
    """Half of a text is never graded."""
    assert tokens_of("12 apples") is None
    assert tokens_of("1.") is None
    assert tokens_of("€2") is None
    assert tokens_of("1" * 201) is None
    assert tokens_of("") == ()
