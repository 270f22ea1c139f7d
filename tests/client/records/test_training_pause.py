"""The switch that stops training: set at once, by a name, and in the audit trail."""

from datetime import timedelta

from client.records.audit_trail import recent_audit
from client.records.store import Store
from client.records.training_pause import TrainingPause, is_paused, last_switch, pause, resume
from tests.support.stores import NOW, in_reader, in_writer


def test_training_isnt_paused_until_somebody_pauses_it(store: Store) -> None:
    """A new school has never touched the switch."""
    assert in_reader(store, last_switch) is None
    assert not in_reader(store, is_paused)
    assert not in_writer(store, lambda c: resume(c, by="Mr Abe", now=NOW))
    assert in_reader(store, lambda c: recent_audit(c, count=5)) == []


def test_a_pause_lasts_until_it_is_lifted(store: Store) -> None:
    """The newest word counts, and it says whose it is."""
    later = NOW + timedelta(hours=1)
    assert in_writer(store, lambda c: pause(c, by="Mr Abe", now=NOW))
    assert in_reader(store, is_paused)
    assert in_writer(store, lambda c: resume(c, by="Ms Reed", now=later))
    assert in_reader(store, last_switch) == TrainingPause(False, "Ms Reed", later)
    assert not in_reader(store, is_paused)


def test_a_second_pause_changes_nothing(store: Store) -> None:
    """Who stopped it first stays on the page."""
    in_writer(store, lambda c: pause(c, by="Mr Abe", now=NOW))
    assert not in_writer(store, lambda c: pause(c, by="Ms Reed", now=NOW + timedelta(hours=1)))
    assert in_reader(store, last_switch) == TrainingPause(True, "Mr Abe", NOW)


def test_both_deeds_are_in_the_audit_trail(store: Store) -> None:
    """With the name; the subject is training, no student."""
    in_writer(store, lambda c: pause(c, by="Mr Abe", now=NOW))
    in_writer(store, lambda c: resume(c, by="Ms Reed", now=NOW))
    found = [(one.actor, one.action, one.subject) for one in in_reader(store, lambda c: recent_audit(c, count=5))]
    assert found == [("Ms Reed", "training-resumed", "training"), ("Mr Abe", "training-paused", "training")]
