"""Tokens: signs in one spelling, numbers with their value, strangers refused."""

from fractions import Fraction

from client.content.tokens import Token, TokenKind, tokens_of


def test_signs_have_one_spelling() -> None:
    """Seven dashes are one minus, and a cross, a dot and an x are times."""
    assert {token.text for token in tokens_of("-−‐‑–﹣－") or ()} == {"−"}
    assert {token.text for token in tokens_of("*×xX·⋅") or ()} == {"×"}
    assert {token.text for token in tokens_of("÷:") or ()} == {"÷"}
    assert {token.text for token in tokens_of("/⁄∕") or ()} == {"/"}


def test_numbers_carry_their_value() -> None:
    """Whole, decimal with either mark, and vulgar fractions."""
    assert tokens_of("12 0,25 ¾") == (
        Token(TokenKind.WHOLE, Fraction(12)),
        Token(TokenKind.DECIMAL, Fraction(1, 4)),
        Token(TokenKind.VULGAR, Fraction(3, 4)),
    )


def test_a_stranger_spoils_the_whole() -> None:
    """Half of a text is never graded."""
    assert tokens_of("12 apples") is None
    assert tokens_of("1.") is None
    assert tokens_of("√2") is None
    assert tokens_of("") == ()
