"""submit_answer: grade, keep the evidence, update mastery, choose what comes next - one transaction.

The first try at an offer decides the evidence. After a wrong one the same item stays open for further tries, which
are graded and count for nothing, until the student solves it or moves on (`client.practice.offers.move_on`).
An answer that can't be read is no try.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from client.content.grader import Grade, grade, grade_by_verdict
from client.content.items import AnswerKind, Item
from client.content.tokens import MAX_LENGTH
from client.practice.desk import PracticeDesk
from client.practice.holding import track_of
from client.practice.mastery import Evidence, after_answer
from client.practice.noticing import attempt_at, is_quick_try, note_cycling, notice
from client.practice.offers import Offer, current_offer, newest_of, offer_id, offer_next
from client.practice.placing import placed_at, take_in, under_way
from client.practice.reasons import ReasonCode
from client.records.interactions import (
    NewInteraction,
    StoredInteraction,
    append,
    find_by_uuid,
)
from client.records.mastery import mastery_of, save_mastery
from client.records.offers import StoredOffer, count_try, open_offer
from common.errors import ErrorCode, FixSettings, Refused

_NOT_KNOWN = Grade(False, False, "", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device submits. client_uuid: made by the device for this submission, so that a repeat counts once.

    unknown: the student says that they don't know it yet, which only a diagnostic's item takes as a try. equal:
    what `client.content.symbolic_judge` found where the exact grader can't tell; None where it wasn't asked.
    """

    student: str
    offer_id: str
    response: str = field(repr=False)
    client_uuid: str
    latency_ms: int | None = None
    unknown: bool = False
    equal: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """item: the one that was answered. counted: whether this submission is the evidence.

    offer: what is open now, the same item again after a wrong try. newly_mastered: skills mastered by this answer.
    diagnostic: it placed the student, so that right and wrong aren't said.
    """

    grade: Grade
    item: Item
    counted: bool
    offer: Offer
    newly_mastered: tuple[str, ...] = ()
    diagnostic: bool = False


def submit_answer(connection: Connection, desk: PracticeDesk, answer: Answer) -> Outcome:
    """Call it in the writer. FixSettings (not-found) when the offer isn't the open one.

    Refused if another student used the `client_uuid`. A repeat returns the grade again and changes nothing.
    """
    earlier = find_by_uuid(connection, answer.client_uuid)
    if earlier is not None:
        return _repeated(connection, desk, answer, earlier=earlier)
    stored = open_offer(connection, answer.student)
    newest = newest_of(connection, answer.student)
    if stored is None or offer_id(stored) != answer.offer_id:
        return _late(connection, desk, answer, newest=newest)
    item = desk.bank.generate(stored.item, stored.item_seed)
    asks = stored.reason_code == ReasonCode.DIAGNOSTIC
    graded = _NOT_KNOWN if asks and answer.unknown else _graded(item, answer)
    if newest is not None and offer_id(newest) == answer.offer_id:
        return _another_try(connection, desk, answer, item=item, graded=graded)
    if not graded.readable:
        return Outcome(graded, item, False, current_offer(connection, desk, answer.student))
    now = desk.clock.now()
    correct = graded.solved and not stored.helped
    tried = attempt_at(connection, stored, item, correct=correct, latency_ms=answer.latency_ms)
    noticed = notice(connection, stored, seq=newest.seq + 1 if newest else 1, tried=tried, now=now)
    evidence = _evidence(answer, stored, item=item, correct=correct, now=now)
    append(connection, replace(evidence, weight=noticed.weight))
    if _diagnosed(connection, desk, stored, item=item, right=correct):
        return Outcome(graded, item, True, offer_next(connection, desk, answer.student), diagnostic=True)
    first = FirstTry(
        item,
        correct,
        now,
        weight=noticed.weight,
        flagged=bool(noticed.flags),
        test_place=stored.facts["place"] if stored.reason_code == ReasonCode.TEST_OUT else None,
    )
    mastered = update_mastery(connection, desk, answer.student, tried=first)
    if graded.solved:
        return Outcome(graded, item, True, offer_next(connection, desk, answer.student), mastered)
    count_try(connection, answer.student, at=now, quick=False)
    return Outcome(graded, item, True, current_offer(connection, desk, answer.student), mastered)


def _graded(item: Item, answer: Answer) -> Grade:
    graded = grade(item, answer.response)
    asked = answer.equal is not None and item.kind is AnswerKind.ALGEBRAIC and not graded.readable
    return grade_by_verdict(item, equal=bool(answer.equal)) if asked else graded


def _diagnosed(
    connection: Connection, desk: PracticeDesk, stored: StoredOffer, *, item: Item, right: bool
) -> bool:
    """Whether the item was a diagnostic's: its answer places the student and is no evidence of mastery."""
    state = under_way(connection, stored.student)
    if stored.reason_code != ReasonCode.DIAGNOSTIC or state is None:
        return False
    take_in(connection, desk, state, skill=item.skills[0], right=right)
    return True


