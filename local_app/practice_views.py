"""What the practice page shows: the open item without its key, feedback in words, progress within a set."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.content.items import AnswerKind, Choice, Form, Item, Line
from client.practice.offers import Offer, newest_of
from client.practice.submit_answer import Outcome
from client.practice.talks import may_talk, talk_of
from client.practice.tutor import Talk
from local_app.world import World

SET_SIZE = 5
LONGEST_LATENCY_MS = 3_600_000
FORM_HELP = {
    Form.ANY: "A number, for example 12 or 3/4.",
    Form.SIMPLEST: "In its simplest form, for example 3/4 or 2.",
    Form.MIXED: "A whole number and a fraction, for example 1 1/2.",
    Form.IMPROPER: "One fraction, for example 7/4.",
    Form.DECIMAL: "A number with a decimal point, for example 0.75 or 3.",
    Form.PERCENT: "A number with a percent sign, for example 25%.",
    Form.EXPANDED: "Without brackets, for example 3x + 4. Type x^2 for x squared.",
    Form.FACTORED: "With brackets, for example 3(x + 4).",
    Form.SOLVED: "A letter alone on one side.",
}
# Kinds whose help is the same in every form.
KIND_HELP = {
    AnswerKind.REMAINDER: "A number, r, and what is left over, for example 3 r 1.",
    AnswerKind.EQUATION: "An equation, for example y = 3x + 4.",
    AnswerKind.INEQUALITY: "A letter, a sign and a number, for example x < 4. Type <= for ≤ and >= for ≥.",
    AnswerKind.ALGEBRAIC: "Roots and letters, for example 3√(2) or (x + 1)/(2y). You may type sqrt(2) for √(2).",
    AnswerKind.POINT: "Two numbers in brackets, for example (3, -4).",
    AnswerKind.LIST: "Numbers in order, for example 2, 5, 8.",
    AnswerKind.SET: "Numbers in any order, for example 2, 5, 8.",
    AnswerKind.TEXT: "A word or a few letters, for example yes.",
}
LETTER_HELP = "A number, for example 12, -3 or 3/4. You may also write {letter} = 12."


@dataclass(frozen=True, slots=True)
class PracticeView:
    """One page of practice. It holds no answer: `choices` are in the item's own order."""

    offer_id: str
    skill_name: str
    stem: Line
    kind: AnswerKind
    choices: tuple[Choice, ...]
    help: str
    hints: tuple[tuple[Line, ...], ...]
    hints_left: int
    can_move_on: bool
    reason: str
    done_in_set: int
    shown_at: str
    set_size: int = SET_SIZE
    may_talk: bool = False
    talk: Talk | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said about the last try. kind: the style of the note."""

    kind: str
    title: str
    sentence: str
    solution: tuple[Line, ...] = field(default=())


def view_of(connection: Connection, world: World, offer: Offer, *, student: str) -> PracticeView:
    """The page of an open offer."""
    newest = newest_of(connection, student)
    return PracticeView(
        offer_id=offer.id,
        skill_name=skill_names(offer.item, world.desk.bank),
        stem=offer.item.stem,
        kind=offer.item.kind,
        choices=offer.item.choices,
        help=help_of(offer.item),
        hints=offer.hints,
        hints_left=offer.hints_left,
        can_move_on=offer.answered,
        reason=offer.reason,
        done_in_set=newest.seq % SET_SIZE if newest else 0,
        shown_at=str(int(world.clock.now().timestamp() * 1000)),
        may_talk=may_talk(offer),
        talk=talk_of(connection, world.desk, student, offer=offer),
    )


def help_of(item: Item) -> str:
    """How to type the answer, in one or two short sentences."""
    if item.letters and item.kind is AnswerKind.FRACTION:
        return LETTER_HELP.format(letter=item.letters[-1])
    return KIND_HELP.get(item.kind, FORM_HELP[item.form])


def after_answer(outcome: Outcome, bank: ItemBank) -> Feedback:
    """Right, equal but in another form, unreadable, or not yet."""
    graded = outcome.grade
    if graded.solved:
        sentence = graded.message
        if outcome.newly_mastered:
            names = ", ".join(_skill_name(skill, bank) for skill in outcome.newly_mastered)
            sentence = f"{sentence} You now have {names}."
        return Feedback("good", "Right.", sentence)
    if not graded.readable:
        return Feedback("info", "Just a moment.", graded.message)
    title = "Almost." if graded.correct else "Not yet."
    return Feedback("warn", title, graded.message.removeprefix(title).strip())


def moved_on(item: Item) -> Feedback:
    """The worked solution of the item that was left."""
    return Feedback("info", "The one before.", "Here is how it goes.", item.solution)


def not_open(sentence: str) -> Feedback:
    """An answer that came too late to be one."""
    return Feedback("info", "Just a moment.", sentence)


def latency_ms(shown_at: str, now: datetime) -> int | None:
    """Milliseconds between showing and answering; None when the page's value can't be true."""
    if not shown_at.isdecimal():
        return None
    passed = int(now.timestamp() * 1000) - int(shown_at)
    return passed if 0 <= passed <= LONGEST_LATENCY_MS else None


def skill_names(item: Item, bank: ItemBank) -> str:
    """The skills of an item in words, to stand as a heading."""
    words = " and ".join(_skill_name(skill, bank) for skill in item.skills)
    return words[:1].upper() + words[1:]


def _skill_name(skill: str, bank: ItemBank) -> str:
    found = bank.skill(skill)
    return found.name if found is not None else skill
