"""What a load run says about lost and doubled answers: each fault is found, and a clean school has none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.load.counted import Counted, counted_in
from client.records.interactions import NewInteraction, append, recent
from tests.support.practising import School, right_response, school_with_student, wrong_response
from tests.support.stores import in_reader, in_writer

THREE = {"u-1", "u-2", "u-3"}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student with three answers, the middle one wrong."""
    with school_with_student(tmp_path) as made:
        for number in sorted(THREE):
            item = made.offer().item
            made.submit(wrong_response(item) if number == "u-2" else right_response(item), uuid=number)
            made.move_on()
        yield made


def counted(school: School, expected: set[str]) -> Counted:
    """Of the one student."""
    return in_reader(school.store, lambda c: counted_in(c, [school.student], expected=expected))


def change(school: School, statement: str) -> None:
    """Damage done to the database by hand."""
    assert in_writer(school.store, lambda c: c.execute(text(statement)).rowcount) > 0


def test_answers_that_are_all_there_once_are_only_counted(school: School) -> None:
    """The right ones and the wrong one."""
    assert counted(school, THREE) == Counted(kept=3, lost=0, unknown=0, doubled=0, miscounted=0)


def test_an_answer_that_is_not_there_is_lost_and_leaves_traces(school: School) -> None:
    """Its number, a gap before the next, and a skill that counted more than there is."""
    change(school, "DELETE FROM interaction WHERE client_uuid = 'u-2'")
    found = counted(school, THREE)
    assert (found.kept, found.lost) == (2, 1)
    assert found.doubled > 0
    assert found.miscounted > 0


def test_an_answer_that_nobody_sent_is_unknown(school: School) -> None:
    """As if a request had been made up."""
    assert counted(school, THREE - {"u-3"}).unknown == 1


def test_an_item_answered_twice_is_doubled(school: School) -> None:
    """Under two numbers, which the database itself allows."""
    (newest,) = in_reader(school.store, lambda c: recent(c, school.student, count=1))
    again = NewInteraction(
        school.student, newest.item, newest.item_seed, newest.skills, True, school.clock.now(), client_uuid="u-4"
    )
    in_writer(school.store, lambda c: append(c, again))
    assert counted(school, {*THREE, "u-4"}).doubled == 1


def test_mastery_that_counted_once_more_is_miscounted(school: School) -> None:
    """As if the same answer had been taken in again after a crash."""
    change(school, "UPDATE mastery SET attempts = attempts + 1")
    assert counted(school, THREE).miscounted > 0
