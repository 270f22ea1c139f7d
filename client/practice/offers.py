"""The open offer: the item in front of a student with its reason and hints, and how the next one is put there."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from client.content.items import Item, Line
from client.content.phrases import Phrase
from client.practice.desk import PracticeDesk
from client.practice.doubt import Doubt, doubt_of, phrase_of
from client.practice.next_item import (
    REVIEW_CODES,
    UNAIDED_CODES,
    WORK_CODES,
    NextItem,
    Standing,
    choose_next,
    family_for,
)
from client.practice.placing import begin, end_now, placed_at, skill_to_ask, under_way
from client.practice.predictor import BktPredictor, Floats
from client.practice.reasons import Fact, Reason, ReasonCode, phrase_for_student, skill_name
from client.practice.set_under_way import done_in_set, is_over
from client.records.interactions import StoredInteraction, history_of, recent
from client.records.mastery import SkillMastery, mastery_of
from client.records.offers import StoredOffer, open_offer, put_offer
from client.records.paused_items import paused_items
from client.records.practice_sets import ChosenSet, chosen_set

# A run of failures and the skill in work are looked for in so many answers: more than a set holds beside it.
_RECENT = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """id: what the page sends back. item: what is shown (it holds the key: never send it whole to a device).

    why: one sentence for the student. doubt: what was known of the skill when the item was chosen. hints: the
    rungs revealed so far, at most 4, each of one or more lines. answered: the first try was made, so further tries
    count for nothing and the student may move on.
    """

    id: str
    item: Item
    why: Phrase
    doubt: Phrase
    reason_code: str
    hints: tuple[tuple[Line, ...], ...]
    hints_left: int
    answered: bool

    @property
    def reason(self) -> str:
        """Why, in English."""
        return str(self.why)


def current_offer(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """The open offer; a student without one gets the next. Call it in the writer."""
    stored = open_offer(connection, student)
    if stored is None or desk.bank.family(stored.item) is None:
        return offer_next(connection, desk, student)
    return show(desk, stored, newest=newest_of(connection, student))


def move_on(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """The next offer once the open one has had its first try; until then the open one stays."""
    offer = current_offer(connection, desk, student)
    return offer_next(connection, desk, student) if offer.answered else offer


def offer_next(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """Chooses the next item from what is stored, and opens it with its reason."""
    standing, version = standing_of(connection, desk, student)
    diagnostic = under_way(connection, student)
    if diagnostic is None:
        chosen = choose_next(desk.tables, standing)
    else:
        knowledge = desk.serving.models(connection, standing.now).knowledge
        row = skill_to_ask(diagnostic, desk.tables, knowledge)
        facts: dict[str, Fact] = {"skill": desk.tables.skills[row], "asked": len(diagnostic.asked)}
        chosen = NextItem(family_for(desk.tables, standing, row), Reason(ReasonCode.DIAGNOSTIC, facts))
    return open_chosen(connection, desk, student, chosen=chosen, placed=(standing, version))


def open_chosen(
    connection: Connection, desk: PracticeDesk, student: str, *, chosen: NextItem, placed: tuple[Standing, str]
) -> Offer:
    """Opens an item in place of the open one. placed: what the choice rested on, as `standing_of` gave it."""
    standing, version = placed
    doubt = doubt_about(connection, desk, standing, skill=str(chosen.reason.facts["skill"]))
    chosen = replace(chosen, reason=replace(chosen.reason, facts={**chosen.reason.facts, "doubt": str(doubt)}))
    seen = standing.seen.get(chosen.family.id, 0)
    stored = _stored(student, chosen, seen=seen, version=version, now=standing.now)
    put_offer(connection, stored)
    return show(desk, stored, newest=None)


def start_diagnostic(
    connection: Connection, desk: PracticeDesk, student: str, *, start_grade: float | None = None
) -> Offer:
    """The first of 6-12 items; start_grade: where a teacher would begin. Call it in the writer."""
    begin(connection, desk, student, start_grade=start_grade)
    return offer_next(connection, desk, student)


def skip_diagnostic(connection: Connection, desk: PracticeDesk, student: str) -> Offer:
    """Ordinary practice from now on; what was answered counts. Call it in the writer."""
    end_now(connection, desk, student)
    return offer_next(connection, desk, student)


def standing_of(connection: Connection, desk: PracticeDesk, student: str) -> tuple[Standing, str]:
    """What the choice of the next item rests on, and the version of the model that predicted."""
    now, tables = desk.clock.now(), desk.tables
    models = desk.serving.models(connection, now)
    history = history_of(connection, student)
    version, chance = desk.serving.predict(models, history, tables.speakers)
    mastery, newest = mastery_of(connection, student), recent(connection, student, count=_RECENT)
    set_, count = chosen_set(connection, student), len(history)
    standing = Standing(
        mastery=mastery,
        known=_known(desk, models.knowledge, mastery, starts=placed_at(connection, student)),
        chance=chance,
        learn=models.knowledge.p_learn(tables.skills),
        seen=Counter(interaction.item for interaction in history),
        answered=tuple((one.reason_code, one.item) for one in newest),
        in_set=0 if is_over(set_, count) else done_in_set(set_, count),
        now=now,
        seed=first_seed(student, str(count)),
        in_work=_in_work(desk, newest),
        failures_running=_failures_running(newest),
        chosen=_chosen(set_, count),
        count=count,
        paused=paused_items(connection),
        test_place=_test_place(set_, count),
    )
    return standing, version


def doubt_about(connection: Connection, desk: PracticeDesk, standing: Standing, *, skill: str) -> Doubt:
    """What may be said now of a skill of the bank."""
    certainty = desk.serving.models(connection, standing.now).certainty
    row = desk.tables.index.get(skill)
    chance = 0.5 if row is None else float(standing.chance[row])
    return doubt_of(standing.mastery.get(skill), certainty, chance=chance)


def show(desk: PracticeDesk, stored: StoredOffer, *, newest: StoredInteraction | None) -> Offer:
    """What is stored, as the page needs it. newest: the student's newest interaction."""
    item = desk.bank.generate(stored.item, stored.item_seed)
    reason = Reason(ReasonCode(stored.reason_code), stored.facts)
    revealed = min(stored.hints_used, len(item.hints))
    return Offer(
        id=offer_id(stored),
        item=item,
        why=phrase_for_student(reason, desk.bank),
        doubt=phrase_of(
            Doubt(stored.facts.get("doubt", Doubt.NOT_ENOUGH_EVIDENCE)), skill_name(reason, desk.bank)
        ),
        reason_code=stored.reason_code,
        hints=item.hints[:revealed],
        hints_left=0 if reason.code in UNAIDED_CODES else len(item.hints) - revealed,
        answered=newest is not None and offer_id(newest) == offer_id(stored),
    )


