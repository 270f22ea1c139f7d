"""Offers: one open item per student, with its reason."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from client.records.offers import StoredOffer, close_offer, count_hint, count_try, open_offer, put_offer
from client.records.store import Store
from common.errors import ErrorCode, FixSettings
from tests.support.stores import NOW, class_of_students, in_reader, in_writer

OFFER = StoredOffer(
    student="",
    item="Q8.procedure",
    item_seed=-(2**62),
    reason_code="weak-spot",
    facts={"skill": "Q8", "failures": 2, "größer": [0.25, None, True]},
    model_version="bkt",
    offered_at=NOW,
)


def test_an_offer_comes_back_with_its_reason(store: Store) -> None:
    """Facts keep their types, so that the sentence can be checked against them."""
    (ada,) = class_of_students(store, ["Ada"])
    offered = replace(OFFER, student=ada)
    in_writer(store, lambda c: put_offer(c, offered))
    assert in_reader(store, lambda c: open_offer(c, ada)) == offered


def test_a_student_has_one_open_item(store: Store) -> None:
    """A new offer replaces the open one, and nobody else's."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    for item, student in (("a", ada), ("b", ben), ("c", ada)):
        one = replace(OFFER, student=student, item=item)
        in_writer(store, lambda c, one=one: put_offer(c, one))  # type: ignore[misc]
    assert _open_items(store, ada, ben) == ["c", "b"]
    in_writer(store, lambda c: close_offer(c, ada))
    assert _open_items(store, ada, ben) == [None, "b"]


def test_hints_are_counted_on_the_open_item(store: Store) -> None:
    """And start again with the next one."""
    (ada,) = class_of_students(store, ["Ada"])
    in_writer(store, lambda c: put_offer(c, replace(OFFER, student=ada)))
    assert [in_writer(store, lambda c: count_hint(c, ada)) for _ in range(3)] == [1, 2, 3]
    in_writer(store, lambda c: put_offer(c, replace(OFFER, student=ada)))
    assert in_writer(store, lambda c: count_hint(c, ada)) == 1


def test_quick_tries_are_counted_on_the_open_item(store: Store) -> None:
    """Only those that came too quickly; without an open item there is nothing to count."""
    (ada,) = class_of_students(store, ["Ada"])
    in_writer(store, lambda c: put_offer(c, replace(OFFER, student=ada)))
    counts = [
        in_writer(store, lambda c, quick=quick: count_try(c, ada, at=NOW, quick=quick))  # type: ignore[misc]
        for quick in (False, True, False, True)
    ]
    assert counts == [0, 1, 1, 2]
    in_writer(store, lambda c: close_offer(c, ada))
    assert in_writer(store, lambda c: count_try(c, ada, at=NOW, quick=True)) == 0


def test_a_hint_without_an_open_item_is_refused(store: Store) -> None:
    """A page left open from yesterday."""
    (ada,) = class_of_students(store, ["Ada"])
    with pytest.raises(FixSettings) as refused:
        in_writer(store, lambda c: count_hint(c, ada))
    assert refused.value.code is ErrorCode.NOT_FOUND


def test_facts_that_json_can_t_carry_are_refused(store: Store) -> None:
    """A probability that isn't a number never becomes a reason."""
    (ada,) = class_of_students(store, ["Ada"])
    with pytest.raises(ValueError, match="JSON"):
        in_writer(store, lambda c: put_offer(c, replace(OFFER, student=ada, facts={"p": float("nan")})))


def test_an_offer_needs_a_student(store: Store) -> None:
    """The foreign key says so."""
    with pytest.raises(DBAPIError):
        in_writer(store, lambda c: put_offer(c, OFFER))


def _open_items(store: Store, *students: str) -> list[str | None]:
    found = [in_reader(store, lambda c, s=s: open_offer(c, s)) for s in students]  # type: ignore[misc]
    return [None if one is None else one.item for one in found]
