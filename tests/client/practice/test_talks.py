"""Talks are kept beside the open item, count as help, and can't be made up by a page."""

from dataclasses import replace

import pytest

from client.practice.offers import Offer, start_diagnostic
from client.practice.talks import Said, may_talk, say, talk_of
from client.practice.tutor import Talk
from client.records.interactions import recent
from client.records.offers import Exchange, StoredOffer, open_offer, put_offer
from tests.support.practising import School, right_response, wrong_response
from tests.support.stores import in_reader, in_writer


def _say(school: School, line: str | None, *, lines: int = 0, offer_id: str = "") -> Offer:
    said = Said(offer_id or school.offer().id, lines, line)
    return in_writer(school.store, lambda c: say(c, school.desk, school.student, said=said))


def _talk(school: School) -> Talk | None:
    offer = school.offer()
    return in_reader(school.store, lambda c: talk_of(c, school.desk, school.student, offer=offer))


def _stored(school: School) -> StoredOffer:
    found = in_reader(school.store, lambda c: open_offer(c, school.student))
    assert found is not None
    return found


def test_there_is_no_talk_until_it_is_asked_for(school: School) -> None:
    """And opening it again changes nothing."""
    assert _talk(school) is None
    for _ in range(2):
        _say(school, None)
        talk = _talk(school)
        assert talk is not None
        assert len(talk.turns) == 1
    assert _stored(school).talk == ()


def test_a_line_is_kept_and_answered(school: School) -> None:
    """The next page shows it with the tutor's reply."""
    _say(school, None)
    _say(school, "  7 ")
    assert _stored(school).talk == (Exchange("7"),)
    talk = _talk(school)
    assert talk is not None
    assert [turn.said for turn in talk.turns] == [None, "7"]


@pytest.mark.parametrize("lines", [0, 2, 99])
def test_a_form_that_was_sent_before_adds_nothing(school: School, lines: int) -> None:
    """It says how many lines its page showed; another number is another page."""
    _say(school, None)
    _say(school, "7")
    _say(school, "7", lines=lines)
    assert _stored(school).talk == (Exchange("7"),)


def test_a_form_of_another_item_adds_nothing(school: School) -> None:
    """As from a page of long ago."""
    _say(school, None, offer_id="Q8.procedure~1")
    assert _stored(school).talk is None


def test_a_right_answer_after_a_talk_is_assisted_and_no_evidence_of_knowing(school: School) -> None:
    """Even a talk in which nothing was said: whoever opens it is asked the first step."""
    item = school.offer().item
    _say(school, None)
    outcome = school.submit(right_response(item))
    assert outcome.grade.solved
    (kept,) = in_reader(school.store, lambda c: recent(c, school.student, count=9))
    assert (kept.correct, kept.assisted, kept.hints_used) == (False, True, 0)
    assert school.mastery()[item.skills[0]].correct_unaided == 0


def test_a_talk_after_the_first_try_changes_no_evidence(school: School) -> None:
    """The try was unaided and wrong; the tutor knows what was tried."""
    school.submit(wrong_response(school.offer().item))
    _say(school, None)
    (kept,) = in_reader(school.store, lambda c: recent(c, school.student, count=9))
    assert not kept.assisted


def test_what_was_said_goes_with_the_item(school: School) -> None:
    """The next item has no talk, and the old one's lines are nowhere."""
    _say(school, None)
    _say(school, "7")
    school.answer(right=True)
    assert _stored(school).talk is None


def test_a_diagnostic_has_no_tutor(school: School) -> None:
    """It finds out what a student can do alone."""
    offer = in_writer(school.store, lambda c: start_diagnostic(c, school.desk, school.student))
    assert not may_talk(offer)
    _say(school, None)
    assert _stored(school).talk is None
    assert _talk(school) is None


def test_a_talk_that_is_over_takes_no_more(school: School) -> None:
    """Once the answer was said."""
    school.offer()
    stored = replace(_stored(school), item="Q8.procedure", item_seed=3)
    in_writer(school.store, lambda c: put_offer(c, stored))
    _say(school, None)
    _say(school, "23/18")
    _say(school, "1", lines=1)
    assert _stored(school).talk == (Exchange("23/18"),)
    talk = _talk(school)
    assert talk is not None
    assert (talk.over, talk.solved) == (True, True)


def test_a_very_long_line_is_cut(school: School) -> None:
    """To the length of an answer."""
    _say(school, None)
    _say(school, "9" * 5000)
    assert [len(one.said) for one in _stored(school).talk or ()] == [200]
