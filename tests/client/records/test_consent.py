"""Consent: the newest word counts, for each purpose by itself."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from client.records.consent import (
    ConsentDecision,
    consent_history,
    consent_of,
    consenting_students,
    record_consent,
    record_consents,
)
from client.records.inventory import Purpose
from client.records.store import Store
from client.records.students import set_active
from tests.support.stores import NOW, class_of_students, consent_to, in_reader, in_writer, sqlite_store

PRACTICE, TRAINING = Purpose.PRACTICE, Purpose.FEDERATED_TRAINING


def test_no_record_means_no(store: Store) -> None:
    """Nobody takes part by default."""
    (ada,) = class_of_students(store, ["Ada"])
    assert in_reader(store, lambda c: consent_of(c, ada)) == {PRACTICE: False, TRAINING: False}
    assert in_reader(store, lambda c: consenting_students(c, TRAINING)) == []


def test_purposes_are_apart(store: Store) -> None:
    """Practising isn't training."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    consent_to(store, [ada, ben], PRACTICE)
    consent_to(store, [ben], TRAINING)
    assert in_reader(store, lambda c: consenting_students(c, PRACTICE)) == sorted([ada, ben])
    assert in_reader(store, lambda c: consenting_students(c, TRAINING)) == [ben]
    assert in_reader(store, lambda c: consent_of(c, ada)) == {PRACTICE: True, TRAINING: False}


def test_the_newest_word_counts(store: Store) -> None:
    """Withdrawn and given again; every word stays on record, with who gave it."""
    (ada,) = class_of_students(store, ["Ada"])
    for granted in (True, False, True, False):
        _say(store, ada, granted=granted)
    assert in_reader(store, lambda c: consenting_students(c, TRAINING)) == []
    _say(store, ada, granted=True)
    assert in_reader(store, lambda c: consenting_students(c, TRAINING)) == [ada]
    history = in_reader(store, lambda c: consent_history(c, ada))
    assert [decision.granted for decision, _ in history] == [True, False, True, False, True]
    assert {(decision.by, decision.basis, at) for decision, at in history} == {("mother", "letter", NOW)}


def test_students_who_left_don_t_take_part(store: Store) -> None:
    """Their consent stays on record."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    consent_to(store, [ada, ben], TRAINING)
    in_writer(store, lambda c: set_active(c, ada, active=False))
    assert in_reader(store, lambda c: consenting_students(c, TRAINING)) == [ben]


def test_students_come_sorted(store: Store) -> None:
    """The order that a draw relies on is the same on both databases."""
    students = class_of_students(store, [f"Student {n}" for n in range(30)])
    consent_to(store, students, TRAINING)
    assert in_reader(store, lambda c: consenting_students(c, TRAINING)) == sorted(students)


def test_recording_nothing_records_nothing(store: Store) -> None:
    """An empty list is no error."""
    (ada,) = class_of_students(store, ["Ada"])
    in_writer(store, lambda c: record_consents(c, [], now=NOW))
    assert in_reader(store, lambda c: consent_history(c, ada)) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([PRACTICE, TRAINING]), st.booleans()), max_size=40))
def test_consent_equals_its_plain_twin(words: list[tuple[int, Purpose, bool]]) -> None:
    """After any sequence of words, the consenting students are those whose last word was yes."""
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite_store(Path(folder))
        students = class_of_students(store, [f"Student {n}" for n in range(5)])
        decisions = [ConsentDecision(students[n], purpose, yes, "letter", "mother") for n, purpose, yes in words]
        in_writer(store, lambda c: record_consents(c, decisions, now=NOW))
        last = {(one.student, one.purpose): one.granted for one in decisions}
        for purpose in (PRACTICE, TRAINING):
            expected = sorted(s for s in students if last.get((s, purpose), False))
            with store.read() as connection:
                assert consenting_students(connection, purpose) == expected
                assert [s for s in sorted(students) if consent_of(connection, s)[purpose]] == expected
        store.close()


def _say(store: Store, student: str, *, granted: bool) -> None:
    word = ConsentDecision(student, TRAINING, granted, "letter", "mother")
    in_writer(store, lambda c: record_consent(c, word, now=NOW))
