"""LaTeX to an Expression: MathML by latex2mathml, checked to be nothing but mathematics, and its words."""

from functools import lru_cache

from latex2mathml.converter import convert

from client.content.content_format_mathml import inner_of
from client.content.importers.latex_trees import BadLatex, latex_tree
from client.content.importers.latex_words import latex_words
from client.content.importers.mixed_text import LeftOut
from client.content.mathml import Expression


@lru_cache(maxsize=4096)  # courses repeat their formulas, and drawing one takes 2 ms
def expression_of(latex: str) -> Expression:
    """The formula to show and to say; LeftOut when it can't be read, drawn or said."""
    try:
        words = latex_words(latex_tree(latex))
    except BadLatex as caught:
        raise LeftOut("latex") from caught
    if words is None:
        raise LeftOut("no words")
    inner = inner_of(_drawn(latex))
    if inner is None:
        raise LeftOut("mathml")
    return Expression(inner, words)


def _drawn(latex: str) -> str:
    try:
        return convert(latex)
    except Exception as caught:  # the library's errors have no other class in common
        raise LeftOut("mathml") from caught
