"""What a step of a content file must show before a student sees it: its key is right, and it reads and sounds."""

from collections.abc import Iterator

from client.content.bank import draw_item
from client.content.content_format import ContentLine, ContentStep, Maths
from client.content.content_format_items import family_of
from client.content.content_format_mathml import is_safe
from client.content.grader import grade
from client.content.items import AnswerKind, Item
from common.errors import HomeroomError

MIN_CHOICES = 2


def item_of(step: ContentStep) -> Item:
    """The item that a student would get; Corrupt when its answer isn't a normal form."""
    return draw_item(family_of(step), 0)


def fault_of(step: ContentStep) -> str:
    """Why the step can't be practised, in a few words; "" when it can."""
    if not all(is_safe(part.mathml) and part.words.strip() for part in _formulas(step)):
        return "mathml"
    if step.answer_kind is AnswerKind.CHOICE:
        labels = [tuple(map(str, choice.label)) for choice in step.choices]
        if len(labels) < MIN_CHOICES or len(set(labels)) < len(labels):
            return "choices not distinct"
    elif step.choices:
        return "choices without a choice"
    try:
        solved = grade(item_of(step), step.key).solved
    except HomeroomError:
        return "answer not in normal form"
    return "" if solved else "key not graded right"


def _formulas(step: ContentStep) -> Iterator[Maths]:
    for line in _lines(step):
        yield from (part for part in line if isinstance(part, Maths))


def _lines(step: ContentStep) -> Iterator[ContentLine]:
    yield step.stem
    yield from (choice.label for choice in step.choices)
    for hint in step.hints:
        yield from hint.lines
    for scaffold in step.scaffolds:
        yield from (scaffold.question, scaffold.reason)
