"""Sets of five: counted from where they began, and never twice over."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from client.practice.choices import start_set
from client.practice.offers import newest_of, skip_diagnostic, start_diagnostic
from client.practice.policy import SET_SIZE
from client.practice.set_under_way import Place, done_in_set, is_over, place_of, set_of
from client.records.practice_sets import ChosenSet, chosen_set
from tests.support.practising import School, right_response
from tests.support.stores import in_reader, in_writer


@given(st.integers(0, 500), st.integers(0, 40))
def test_a_set_counts_from_where_it_began(started: int, more: int) -> None:
    """And is over from its fifth answer on."""
    under_way = ChosenSet("s", "", "", started)
    assert done_in_set(under_way, started + more) == more
    assert is_over(under_way, started + more) == (more >= SET_SIZE)


@given(st.integers(0, 500))
def test_without_a_set_answers_are_counted_off_in_fives(count: int) -> None:
    """For the simulator and for answers before there were sets."""
    assert done_in_set(None, count) == count % SET_SIZE
    assert not is_over(None, count)


def _place(school: School) -> Place:
    return in_reader(
        school.store,
        lambda c: place_of(
            c,
            school.student,
            newest=newest_of(c, school.student),
            under_way=chosen_set(c, school.student),
        ),
    )


def test_the_places_of_a_first_day(school: School) -> None:
    """Welcome, diagnostic, choice, five items, between sets."""
    assert _place(school) is Place.FIRST_DAY
    in_writer(school.store, lambda c: start_diagnostic(c, school.desk, school.student))
    assert _place(school) is Place.AT_ITEM
    school.submit(right_response(school.offer().item))
    in_writer(school.store, lambda c: skip_diagnostic(c, school.desk, school.student))
    assert _place(school) is Place.PLACED
    in_writer(school.store, lambda c: start_set(c, school.desk, school.student))
    for _ in range(SET_SIZE):
        assert _place(school) is Place.AT_ITEM
        school.answer(right=True)
    assert _place(school) is Place.BETWEEN_SETS


def test_a_student_without_a_set_begins_one_and_keeps_it(school: School) -> None:
    """The second look finds the first one's."""
    begun = in_writer(school.store, lambda c: set_of(c, school.student, count=7))
    assert begun == ChosenSet(school.student, "", "", 7)
    assert in_writer(school.store, lambda c: set_of(c, school.student, count=9)) == replace(begun)
