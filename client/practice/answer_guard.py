"""Whether a sentence gives an item's answer away: judged by the item's own grader, whatever way it is written."""

from collections.abc import Iterable

from client.content.grader import folded, grade
from client.content.items import AnswerKind as Kind
from client.content.items import Item, Line, plain_text
from client.content.written_pieces import pieces


def gives_away(item: Item, line: Line) -> bool:
    """True when the line says the answer, also in another form; what stands in the question may be said again.

    Of a choice: when the line names the right one and passes over another that the question names as well.
    """
    if item.kind is Kind.CHOICE:
        return _singles_out(item, line)
    if item.kind is Kind.TEXT:
        return folded(str(item.answer)) in folded(plain_text(line)) and not _asked(item, str(item.answer))
    # Not in words: a ten frame in the question doesn't ask about ten.
    asked = set(pieces(item.stem, words=False))
    return any(grade(item, piece).correct and piece not in asked for piece in pieces(line))


def may_be_said(item: Item, lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that don't give the answer away."""
    return tuple(line for line in lines if not gives_away(item, line))


def _asked(item: Item, text: str) -> bool:
    return folded(text) in folded(plain_text(item.stem))


def _singles_out(item: Item, line: Line) -> bool:
    said = folded(plain_text(line))
    labels = {choice.id: folded(plain_text(choice.label)) for choice in item.choices}
    named = {id_ for id_, label in labels.items() if label and label in said}
    rivals = {id_ for id_ in labels if id_ != item.answer and _asked(item, labels[id_])}
    return item.answer in named and not rivals <= named
