"""Skipping ahead at the desk: offered, taken without help, passed or not, and replayed to the same."""

from datetime import timedelta

import pytest

from client.practice.ahead import skills_to_test, start_test_out
from client.practice.choices import start_set
from client.practice.help_moves import HelpMoves, help_moves
from client.practice.offers import Offer
from client.practice.reasons import ReasonCode
from client.practice.replay_mastery import replay_mastery
from client.practice.testing_out import TEST_ITEMS
from common.errors import FixSettings
from tests.support.practising import BANK, School
from tests.support.stores import in_reader, in_writer


def _start(school: School, skill: str = "Q1") -> Offer:
    return in_writer(school.store, lambda c: start_test_out(c, school.desk, school.student, skill=skill))


def test_a_beginner_may_test_what_is_open(school: School) -> None:
    """At most three skills, each without needs."""
    found = in_reader(school.store, lambda c: skills_to_test(c, school.desk, school.student))
    assert 1 <= len(found) <= 3
    assert all(BANK.prerequisites(skill) == () for skill in found)


def test_five_items_without_help_over_all_families(school: School) -> None:
    """Each with a reason, no hint, no other help; a second start goes on with the same one."""
    offer, families = _start(school), set()
    for place in range(TEST_ITEMS):
        assert (offer.reason_code, offer.hints_left, offer.item.skills) == (ReasonCode.TEST_OUT, 0, ("Q1",))
        assert "without hints" in offer.reason
        assert help_moves(school.desk, offer) == HelpMoves(False, False, False, False)
        assert _start(school).id == offer.id
        families.add(offer.item.family)
        offer = school.answer(right=place != 1).offer if place != 1 else _wrong(school)
    assert len(families) == 4
    assert offer.reason_code != ReasonCode.TEST_OUT
    assert school.mastery()["Q1"].tested_out_at is not None


def _wrong(school: School) -> Offer:
    school.answer(right=False)
    return school.offer()


def test_what_was_failed_or_passed_is_not_tested_again_at_once(school: School) -> None:
    """A sentence says so; a week after a failed test it may be."""
    _start(school)
    for n in range(TEST_ITEMS):
        school.answer(right=n < 3)
    with pytest.raises(FixSettings):
        _start(school)
    school.clock.advance(timedelta(days=7))
    assert _start(school).reason_code == ReasonCode.TEST_OUT
    with pytest.raises(FixSettings):
        _start(school, "no-such-skill")


def test_another_set_ends_a_test_and_a_replay_says_the_same(school: School) -> None:
    """Broken off after two, then taken whole."""
    _start(school)
    school.answer(right=True)
    school.answer(right=True)
    in_writer(school.store, lambda c: start_set(c, school.desk, school.student, skill="F1"))
    school.answer(right=True)
    assert school.mastery()["Q1"].tested_at is None
    _start(school)
    for _ in range(TEST_ITEMS):
        school.answer(right=True)
    before = school.mastery()
    assert before["Q1"].tested_out_at is not None
    in_writer(school.store, lambda c: replay_mastery(c, school.desk, [school.student]))
    after = school.mastery()
    assert (after["Q1"].tested_at, after["Q1"].tested_out_at) == (
        before["Q1"].tested_at,
        before["Q1"].tested_out_at,
    )
