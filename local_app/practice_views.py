"""What a student sees now: the first page of all, the open item without its key, or the page between two sets."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from client.content.bank import ItemBank
from client.content.items import AnswerKind, Choice, Item, Line
from client.content.phrases import Phrase, mark
from client.practice import choices
from client.practice.diagnostic import MOST_ITEMS
from client.practice.help_moves import HelpMoves, help_moves
from client.practice.offers import Offer, current_offer, newest_of, standing_of
from client.practice.policy import SET_SIZE
from client.practice.reasons import ReasonCode
from client.practice.set_review import SetReview, review_of
from client.practice.set_under_way import Place, done_in_set, place_of, set_of
from client.practice.talks import may_talk, talk_of
from client.practice.tutor import Talk
from client.records.diagnostics import diagnostic_of
from client.records.display_settings import DisplaySettings
from client.records.practice_sets import ChosenSet, chosen_set
from local_app.answer_help import help_of
from local_app.world import World

LONGEST_LATENCY_MS = 3_600_000
KIND_TITLES = {
    choices.ChoiceKind.RECOMMENDED: mark("Go on"),
    choices.ChoiceKind.WEAK_SPOT: mark("Make it stronger"),
    choices.ChoiceKind.CHALLENGE: mark("A challenge"),
    choices.ChoiceKind.RE_CHECK: mark("Do you still know it?"),
    choices.ChoiceKind.EXPLORE: mark("Something new"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """done of all; at_most: there may be fewer than all."""

    done: int
    all: int
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class PracticeView:
    """One item. It holds no answer: `choices` are in the item's own order. simple: the stem in easier words.

    diagnostic: it shows where to begin.
    """

    offer_id: str
    skill_name: str
    stem: Line
    simple: Line
    kind: AnswerKind
    choices: tuple[Choice, ...]
    help: Phrase
    hints: tuple[tuple[Line, ...], ...]
    hints_left: int
    moves: HelpMoves
    can_move_on: bool
    why: Phrase
    doubt: Phrase
    progress: Progress
    shown_at: str
    diagnostic: bool
    may_talk: bool
    talk: Talk | None
    template: str = field(default="practice.html")


@dataclass(frozen=True, slots=True)
class NextChoice:
    """One thing to do next. skill: what the form sends; empty for what the policy would choose item by item."""

    title: str
    skill: str
    name: str
    why: Phrase


@dataclass(frozen=True, slots=True)
class BetweenView:
    """Between two sets. review: None just after the diagnostic. after: answers so far, so that a form sent twice
    begins one set.
    """

    review: SetReview | None
    choices: tuple[NextChoice, ...]
    after: int
    template: str = field(default="between_sets.html")


@dataclass(frozen=True, slots=True)
class FirstDayView:
    """Before the first item of all."""

    most_items: int = MOST_ITEMS
    template: str = field(default="first_day.html")


View = PracticeView | BetweenView | FirstDayView


def view_now(connection: Connection, world: World, student: str, *, offer: Offer | None = None) -> View:
    """Wherever the student is. offer: the open one, if it is at hand. Call it in the writer."""
    newest, under_way = newest_of(connection, student), chosen_set(connection, student)
    place = place_of(connection, student, newest=newest, under_way=under_way)
    if place is Place.FIRST_DAY:
        return FirstDayView()
    offer = offer or current_offer(connection, world.desk, student)
    count = newest.seq if newest else 0
    if place is Place.AT_ITEM or offer.answered or offer.reason_code == ReasonCode.DIAGNOSTIC:
        progress = _progress(connection, student, offer, count=count)
        return _item_view(world, offer, progress, talk=talk_of(connection, world.desk, student, offer=offer))
    return _between(connection, world, student, finished=under_way if place is Place.BETWEEN_SETS else None)


def break_is_due(view: View, display: DisplaySettings) -> bool:
    """After as many minutes without a pause as the student's settings say."""
    if not isinstance(view, BetweenView) or view.review is None or display.break_minutes == "never":
        return False
    return view.review.sitting_minutes >= int(display.break_minutes)


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


def _item_view(world: World, offer: Offer, progress: Progress, *, talk: Talk | None) -> PracticeView:
    return PracticeView(
        offer_id=offer.id,
        skill_name=skill_names(offer.item, world.desk.bank),
        stem=offer.item.stem,
        simple=offer.item.simple,
        kind=offer.item.kind,
        choices=offer.item.choices,
        help=help_of(offer.item),
        hints=offer.hints,
        hints_left=offer.hints_left,
        moves=help_moves(world.desk, offer),
        can_move_on=offer.answered,
        why=offer.why,
        doubt=offer.doubt,
        progress=progress,
        shown_at=str(int(world.clock.now().timestamp() * 1000)),
        diagnostic=progress.at_most,
        may_talk=may_talk(offer),
        talk=talk,
    )


def _progress(connection: Connection, student: str, offer: Offer, *, count: int) -> Progress:
    if offer.reason_code == ReasonCode.DIAGNOSTIC:
        found = diagnostic_of(connection, student)
        return Progress(len(found.asked) if found else 0, MOST_ITEMS, at_most=True)
    under_way = set_of(connection, student, count=count)
    return Progress(min(done_in_set(under_way, count), SET_SIZE), SET_SIZE)


def _between(connection: Connection, world: World, student: str, *, finished: ChosenSet | None) -> BetweenView:
    standing, _ = standing_of(connection, world.desk, student)
    return BetweenView(
        review=review_of(connection, world.desk, finished, standing=standing) if finished else None,
        choices=tuple(map(_next_choice, choices.choices_at(world.desk, standing))),
        after=standing.count,
    )


def _next_choice(one: choices.Choice) -> NextChoice:
    skill = "" if one.kind is choices.ChoiceKind.RECOMMENDED else one.skill
    return NextChoice(KIND_TITLES[one.kind], skill, one.name, one.why)


def _skill_name(skill: str, bank: ItemBank) -> str:
    found = bank.skill(skill)
    return found.name if found is not None else skill
