"""What a text says in mathematics, as a student would type it."""

import pytest

from client.content import algebra, mathml
from client.content.bank import built_in_bank
from client.content.grader import grade
from client.content.items import AnswerKind
from client.content.mathml import Expression
from client.content.mathml_typing import GAP, typed_expression
from client.content.written_pieces import in_figures, pieces

BANK = built_in_bank()


@pytest.mark.parametrize(
    ("expression", "typed"),
    [
        (mathml.fraction(23, 18), "23/18"),
        (mathml.mixed(1, 3, 4), "1 3/4"),
        (mathml.number(-5), "-5"),
        (algebra.row("x", "+", -3, "≤", 7), "x+(-3)<=7"),
        (algebra.times(3, algebra.bracket("x", "+", 2)), "3(x+2)"),
        (algebra.power("x", 2), "x^2"),
        (algebra.root(2), "√(2)"),
        (algebra.point(-1, 3), "(-1,3)"),
        (mathml.remainder(7, 2), "7 r 2"),
        (algebra.over(algebra.row("x", "+", 1), 2), "(x+1)/2"),
    ],
)
def test_a_formula_is_typed_as_it_is_shown(expression: Expression, typed: str) -> None:
    """So that the grader can judge what a page shows."""
    assert typed_expression(expression) == typed


def test_a_formula_that_cannot_be_typed_is_a_gap() -> None:
    """A blank, a table and broken MathML end what is read together."""
    for inner in ("<mi>?</mi>", "<mtable></mtable>", "<mrow>"):
        assert typed_expression(Expression(inner, "")).strip() == GAP.strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is 23/18.", "23/18"),
        ("that makes one and 5/18", "5/18"),
        ("twenty-one of them", "21"),
        ("x = −1, so", "-1"),
        ("Is it 1,250 or 7?", "1,250"),
        ("0.5 or ½", "½"),
        ("about 80 % of it", "80 %"),
        ("y = 3x + 4 is the line", "3x + 4"),
    ],
)
def test_numbers_and_expressions_in_prose_are_found(text: str, found: str) -> None:
    """Each by itself, whatever stands around it."""
    assert found in pieces((text,))


def test_number_words_may_be_left_alone() -> None:
    """A ten frame in a question isn't about ten."""
    assert "10" in pieces(("a ten frame",))
    assert "10" not in pieces(("a ten frame",), words=False)
    assert in_figures("Ninety-nine or forty two?") == "99 or 42?"


def test_every_keys_formula_is_read_back_as_the_key() -> None:
    """The last line of a worked solution, typed back, holds a piece that the grader takes for the answer."""
    for family in BANK.families()[::5]:
        item = BANK.generate(family.id, 4)
        if item.kind is not AnswerKind.CHOICE:
            assert any(grade(item, piece).correct for piece in pieces(item.steps[-1].reason)), family.id
