"""An imported text as a line of the content format, with what was mended noted."""

from collections.abc import Sequence

from client.content.content_format import ContentLine, Maths
from client.content.importers.formulas import expression_of
from client.content.importers.latex_trees import BadLatex
from client.content.importers.mixed_text import Formula, LeftOut, MixedText, mixed_text


def noted(raw: str, notes: list[str]) -> MixedText:
    """The parts; LeftOut as in `mixed_text`."""
    text = mixed_text(raw)
    notes += text.notes
    return text


def content_line(text: MixedText) -> ContentLine:
    """MathML and words for each formula; LeftOut when one has none."""
    return tuple(_maths(part) if isinstance(part, Formula) else part for part in text.parts)


def together(texts: Sequence[MixedText]) -> ContentLine:
    """Texts below each other as one line."""
    first, *rest = map(content_line, texts)
    return first + tuple(part for line in rest for part in ("\n", *line))


def plain_title(raw: str) -> str:
    """A heading in words alone; "" where it can't be said."""
    try:
        return "".join(part.words if isinstance(part, Maths) else part for part in content_line(mixed_text(raw)))
    except (LeftOut, BadLatex):
        return ""


def _maths(formula: Formula) -> Maths:
    expression = expression_of(formula.latex)
    return Maths(mathml=expression.inner, words=expression.alternative, latex=formula.latex)
