"""Grades a response exactly: equality, form apart from it, and the misconception that a wrong answer shows."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from client.content.items import Answer, AnswerKind, Choice, Form, Item
from client.content.numbers import Reading, Shape, read_number
from client.content.remainders import read_remainder
from client.content.tokens import MAX_LENGTH


@dataclass(frozen=True, slots=True)
class Grade:
    """What a response is worth. `message` is for the student and never holds the answer.

    correct: the value is right. form_ok: it is also written as asked. readable: False means that the response
    is no answer at all (a typing slip), so it says nothing about the student. misconception: an id or "".
    """

    correct: bool
    form_ok: bool
    misconception: str
    message: str
    readable: bool = True

    @property
    def solved(self) -> bool:
        """Right, and written as asked: what counts as a correct try."""
        return self.correct and self.form_ok


_UNREADABLE = Grade(False, False, "", "I can't read that as a number. Try something like 3, 3/4 or 1 1/2.", False)
_NO_REMAINDER = Grade(
    False, False, "", "Write a whole number, then r, then what is left over. Leave r out if nothing is.", False
)
_CALCULATION = Grade(False, False, "", "That is a calculation. Work it out to one number.", False)
_NO_CHOICE = Grade(False, False, "", "Choose one of the answers first.", False)
_RIGHT = Grade(True, True, "", "Yes, that's right.")
_FORM_MESSAGES = {
    Form.SIMPLEST: "It is equal, but it isn't in its simplest form yet.",
    Form.MIXED: "It is equal. Now write it as a whole number and a fraction.",
    Form.IMPROPER: "It is equal. Now write it as one fraction.",
    Form.DECIMAL: "It is equal. Now write it with a decimal point.",
}
# 45 300 and 45,300: marks between groups of three digits.
_GROUPED = re.compile(r"\s*\d{1,3}([ ,.'’\u00a0\u202f])\d{3}(?:\1\d{3})*\s*")


def grade(item: Item, response: str) -> Grade:
    """Never raises, whatever `response` holds."""
    if item.kind is AnswerKind.CHOICE:
        return _grade_choice(item, response)
    if item.kind is AnswerKind.REMAINDER:
        return _grade_remainder(item, response)
    reading = read_number(_without_marks(item, _without_unit(item, response)))
    if reading is None:
        return _UNREADABLE
    if reading.shape is Shape.CALCULATION:
        # Also when it is right, so that the stem typed back is neither an answer nor a test of one.
        return _CALCULATION
    if reading.value != item.answer:
        return _wrong(item, reading.value)
    if _form_ok(item.form, reading):
        return _RIGHT
    return Grade(True, False, item.form_misconception, _FORM_MESSAGES[item.form])


def _grade_choice(item: Item, response: str) -> Grade:
    chosen = _choice(item.choices, response)
    if chosen is None:
        return _NO_CHOICE
    if chosen.id == item.answer:
        return _RIGHT
    return Grade(False, False, chosen.misconception, "Not this one. Look again at each part.")


def _grade_remainder(item: Item, response: str) -> Grade:
    value = read_remainder(response[:MAX_LENGTH])
    if value is None:
        return _NO_REMAINDER
    return _RIGHT if value == item.answer else _wrong(item, value)


def _choice(choices: tuple[Choice, ...], response: str) -> Choice | None:
    return next((choice for choice in choices if choice.id == response.strip()), None)


def _wrong(item: Item, value: Answer) -> Grade:
    known = next((d.misconception for d in item.distractors if d.value == value), "")
    return Grade(False, False, known, "Not yet. You can try again, or ask for a hint.")


def _without_unit(item: Item, response: str) -> str:
    text = response.strip()
    if len(text) > MAX_LENGTH:
        return text
    for unit in item.units:
        if text.casefold().endswith(" " + unit.casefold()):
            return text[: -len(unit)]
    return text


def _without_marks(item: Item, text: str) -> str:
    """Without marks between thousands, where the answer is a whole number that has some.

    Only there, since 1,234 is also the decimal 1.234.
    """
    whole = isinstance(item.answer, Fraction) and item.answer.denominator == 1 and item.answer >= 1000
    found = _GROUPED.fullmatch(text) if whole else None
    return text if found is None else text.replace(found[1], "")


def _form_ok(form: Form, reading: Reading) -> bool:
    if form is Form.SIMPLEST:
        return reading.shape is not Shape.DECIMAL and gcd(reading.top, reading.bottom) == 1
    if form is Form.MIXED:
        return reading.shape is Shape.WHOLE or (reading.shape is Shape.MIXED and reading.top < reading.bottom)
    if form is Form.IMPROPER:
        return reading.shape is Shape.FRACTION
    if form is Form.DECIMAL:
        return reading.shape in (Shape.DECIMAL, Shape.WHOLE)
    return True
