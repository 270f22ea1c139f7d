"""Choices: two or three things that a student may practise next, each with a reason in a sentence."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from client.content.phrases import Phrase
from client.practice.bank_tables import BankTables
from client.practice.desk import PracticeDesk
from client.practice.next_item import Standing, choose_next, situation_of
from client.practice.offers import Offer, newest_of, offer_next, standing_of
from client.practice.policy import decide, lots
from client.practice.reasons import Fact, Reason, ReasonCode, phrase_for_student, sentence_for_teacher, skill_name
from client.records.practice_sets import ChosenSet, save_set
from common.errors import ErrorCode, FixSettings

MOST_CHOICES = 3


class ChoiceKind(StrEnum):
    """What a choice is for."""

    RECOMMENDED = "recommended"
    WEAK_SPOT = "weak-spot"
    CHALLENGE = "challenge"
    RE_CHECK = "re-check"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class Choice:
    """skill: what `start_set` takes; name: the same in words. why: for the student; for_teacher: the same for
    staff. No probability.
    """

    kind: ChoiceKind
    skill: str
    name: str
    why: Phrase
    for_teacher: str


def choices_for(connection: Connection, desk: PracticeDesk, student: str) -> tuple[Choice, ...]:
    """One to three different skills, the recommended one first. Reads only."""
    standing, _ = standing_of(connection, desk, student)
    return choices_at(desk, standing)


def choices_at(desk: PracticeDesk, standing: Standing) -> tuple[Choice, ...]:
    """The same where the standing is at hand."""
    recommended = choose_next(desk.tables, standing).reason
    found = [
        (ChoiceKind.RECOMMENDED, recommended),
        *_others(desk.tables, standing, str(recommended.facts["skill"])),
    ]
    return tuple(
        Choice(
            kind,
            str(reason.facts["skill"]),
            skill_name(reason, desk.bank),
            phrase_for_student(reason, desk.bank),
            sentence_for_teacher(reason, desk.bank),
        )
        for kind, reason in found[:MOST_CHOICES]
    )


def start_set(connection: Connection, desk: PracticeDesk, student: str, *, skill: str = "") -> Offer:
    """A set of five on a skill of the student's choice, with re-checks that are due; without a skill the policy
    chooses each item. Call it in the writer.

    Any skill of the bank may be chosen: exploring is free. FixSettings for one that no pack has.
    """
    if skill and skill not in desk.tables.index:
        raise FixSettings(
            ErrorCode.NOT_FOUND, "That can't be practised here. Choose one of the skills that are shown."
        )
    newest = newest_of(connection, student)
    kind = ReasonCode.CHOSEN if skill else ChoiceKind.RECOMMENDED
    save_set(connection, ChosenSet(student, skill, str(kind), newest.seq if newest else 0))
    return offer_next(connection, desk, student)


def _others(tables: BankTables, standing: Standing, recommended: str) -> list[tuple[ChoiceKind, Reason]]:
    """At most one of each further kind, in the order in which they are offered, no skill twice."""
    situation = situation_of(tables, standing)
    open_ = decide(tables.needs, situation).open_[0]
    met = np.array([skill in standing.mastery for skill in tables.skills])
    lot = lots(situation.seed, len(tables.skills))[0]
    due = situation.due[0]
    free = np.array([skill != recommended for skill in tables.skills]) & situation.allowed[0]
    found = []
    for kind, among, score in (
        (ChoiceKind.RE_CHECK, due, situation.idle[0]),
        (ChoiceKind.WEAK_SPOT, open_ & met, -standing.known),
        (ChoiceKind.CHALLENGE, open_ & ~met, tables.depth + lot),
        (ChoiceKind.EXPLORE, ~met, lot),
    ):
        row = _best(among & free, score)
        if row is not None:
            free[row] = False
            found.append((kind, _reason(standing, kind, tables.skills[row])))
    return found


def _best(among: NDArray[np.bool_], score: NDArray[np.float64]) -> int | None:
    return int(np.where(among, score, -np.inf).argmax()) if among.any() else None


def _reason(standing: Standing, kind: ChoiceKind, skill: str) -> Reason:
    state = standing.mastery.get(skill)
    facts: dict[str, Fact] = {"skill": skill}
    if kind is ChoiceKind.RE_CHECK and state is not None:
        return Reason(ReasonCode.RE_CHECK, facts | {"days": (standing.now.date() - state.last_at.date()).days})
    if kind is ChoiceKind.WEAK_SPOT and state is not None:
        counts = {"attempts": state.attempts, "correct": state.correct_unaided}
        return Reason(ReasonCode.WEAK_SPOT, facts | counts)
    return Reason(ReasonCode.CHALLENGE if kind is ChoiceKind.CHALLENGE else ReasonCode.EXPLORE, facts)
