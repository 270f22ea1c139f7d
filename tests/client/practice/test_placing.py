"""The diagnostic at the desk: without hints or second tries, ended early or skipped, and remembered."""

from datetime import timedelta

import pytest

from client.practice.mastery import MASTERED_P
from client.practice.offers import Offer, skip_diagnostic, start_diagnostic
from client.practice.placing import grades_of, placed_at, under_way
from client.practice.reasons import ReasonCode
from client.practice.replay_mastery import replay_mastery
from tests.support.practising import School, right_response, wrong_response
from tests.support.stores import in_reader, in_writer


def _begin(school: School, start_grade: float | None = None) -> Offer:
    return in_writer(
        school.store, lambda c: start_diagnostic(c, school.desk, school.student, start_grade=start_grade)
    )


def _placed(school: School) -> dict[str, float]:
    return in_reader(school.store, lambda c: placed_at(c, school.student))


def _answer_all(school: School, *, right: bool) -> int:
    asked = 0
    while (offer := school.offer()).reason_code == ReasonCode.DIAGNOSTIC:
        school.submit(right_response(offer.item) if right else wrong_response(offer.item))
        asked += 1
    return asked


@pytest.mark.parametrize("right", [True, False])
def test_it_asks_six_to_twelve_items_and_goes_over_into_practice(school: School, right: bool) -> None:
    """A wrong answer is followed by the next item at once: nobody hears that it was wrong twice."""
    _begin(school)
    assert 6 <= _answer_all(school, right=right) <= 12
    placed = _placed(school)
    assert set(placed) == set(school.desk.tables.skills)
    assert (sum(placed.values()) / len(placed) > 0.6) == right
    assert len({one.skills for one in school.history()}) == len(school.history())


def test_not_knowing_it_yet_is_an_answer(school: School) -> None:
    """It counts as not known, here and nowhere else."""
    offer = _begin(school)
    skill = offer.item.skills[0]
    school.submit("", unknown=True)
    assert [one.correct for one in school.history()] == [False]
    in_writer(school.store, lambda c: skip_diagnostic(c, school.desk, school.student))
    assert _placed(school)[skill] < 0.5
    assert not school.submit("", unknown=True).counted


def test_there_are_no_hints_in_it(school: School) -> None:
    """Else it would say what a student can do with help."""
    offer = _begin(school)
    assert offer.hints_left == 0
    assert school.hint() == offer
    assert "begin" in offer.reason


def test_who_can_much_starts_further_on(school: School) -> None:
    """Skills that were never met are taken as known or not by the diagnostic, and count as mastered only later."""
    _begin(school)
    _answer_all(school, right=True)
    offer = school.offer()
    assert offer.item.skills[0] not in _roots(school)
    assert all(state.mastered_at is None for state in school.mastery().values())


def _roots(school: School) -> set[str]:
    return {skill for skill in school.desk.tables.skills if not school.desk.tables.needs_of(skill)}


def test_skipping_keeps_what_was_answered(school: School) -> None:
    """And is possible at once, without any answer."""
    _begin(school)
    in_writer(school.store, lambda c: skip_diagnostic(c, school.desk, school.student))
    assert _placed(school) == {}
    assert school.offer().reason_code == ReasonCode.START
    offer = _begin(school)
    school.submit(right_response(offer.item))
    in_writer(school.store, lambda c: skip_diagnostic(c, school.desk, school.student))
    assert _placed(school)[offer.item.skills[0]] > 0.6
    assert in_reader(school.store, lambda c: under_way(c, school.student)) is None


def test_a_start_grade_decides_where_it_begins(school: School) -> None:
    """A first item for grade one isn't the one for grade eight."""
    tables = school.desk.tables
    grades = dict(zip(tables.skills, grades_of(tables).tolist(), strict=True))
    assert grades["F1"] == 0.5
    young, old = (grades[_begin(school, grade).item.skills[0]] for grade in (1.0, 6.0))
    assert young < old


def test_a_replay_gives_the_same_states_after_a_diagnostic(school: School) -> None:
    """The starting values are kept, so a corrected history tells the same story."""
    _begin(school)
    _answer_all(school, right=True)
    for n in range(12):
        school.answer(right=n % 3 > 0)
        school.clock.advance(timedelta(hours=9))
    before = school.mastery()
    in_writer(school.store, lambda c: replay_mastery(c, school.desk, [school.student]))
    assert school.mastery() == before
    assert any(state.p_known >= MASTERED_P for state in before.values())
