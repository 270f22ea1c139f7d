"""MathML and its words: well formed, and never one without the other."""

from fractions import Fraction

import pytest

from benchmarks.packs.stem_reader import parse_xml
from client.content import mathml as m


@pytest.mark.parametrize(
    ("expression", "inner", "words"),
    [
        (m.number(7), "<mn>7</mn>", "7"),
        (m.number(-7), "<mrow><mo>−</mo><mn>7</mn></mrow>", "minus 7"),
        (m.fraction(1, 2), "<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1 half"),
        (m.fraction(3, 2), "<mfrac><mn>3</mn><mn>2</mn></mfrac>", "3 halves"),
        (m.fraction(3, 4), "<mfrac><mn>3</mn><mn>4</mn></mfrac>", "3 quarters"),
        (m.fraction(1, 12), "<mfrac><mn>1</mn><mn>12</mn></mfrac>", "1 twelfth"),
        (m.fraction(5, 36), "<mfrac><mn>5</mn><mn>36</mn></mfrac>", "5 over 36"),
        (m.value(Fraction(6, 2)), "<mn>3</mn>", "3"),
        (m.value(Fraction(2, 4)), "<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1 half"),
        (m.mixed(2, 1, 3), "<mrow><mn>2</mn><mfrac><mn>1</mn><mn>3</mn></mfrac></mrow>", "2 and 1 third"),
        (m.blank_over(8), "<mfrac><mi>?</mi><mn>8</mn></mfrac>", "what number over 8"),
        (
            m.row(m.number(1), "<", m.number(2)),
            "<mrow><mn>1</mn><mo>&lt;</mo><mn>2</mn></mrow>",
            "1 is less than 2",
        ),
    ],
)
def test_an_expression_is_drawn_and_said(expression: m.Expression, inner: str, words: str) -> None:
    """Worked by hand."""
    assert expression.inner == inner
    assert expression.alternative == words
    parse_xml(expression.mathml)


def test_a_row_and_a_tall_fraction_nest() -> None:
    """Top and bottom may be products."""
    tall = m.divided(m.row(m.number(2), "×", m.number(3)), m.number(5))
    assert m.row(tall, "=", m.blank()).alternative == "2 times 3, all over 5 equals what number"
    assert parse_xml(tall.mathml).tag.endswith("math")
