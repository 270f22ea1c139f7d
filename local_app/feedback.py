"""What is said about the last try: right, almost, not yet, unreadable or thank you; and worked solutions."""

from dataclasses import dataclass, field

from client.content.bank import ItemBank
from client.content.items import Item, Line
from client.content.phrases import Phrase, mark
from client.practice.submit_answer import Outcome

_RIGHT, _ALMOST, _NOT_YET = mark("Right."), mark("Almost."), mark("Not yet.")
_WAIT, _THANKS, _BEFORE = mark("Just a moment."), mark("Thank you."), mark("The one before.")
_ANOTHER_WAY = mark("Another way to see it.")


@dataclass(frozen=True, slots=True)
class Feedback:
    """kind: the style of the note. steps: a worked solution, in the language of the content."""

    kind: str
    title: str
    sentences: tuple[Phrase, ...] = ()
    steps: tuple[Line, ...] = field(default=())


def after_answer(outcome: Outcome, bank: ItemBank) -> Feedback:
    """Of a diagnostic neither right nor wrong is said."""
    graded, said = outcome.grade, Phrase(outcome.grade.message)
    if outcome.diagnostic:
        return Feedback("info", _THANKS)
    if graded.solved:
        names = ", ".join(_skill_name(skill, bank) for skill in outcome.newly_mastered)
        gained = (Phrase(mark("You now have %(names)s."), {"names": names}),) if names else ()
        return Feedback("good", _RIGHT, (said, *gained))
    if not graded.readable:
        return Feedback("info", _WAIT, (said,))
    return Feedback("warn", _ALMOST if graded.correct else _NOT_YET, (said,))


def moved_on(item: Item) -> Feedback:
    """The worked solution of the item that was left."""
    return Feedback("info", _BEFORE, (Phrase(mark("Here is how it goes.")),), item.solution)


def explained(lines: tuple[Line, ...]) -> Feedback:
    """The same idea in another item, worked out."""
    return Feedback("info", _ANOTHER_WAY, (Phrase(mark("This is another question of the same kind.")),), lines)


def not_open() -> Feedback:
    """An answer that came too late to be one."""
    text = mark("This item is no longer open. Go on with the one that is shown now.")
    return Feedback("info", _WAIT, (Phrase(text),))


def _skill_name(skill: str, bank: ItemBank) -> str:
    found = bank.skill(skill)
    return found.name if found is not None else skill
