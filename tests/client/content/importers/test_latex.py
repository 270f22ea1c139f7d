"""LaTeX to words, to typed mathematics, and to its repairs where text and formulas are mixed."""

import pytest

from client.content.importers.formulas import expression_of
from client.content.importers.latex_trees import BadLatex, latex_tree, letters_in
from client.content.importers.latex_typing import latex_typed
from client.content.importers.latex_words import latex_words
from client.content.importers.licences import Licence, licence_of
from client.content.importers.mixed_text import Formula, LeftOut, mixed_text


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("\\frac{3}{4}", "3 quarters"),
        ("\\frac{x}{y}", "x over y"),
        ("\\frac{x+1}{y}", "the fraction x plus 1, all over y, end of fraction"),
        ("x^2-5^{10}", "x squared minus 5 to the power 10"),
        ("x^{n+1}", "x to the power n plus 1, end of power"),
        ("\\sqrt{2x}", "the square root of 2 x, end of root"),
        ("\\sqrt[3]{y}", "the cube root of y"),
        ("x_1 \\leq -2", "x sub 1 is at most minus 2"),
        ("\\left(2,\\infty\\right)", "open bracket 2 , infinity close bracket"),
        ("\\begin{bmatrix}1 & 2\\\\3 & 4\\end{bmatrix}", "matrix with row 1: 1, 2; row 2: 3, 4; end of matrix"),
        ("\\operatorname{log} 10 \\times\\pi", "log 10 times pi"),
    ],
)
def test_formulas_are_said(latex: str, words: str) -> None:
    """And drawn: the words stand beside MathML."""
    assert latex_words(latex_tree(latex)) == words
    assert expression_of(latex).alternative == words


@pytest.mark.parametrize(
    ("latex", "typed"),
    [
        ("\\frac{-3}{8}", "- 3/8"),
        ("2\\frac{1}{2}", "2 1/2"),
        ("\\frac{x+1}{2y}", "((x+ 1)/(2y))"),
        ("{10}^{4}", "10^4"),
        ("\\left(x+1\\right)^2", "(x+ 1)^2"),
        ("5\\sqrt{2}", "5√( 2)"),
        ("x\\geq 3", "x>= 3"),
        ("\\sqrt[3]{x}", None),
        ("x_1", None),
        ("\\sin x", None),
    ],
)
def test_formulas_are_typed(latex: str, typed: str | None) -> None:
    """As the grader reads them, or not at all."""
    assert latex_typed(latex_tree(latex)) == typed


@pytest.mark.parametrize(
    "latex", ["{", "}", "\\frac{1}", "x^", "\\begin{a}1", "{" * 40 + "}" * 40, "x" * 3000, "\\text"]
)
def test_what_cannot_be_read_whole_is_bad(latex: str) -> None:
    """Unbalanced, unfinished, too deep or too long."""
    with pytest.raises(BadLatex):
        latex_tree(latex)


def test_letters_are_those_that_stand_for_something() -> None:
    """Not those of a command or a function's name."""
    assert letters_in(latex_tree("\\frac{a}{\\sqrt{b}}+\\operatorname{log}\\left(c\\right)_d\\pi")) == set("abcd")


@pytest.mark.parametrize(
    ("raw", "parts", "notes"),
    [
        ("Add\\n$$x\\neq 1$$", ("Add\n", Formula("x\\neq 1")), ("literal newline",)),
        ("$$Since$$ it is", ("Since it is",), ("word in formula undone",)),
        ("$$5$$ $$___$$ $$6$$", (Formula("5"), " ___ ", Formula("6")), ("word in formula undone",)),
        ("$$\\frac{\\pi}{12$$}.", (Formula("\\frac{\\pi}{12}"), "."), ("braces mended",)),
        ("$$\\frac{1}{2$$", (Formula("\\frac{1}{2}"),), ("braces mended",)),
        ("$$x^{2}}$$", (Formula("x^{2}"),), ("braces mended",)),
        ("So x+1$$ means $$x$$ here", ("So x+1 means ", Formula("x"), " here"), ("odd dollars mended",)),
        ("It costs \\$5.", ("It costs $5.",), ()),
        ("a<b and c>d", ("a<b and c>d",), ()),
    ],
)
def test_texts_are_mended_where_one_way_fits(
    raw: str, parts: tuple[str | Formula, ...], notes: tuple[str, ...]
) -> None:
    """Each repair is noted."""
    text = mixed_text(raw)
    assert (text.parts, text.notes) == (parts, notes)


@pytest.mark.parametrize(
    "raw",
    [
        "x$$ or $$y$$",
        "$$\\frac{1}{2}",
        "$$\\sqrt{x+1$$",
        "$$x}+{y$$",
        "<p>x</p>",
        "x<br/>",
        "&nbsp;",
        "<!-- x -->",
    ],
)
def test_other_texts_are_left_out(raw: str) -> None:
    """Rather than shown broken."""
    with pytest.raises(LeftOut):
        mixed_text(raw)


def test_only_the_full_address_is_a_clear_licence() -> None:
    """A word that looks like one needs a person."""
    assert licence_of("https://creativecommons.org/licenses/by/4.0/ <CC BY 4.0>") is Licence.CC_BY
    assert licence_of("https://creativecommons.org/licenses/by-nc/4.0/") is Licence.UNCLEAR
    assert licence_of("CC4.0") is Licence.NEEDS_REVIEW
    assert licence_of("") is Licence.UNCLEAR
