"""Hints: one rung at a time, four in all, counted when they are shown."""

from client.records.offers import open_offer
from tests.support.practising import School, wrong_response
from tests.support.stores import in_reader


def test_rungs_come_one_by_one_and_end(school: School) -> None:
    """A fifth request shows the same four."""
    item = school.offer().item
    for rung in (1, 2, 3, 4, 4):
        offer = school.hint()
        assert offer.hints == item.hints[:rung]
        assert offer.hints_left == 4 - rung
    stored = in_reader(school.store, lambda c: open_offer(c, school.student))
    assert stored is not None
    assert stored.hints_used == 4


def test_hints_after_the_first_try_help_and_change_no_evidence(school: School) -> None:
    """The try was unaided and wrong; it stays so."""
    school.submit(wrong_response(school.offer().item))
    assert school.hint().answered
    assert [one.correct for one in school.history()] == [False]
