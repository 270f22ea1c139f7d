"""Refusal log: what this school said no to, and why."""

from datetime import timedelta

from client.records.refusals import StoredRefusal, recent_refusals, record_refusal
from client.records.store import Store
from common.refusals import Refusal, RefusalCode
from tests.support.stores import NOW, in_reader, in_writer


def test_refusals_come_newest_first_with_the_reason_that_stays_here(store: Store) -> None:
    """As many as asked for."""
    refusals = [
        StoredRefusal(
            "autumn", number, Refusal(code, f"Sentence {number}.", "too few"), NOW + timedelta(days=number)
        )
        for number, code in enumerate(
            (RefusalCode.BUDGET_YEAR, RefusalCode.NOT_TAKING_PART, RefusalCode.WRONG_MODEL)
        )
    ]
    for one in refusals:
        in_writer(store, lambda c, one=one: record_refusal(c, one))  # type: ignore[misc]
    assert in_reader(store, lambda c: recent_refusals(c, count=2)) == [refusals[2], refusals[1]]


def test_no_refusal_is_an_empty_log(store: Store) -> None:
    """At first."""
    assert in_reader(store, lambda c: recent_refusals(c, count=5)) == []
