"""The end of a set says what is true of its answers, and counts days and minutes without taking any away."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from client.practice.choices import start_set
from client.practice.offers import standing_of
from client.practice.policy import SET_SIZE
from client.practice.set_review import How, SetReview, review_of, sitting_minutes
from client.records.practice_sets import ChosenSet, chosen_set
from tests.support.practising import School, right_response
from tests.support.stores import NOW, in_reader, in_writer


def _begin(school: School) -> None:
    in_writer(school.store, lambda c: start_set(c, school.desk, school.student, skill="Q1"))


def _review(school: School) -> SetReview:
    def read(connection: Connection) -> SetReview:
        under_way = chosen_set(connection, school.student)
        assert isinstance(under_way, ChosenSet)
        standing, _ = standing_of(connection, school.desk, school.student)
        return review_of(connection, school.desk, under_way, standing=standing)

    return in_reader(school.store, read)


def _five(school: School, *rights: bool) -> SetReview:
    _begin(school)
    for right in rights:
        school.answer(right=right)
    return _review(school)


def test_it_holds_the_answers_of_the_set_and_no_earlier_ones(school: School) -> None:
    """In their order."""
    school.answer(right=True)
    review = _five(school, True, False, True, True, False)
    alone, not_yet = How.ALONE, How.NOT_YET
    assert [one.how for one in review.tried] == [alone, not_yet, alone, alone, not_yet]
    assert len(review.tried) == SET_SIZE


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ((True,) * 5, "Every one was right at the first try, without help."),
        ((False,) * 5, "These were hard ones, and you stayed with them to the end."),
        ((True, True, True, True, False), "Right at the first try and without help: 4 of 5."),
    ],
)
def test_the_glad_sentence_is_true_of_the_answers(school: School, rights: tuple[bool, ...], said: str) -> None:
    """Worked by hand; nothing is praised that wasn't there."""
    assert str(_five(school, *rights).glad) == said


def test_getting_better_is_named(school: School) -> None:
    """A skill whose first answer was wrong and whose last one was right."""
    _begin(school)
    first = school.offer().item.skills[0]
    for _ in range(SET_SIZE):
        school.answer(right=school.offer().item.skills[0] != first or len(school.history()) > 0)
    name = school.desk.bank.skill(first)
    assert name is not None
    glad = str(_review(school).glad)
    assert glad == f"{name.name[:1].upper()}{name.name[1:]}: the first one wasn't right yet, and the last one was."


def test_help_is_something_to_be_glad_of(school: School) -> None:
    """Where nothing was right alone."""
    _begin(school)
    for _ in range(SET_SIZE):
        school.hint()
        school.submit(right_response(school.offer().item))
    review = _review(school)
    assert {one.how for one in review.tried} == {How.HELPED}
    assert str(review.glad).startswith("You asked for help")


def test_a_day_off_takes_nothing_away(school: School) -> None:
    """Days practised only ever grow; the week counts the last seven."""
    _five(school, *(True,) * 5)
    school.clock.advance(timedelta(days=20))
    review = _five(school, *(True,) * 5)
    assert (review.days, review.days_this_week) == (2, 1)


def test_each_skill_of_the_set_has_a_sentence_in_words(school: School) -> None:
    """And none of them a number."""
    review = _five(school, True, False, True, True, False)
    assert len(review.known) == len({one.skill for one in review.tried})
    assert all("%" not in str(one) and "0." not in str(one) for one in review.known)


def test_minutes_are_counted_since_the_last_pause() -> None:
    """A pause of five minutes begins anew; an answer of unknown time ends the count."""
    now = NOW.timestamp()
    assert sitting_minutes([now - 60, now - 200, now - 420], NOW) == 7
    assert sitting_minutes([now - 60, now - 200, now - 200 - 300], NOW) == 3
    assert sitting_minutes([now - 301], NOW) == 0
    assert sitting_minutes([now - 60, None, now - 120], NOW) == 1
    assert sitting_minutes([], NOW) == 0


@given(st.lists(st.floats(-1e4, 1e5)))
def test_minutes_are_never_negative(ago: list[float]) -> None:
    """Whatever a device's clock did."""
    assert sitting_minutes([NOW.timestamp() - one for one in ago], NOW) >= 0
