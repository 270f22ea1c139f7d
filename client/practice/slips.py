"""Recognises what went wrong in a step: a sign, a place, the other operation, a turned fraction."""

import re
from fractions import Fraction

from client.content.grader import read_response
from client.content.items import Item, Line, plain_text
from client.content.normal_forms import Point
from client.practice.tutor_words import Says

# "8 plus 9 equals what number": what a screen reader says of a calculation with two whole numbers.
_TWO_NUMBERS = re.compile(
    r"(?P<left>(?:minus )?\d+) (?:plus|minus|times|divided by) (?P<right>(?:minus )?\d+) equals what number"
)
_PLACES = {Fraction(10), Fraction(100), Fraction(1, 10), Fraction(1, 100)}


def slip_of(target: Item, response: str, question: Line) -> Says | None:
    """The question to ask back about a wrong response to a step, or None when nothing known explains it."""
    found = read_response(target, response)
    value, right = None if found is None else found.value, target.answer
    if isinstance(value, Point) and isinstance(right, Point):
        return Says.TURNED if (value.y, value.x) == (right.x, right.y) else None
    if not isinstance(value, Fraction) or not isinstance(right, Fraction):
        return None
    if value == -right:
        return Says.SIGN
    if value in _other_results(question):
        return Says.OPERATION
    if value and right and value / right in _PLACES:
        return Says.PLACE
    if right and value * right == 1:
        return Says.TURNED
    return Says.NEAR if abs(value - right) == 1 and value.denominator == right.denominator == 1 else None


def _other_results(question: Line) -> set[Fraction]:
    found = _TWO_NUMBERS.fullmatch(plain_text(question).strip())
    if found is None:
        return set()
    left, right = (Fraction(found[name].replace("minus ", "-")) for name in ("left", "right"))
    results = {left + right, left - right, left * right}
    return results | {left / right} if right else results
