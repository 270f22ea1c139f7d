"""Ahead: which skills a student may skip by a short test, and the test itself: five items in a row, unaided."""

from sqlalchemy import Connection

from client.practice.desk import PracticeDesk
from client.practice.next_item import situation_of
from client.practice.offers import Offer, current_offer, offer_next, standing_of
from client.practice.policy import decide
from client.practice.reasons import ReasonCode
from client.practice.testing_out import may_be_tested
from client.records.interactions import recent
from client.records.mastery import mastery_of
from client.records.practice_sets import ChosenSet, save_set
from common.errors import ErrorCode, FixSettings

MOST_SKILLS = 3


def skills_to_test(connection: Connection, desk: PracticeDesk, student: str) -> tuple[str, ...]:
    """At most three skills that are open and may be tested out of now, the likeliest known first. Reads only."""
    standing, _ = standing_of(connection, desk, student)
    open_ = decide(desk.tables.needs, situation_of(desk.tables, standing)).open_[0]
    found = [
        (-standing.known[row], skill)
        for row, skill in enumerate(desk.tables.skills)
        if open_[row] and may_be_tested(standing.mastery.get(skill), standing.now)
    ]
    return tuple(skill for _, skill in sorted(found)[:MOST_SKILLS])


def start_test_out(connection: Connection, desk: PracticeDesk, student: str, *, skill: str) -> Offer:
    """The first of five items; one that is under way on the skill goes on. Call it in the writer.

    FixSettings for a skill that no pack has, and where it was tested within a week or is done.
    """
    if skill not in desk.tables.index:
        raise FixSettings(
            ErrorCode.NOT_FOUND, "That can't be tested here. Choose one of the skills that are shown."
        )
    standing, _ = standing_of(connection, desk, student)
    if standing.test_place is not None and standing.chosen == skill:
        return current_offer(connection, desk, student)
    if not may_be_tested(mastery_of(connection, student).get(skill), standing.now):
        sentence = "This skill was tested within the last week, or it is done. Choose another one."
        raise FixSettings(ErrorCode.NOT_FOUND, sentence)
    newest = next(iter(recent(connection, student, count=1)), None)
    begun = ChosenSet(student, skill, str(ReasonCode.TEST_OUT), newest.seq if newest else 0)
    save_set(connection, begun)
    return offer_next(connection, desk, student)