def _test_place(set_: ChosenSet | None, count: int) -> int | None:
    if set_ is None or set_.kind != ReasonCode.TEST_OUT or is_over(set_, count):
        return None
    return done_in_set(set_, count)


def offer_id(row: StoredOffer | StoredInteraction) -> str:
    """Family and seed: no student meets the same pair twice."""
    return f"{row.item}~{row.item_seed}"


def newest_of(connection: Connection, student: str) -> StoredInteraction | None:
    """A student's newest interaction, or None."""
    return next(iter(recent(connection, student, count=1)), None)


def _in_work(desk: PracticeDesk, newest: list[StoredInteraction]) -> str:
    """The skill that was practised before re-checks, repairs and warm-ups came between; empty if there is none.

    A review that failed is the work from then on.
    """
    for interaction in newest:
        if interaction.reason_code in WORK_CODES | (frozenset() if interaction.correct else REVIEW_CODES):
            family = desk.bank.family(interaction.item)
            return family.skills[0] if family is not None else ""
    return ""


def _failures_running(newest: list[StoredInteraction]) -> int:
    count = 0
    for interaction in newest:
        if interaction.correct or interaction.reason_code == ReasonCode.WARM_UP:
            break
        count += 1
    return count


def _chosen(set_: ChosenSet | None, count: int) -> str:
    """The skill of a set that was chosen and isn't over."""
    return "" if set_ is None or is_over(set_, count) else set_.skill


def _known(
    desk: PracticeDesk,
    knowledge: BktPredictor,
    mastery: Mapping[str, SkillMastery],
    *,
    starts: Mapping[str, float],
) -> Floats:
    known = knowledge.p_starts(desk.tables.skills).copy()
    for skill, p in starts.items():
        if skill in desk.tables.index:
            known[desk.tables.index[skill]] = p
    for skill, state in mastery.items():
        row = desk.tables.index.get(skill)
        if row is not None:
            known[row] = state.p_known
    return known


def _stored(student: str, chosen: NextItem, *, seen: int, version: str, now: datetime) -> StoredOffer:
    return StoredOffer(
        student=student,
        item=chosen.family.id,
        item_seed=first_seed(student, chosen.family.id) + seen,
        reason_code=chosen.reason.code,
        facts=dict(chosen.reason.facts),
        model_version=version,
        offered_at=now,
    )


def first_seed(student: str, family: str) -> int:
    """Where a student's seeds of a family begin, so that neighbours get other numbers; below 2^40."""
    digest = hashlib.sha256(f"homeroom-seed/1|{student}|{family}".encode()).digest()
    return int.from_bytes(digest[:5], "big")