def _repeated(
    connection: Connection, desk: PracticeDesk, answer: Answer, *, earlier: StoredInteraction
) -> Outcome:
    if earlier.student != answer.student:
        raise Refused(ErrorCode.BAD_MESSAGE, "This answer's number belongs to another sign-in.")
    item = desk.bank.generate(earlier.item, earlier.item_seed)
    offer = current_offer(connection, desk, answer.student)
    mastered, asked = _mastered_by(connection, earlier), earlier.reason_code == ReasonCode.DIAGNOSTIC
    graded = _graded(item, replace(answer, response=earlier.response))
    return Outcome(graded, item, True, offer, mastered, diagnostic=asked)


def _mastered_by(connection: Connection, earlier: StoredInteraction) -> tuple[str, ...]:
    states = mastery_of(connection, earlier.student)
    found = ((skill, states[skill].mastered_at) for skill in earlier.skills if skill in states)
    return tuple(skill for skill, at in found if at is not None and at.timestamp() == earlier.at_seconds)


def _late(
    connection: Connection, desk: PracticeDesk, answer: Answer, *, newest: StoredInteraction | None
) -> Outcome:
    """An answer to the item before: graded, since it was tried already, and without effect."""
    if newest is None or offer_id(newest) != answer.offer_id:
        raise FixSettings(
            ErrorCode.NOT_FOUND, "This item is no longer open. Go on with the one that is shown now."
        )
    item = desk.bank.generate(newest.item, newest.item_seed)
    return Outcome(_graded(item, answer), item, False, current_offer(connection, desk, answer.student))


def _another_try(
    connection: Connection, desk: PracticeDesk, answer: Answer, *, item: Item, graded: Grade
) -> Outcome:
    _note_try(connection, desk, answer.student, item=item)
    offer = (offer_next if graded.solved else current_offer)(connection, desk, answer.student)
    return Outcome(graded, item, False, offer)


def _note_try(connection: Connection, desk: PracticeDesk, student: str, *, item: Item) -> None:
    """A further try: going through all choices faster than they can be read is worth knowing."""
    stored, now = open_offer(connection, student), desk.clock.now()
    if stored is None or not item.choices:
        return
    quick = is_quick_try(stored.tried_at or stored.offered_at, now)
    newest = newest_of(connection, student)
    if count_try(connection, student, at=now, quick=quick) == len(item.choices) - 1 and quick and newest:
        note_cycling(connection, student, seq=newest.seq, now=now)


def _evidence(answer: Answer, stored: StoredOffer, *, item: Item, correct: bool, now: datetime) -> NewInteraction:
    return NewInteraction(
        student=answer.student,
        item=item.family,
        item_seed=item.seed,
        skills=item.skills,
        correct=correct,
        at=now,
        response=answer.response.strip()[:MAX_LENGTH],
        hints_used=stored.hints_used,
        assisted=stored.helped,
        latency_ms=answer.latency_ms,
        reason_code=stored.reason_code,
        model_version=stored.model_version,
        client_uuid=answer.client_uuid,
    )


@dataclass(frozen=True, slots=True)
class FirstTry:
    """offline: given away from the server. It moves what is thought to be known, and counts as nothing shown.

    weight: of the evidence. flagged: whether a flag is open. test_place: as in `Evidence`.
    """

    item: Item
    correct: bool
    at: datetime
    offline: bool = False
    weight: float = 1.0
    flagged: bool = False
    test_place: int | None = None


def update_mastery(
    connection: Connection, desk: PracticeDesk, student: str, *, tried: FirstTry
) -> tuple[str, ...]:
    """Saves each skill's new state; returns the skills that are mastered now and weren't before."""
    item, correct = tried.item, tried.correct
    knowledge = desk.serving.models(connection, desk.clock.now()).knowledge
    states, starts = mastery_of(connection, student), placed_at(connection, student)
    full = tried.weight == 1.0 and not tried.offline
    gained = []
    for skill in item.skills:
        before = states.get(skill)
        p_before = starts.get(skill, knowledge.p_start(skill)) if before is None else before.p_known
        p_known = knowledge.p_after(p_before, skill, correct=correct, weight=tried.weight)
        families = desk.tables.families_of(skill)
        expected = knowledge.p_right(p_before, skill)
        evidence = Evidence(
            item.family, correct, tried.at, families, full, tried.flagged, expected, tried.test_place
        )
        others = track_of(states.values(), but=skill)
        school_day = desk.calendar.school_day
        after = after_answer(before, skill, evidence, p_known=p_known, others=others, school_day=school_day)
        save_mastery(connection, student, after)
        states[skill] = after
        if after.mastered_at is not None and (before is None or before.mastered_at is None):
            gained.append(skill)
    return tuple(gained)
