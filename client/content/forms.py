"""Whether an equal answer is also written as the item asks, and what to say when it isn't."""

from client.content.algebraic import Algebraic
from client.content.algebraic_forms import is_reduced
from client.content.items import Form
from client.content.phrases import mark
from client.content.reading import Reading
from client.content.trees import Tree
from client.content.written_forms import Shape, is_expanded, is_factored, is_lowest, is_solved, shape_of

FORM_MESSAGES = {
    Form.SIMPLEST: mark("It is equal, but it isn't in its simplest form yet."),
    Form.MIXED: mark("It is equal. Now write it as a whole number and a fraction."),
    Form.IMPROPER: mark("It is equal. Now write it as one fraction."),
    Form.DECIMAL: mark("It is equal. Now write it with a decimal point."),
    Form.PERCENT: mark("It is equal. Now write it with a percent sign."),
    Form.EXPANDED: mark("It is equal. Now write it without brackets and take like terms together."),
    Form.FACTORED: mark("It is equal. Now write it with brackets, and take out as much as you can."),
    Form.SOLVED: mark("It says the same. Now get the letter alone on one side."),
}


def form_ok(form: Form, found: Reading, letters: tuple[str, ...]) -> bool:
    """Each part as asked. letters: those of the item; the last is the one to solve for."""
    if form is Form.SOLVED:
        return is_solved(found.written, letters[-1])
    if form is Form.SIMPLEST and isinstance(found.value, Algebraic):
        return all(map(is_reduced, found.written))
    return all(_part_ok(form, part) for part in found.written)


def _part_ok(form: Form, part: Tree) -> bool:
    written = shape_of(part)
    match form:
        case Form.SIMPLEST:
            return is_lowest(part)
        case Form.MIXED:
            return written.shape is Shape.WHOLE or (written.shape is Shape.MIXED and written.top < written.bottom)
        case Form.IMPROPER:
            return written.shape is Shape.FRACTION
        case Form.DECIMAL:
            return written.shape in (Shape.DECIMAL, Shape.WHOLE)
        case Form.PERCENT:
            return written.shape is Shape.PERCENT
        case Form.EXPANDED:
            return is_expanded(part)
        case Form.FACTORED:
            return is_factored(part)
        case _:
            return True
