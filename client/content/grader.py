"""Grades a response exactly: equality, form apart from it, and the misconception that a wrong answer shows."""

import unicodedata
from dataclasses import dataclass

from client.content import reading
from client.content.forms import FORM_MESSAGES, form_ok
from client.content.items import Answer, AnswerKind, Choice, Form, Item
from client.content.phrases import mark
from client.content.reading import Reading
from client.content.remainders import read_remainder
from client.content.tokens import MAX_LENGTH
from client.content.typing_habits import TypingHabits
from client.content.units import without_unit
from client.content.written_forms import Shape, shape_of


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


_A_NUMBER = mark("I can't read that as a number. Try something like 3, 3/4 or 1 1/2.")
_UNREADABLE = {
    AnswerKind.NUMBER: _A_NUMBER,
    AnswerKind.FRACTION: _A_NUMBER,
    AnswerKind.REMAINDER: mark("Write a whole number, then r, then what is left over. Leave r out if nothing is."),
    AnswerKind.CHOICE: mark("Choose one of the answers first."),
    AnswerKind.EXPRESSION: mark(
        "I can't read that. Use numbers, the letters of the question and signs, as in 3x + 4."
    ),
    AnswerKind.EQUATION: mark("I can't read that as an equation. Write it with an equals sign, as in y = 3x + 4."),
    AnswerKind.INEQUALITY: mark("I can't read that. Write a letter, a sign and a number, as in x < 4 or x >= 4."),
    AnswerKind.ALGEBRAIC: mark("I can't read that. Write roots as √(2) or sqrt(2) and fractions as (x + 1)/(2y)."),
    AnswerKind.POINT: mark("I can't read that as a point. Write two numbers in brackets, as in (3, 4)."),
    AnswerKind.LIST: mark("I can't read that. Write numbers with commas between them, as in 3, 4, 5."),
    AnswerKind.SET: mark("I can't read that. Write numbers with commas between them, as in 3, 4, 5."),
    AnswerKind.TEXT: mark("Type your answer first."),
}
_READERS = {
    AnswerKind.NUMBER: reading.number,
    AnswerKind.FRACTION: reading.number,
    AnswerKind.EXPRESSION: reading.expression,
    AnswerKind.EQUATION: reading.equation,
    AnswerKind.INEQUALITY: reading.inequality,
    AnswerKind.POINT: reading.point,
    AnswerKind.ALGEBRAIC: reading.algebraic,
    AnswerKind.LIST: reading.number_list,
    AnswerKind.SET: reading.number_set,
}
_WITH_COMMAS = (AnswerKind.POINT, AnswerKind.LIST, AnswerKind.SET)
# Kinds whose numbers have to be worked out; an expression or equation is judged by its form instead.
_WORKED_OUT = (AnswerKind.NUMBER, AnswerKind.FRACTION, *_WITH_COMMAS)
_CALCULATION = Grade(False, False, "", mark("That is a calculation. Work it out to one number."), False)
_RIGHT = Grade(True, True, "", mark("Yes, that's right."))
_NOT_YET = mark("You can try again, or ask for a hint.")


def grade(item: Item, response: str, *, decimal_mark: str = ".") -> Grade:
    """Never raises, whatever `response` holds. decimal_mark: the school's own, "." or ","."""
    if item.kind is AnswerKind.CHOICE:
        return _grade_choice(item, response)
    if item.kind is AnswerKind.TEXT:
        return _grade_text(item, response)
    if item.kind is AnswerKind.REMAINDER:
        return _grade_remainder(item, response)
    found = read_response(item, response, decimal_mark=decimal_mark)
    return _unreadable(item) if found is None else _grade_reading(item, found)


def _grade_reading(item: Item, found: Reading) -> Grade:
    if item.kind in _WORKED_OUT and any(shape_of(part).shape is Shape.CALCULATION for part in found.written):
        # Also when it is right, so that the stem typed back is neither an answer nor a test of one.
        return _CALCULATION
    if found.value != item.answer:
        return _wrong(item, found.value)
    if form_ok(item.form, found, item.letters):
        return _RIGHT
    return Grade(True, False, item.form_misconception, FORM_MESSAGES[item.form])


def grade_by_verdict(item: Item, *, equal: bool) -> Grade:
    """Of a response that only another process can compare with the key: it is never in simplest form."""
    if not equal:
        return Grade(False, False, "", _NOT_YET)
    if item.form is Form.ANY:
        return _RIGHT
    return Grade(True, False, item.form_misconception, FORM_MESSAGES[item.form])


def read_response(item: Item, response: str, *, decimal_mark: str = ".") -> Reading | None:
    """A typed response in the item's kind, units taken off; None when it can't be read."""
    if len(response) > MAX_LENGTH or item.kind not in _READERS:
        return None
    habits = TypingHabits(item.letters, decimal_mark)
    text = without_unit(response, item.units)
    reader = _READERS[item.kind]
    return (reading.read_apart if item.kind in _WITH_COMMAS else reading.read)(text, reader, habits)


def _unreadable(item: Item) -> Grade:
    return Grade(False, False, "", _UNREADABLE[item.kind], False)


def _grade_choice(item: Item, response: str) -> Grade:
    chosen = _choice(item.choices, response)
    if chosen is None:
        return _unreadable(item)
    if chosen.id == item.answer:
        return _RIGHT
    return Grade(False, False, chosen.misconception, mark("Not this one. Look again at each part."))


def _grade_remainder(item: Item, response: str) -> Grade:
    value = read_remainder(response[:MAX_LENGTH])
    if value is None:
        return _unreadable(item)
    return _RIGHT if value == item.answer else _wrong(item, value)


def _grade_text(item: Item, response: str) -> Grade:
    """Case, accents' spelling and spaces don't count."""
    given = folded(response[:MAX_LENGTH])
    if not given:
        return _unreadable(item)
    return _RIGHT if given == folded(str(item.answer)) else Grade(False, False, "", _NOT_YET)


def folded(text: str) -> str:
    """The text in the one spelling that words are compared in."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _choice(choices: tuple[Choice, ...], response: str) -> Choice | None:
    return next((choice for choice in choices if choice.id == response.strip()), None)


def _wrong(item: Item, value: Answer) -> Grade:
    known = next((d.misconception for d in item.distractors if d.value == value), "")
    return Grade(False, False, known, _NOT_YET)
