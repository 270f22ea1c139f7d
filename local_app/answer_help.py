"""How to type an answer, in one or two short sentences for each kind and form."""

from client.content.items import AnswerKind, Form, Item
from client.content.phrases import Phrase, mark

FORM_HELP = {
    Form.ANY: mark("A number, for example 12 or 3/4."),
    Form.SIMPLEST: mark("In its simplest form, for example 3/4 or 2."),
    Form.MIXED: mark("A whole number and a fraction, for example 1 1/2."),
    Form.IMPROPER: mark("One fraction, for example 7/4."),
    Form.DECIMAL: mark("A number with a decimal point, for example 0.75 or 3."),
    Form.PERCENT: mark("A number with a percent sign, for example 25%."),
    Form.EXPANDED: mark("Without brackets, for example 3x + 4. Type x^2 for x squared."),
    Form.FACTORED: mark("With brackets, for example 3(x + 4)."),
    Form.SOLVED: mark("A letter alone on one side."),
}
# Kinds whose help is the same in every form.
KIND_HELP = {
    AnswerKind.REMAINDER: mark("A number, r, and what is left over, for example 3 r 1."),
    AnswerKind.EQUATION: mark("An equation, for example y = 3x + 4."),
    AnswerKind.INEQUALITY: mark("A letter, a sign and a number, for example x < 4. Type <= for ≤ and >= for ≥."),
    AnswerKind.ALGEBRAIC: mark(
        "Roots and letters, for example 3√(2) or (x + 1)/(2y). You may type sqrt(2) for √(2)."
    ),
    AnswerKind.POINT: mark("Two numbers in brackets, for example (3, -4)."),
    AnswerKind.LIST: mark("Numbers in order, for example 2, 5, 8."),
    AnswerKind.SET: mark("Numbers in any order, for example 2, 5, 8."),
    AnswerKind.TEXT: mark("A word or a few letters, for example yes."),
}
_LETTER_HELP = mark("A number, for example 12, -3 or 3/4. You may also write %(letter)s = 12.")


def help_of(item: Item) -> Phrase:
    """What to type for this item."""
    if item.letters and item.kind is AnswerKind.FRACTION:
        return Phrase(_LETTER_HELP, {"letter": item.letters[-1]})
    return Phrase(KIND_HELP.get(item.kind, FORM_HELP[item.form]))
