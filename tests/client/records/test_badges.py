"""Badges: a token on paper for one student; new ones end the old ones."""

from sqlalchemy import select

from client.records.badges import new_badges, revoke_badge, student_of_badge
from client.records.store import Store
from client.records.tables import badge
from tests.support.stores import NOW, class_of_students, in_reader, in_writer


def test_a_badge_is_its_students_alone(store: Store) -> None:
    """And the database holds no token."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    tokens = in_writer(store, lambda c: new_badges(c, [ada, ben], now=NOW))
    assert in_reader(store, lambda c: student_of_badge(c, tokens[ada])) == ada
    assert in_reader(store, lambda c: student_of_badge(c, tokens[ben])) == ben
    assert in_reader(store, lambda c: student_of_badge(c, "guess")) is None
    kept = in_reader(store, lambda c: c.execute(select(badge.c.token_hash)).scalars().all())
    assert not set(kept) & set(tokens.values())


def test_new_badges_end_the_old_ones(store: Store) -> None:
    """Of the same students only."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    old = in_writer(store, lambda c: new_badges(c, [ada, ben], now=NOW))
    new = in_writer(store, lambda c: new_badges(c, [ada], now=NOW))
    assert in_reader(store, lambda c: student_of_badge(c, old[ada])) is None
    assert in_reader(store, lambda c: student_of_badge(c, new[ada])) == ada
    assert in_reader(store, lambda c: student_of_badge(c, old[ben])) == ben


def test_a_lost_badge_signs_nobody_in(store: Store) -> None:
    """As soon as the teacher says so."""
    (ada,) = class_of_students(store, ["Ada"])
    tokens = in_writer(store, lambda c: new_badges(c, [ada], now=NOW))
    in_writer(store, lambda c: revoke_badge(c, ada))
    assert in_reader(store, lambda c: student_of_badge(c, tokens[ada])) is None


def test_a_class_without_students_has_no_badges(store: Store) -> None:
    """And that is no error."""
    assert in_writer(store, lambda c: new_badges(c, [], now=NOW)) == {}
