"""Who may be drawn, and which answers are read: filtered by purpose and set before anything is computed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from client.records.classes import add_class
from client.records.consent import ConsentDecision, record_consent, record_consents
from client.records.inventory import Purpose
from client.records.store import Store
from client.records.students import NewStudent, add_students, cohort_of, set_active
from client.training.dataset import local_sets, round_pool, training_windows
from client.training.split import assign
from tests.support.plans import privacy_terms
from tests.support.schools import SKILLS, SPLIT_KEY, fill_store, student_history, student_names
from tests.support.stores import NOW, in_reader, in_writer, sqlite_store

STUDENTS = student_names(60)
THIS_YEAR = frozenset({cohort_of(NOW)})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Sixty students with consent to both purposes."""
    opened = sqlite_store(tmp_path)
    fill_store(opened, STUDENTS)
    yield opened
    opened.close()


def withdraw(store: Store, student: str, purpose: Purpose) -> None:
    """The student's newest word on a purpose is no."""
    no = ConsentDecision(student, purpose, False, "form", "office")
    in_writer(store, lambda connection: record_consent(connection, no, now=NOW))


def test_the_pool_holds_consenting_train_students_only(store: Store) -> None:
    """Worked by hand: everybody, minus two who withdrew or left, minus the other sets."""
    train = [student for student in STUDENTS if assign(student, SPLIT_KEY) == "train"]
    withdraw(store, train[0], Purpose.FEDERATED_TRAINING)
    in_writer(store, lambda connection: set_active(connection, train[1], active=False))
    pool = in_reader(store, lambda connection: round_pool(connection, SPLIT_KEY, "train", cohorts=THIS_YEAR))
    assert list(pool) == train[2:]
    assert 0 < len(pool) < len(STUDENTS)


def test_a_cohort_whose_budget_is_spent_is_left_out(store: Store) -> None:
    """Students who were added in another school year, who have paid in less training so far, are drawn."""
    later = NOW + timedelta(days=365)
    new = [f"new-{number:02d}" for number in range(20)]
    in_writer(store, lambda connection: add_in_cohort(connection, store, new, now=later))
    for cohorts, students in (
        (THIS_YEAR, STUDENTS),
        (frozenset({cohort_of(later)}), new),
        (THIS_YEAR | {cohort_of(later)}, sorted([*STUDENTS, *new])),
        (frozenset({"1999/00"}), []),
    ):
        found = in_reader(store, lambda c, cohorts=cohorts: round_pool(c, SPLIT_KEY, "test", cohorts=cohorts))  # type: ignore[misc]
        assert list(found) == [student for student in students if assign(student, SPLIT_KEY) == "test"]


def add_in_cohort(connection: Connection, store: Store, students: list[str], *, now: datetime) -> None:
    """Students who were added at this moment, with consent to training."""
    group = add_class(connection, name="Class 6", code="FOXES7")
    add_students(connection, store.vault, [NewStudent("A name", group.id, id=each) for each in students], now=now)
    yes = [ConsentDecision(each, Purpose.FEDERATED_TRAINING, True, "form", "office") for each in students]
    record_consents(connection, yes, now=now)


def test_refusing_training_changes_nothing_for_practice(store: Store) -> None:
    """The two purposes are apart, in both directions."""
    everybody = in_reader(store, lambda connection: local_sets(connection, SPLIT_KEY, SKILLS))
    for student in STUDENTS:
        withdraw(store, student, Purpose.FEDERATED_TRAINING)
    sets = in_reader(store, lambda connection: local_sets(connection, SPLIT_KEY, SKILLS))
    assert [h.student for h in sets.train] == [h.student for h in everybody.train]
    assert in_reader(store, lambda connection: round_pool(connection, SPLIT_KEY, "train", cohorts=THIS_YEAR)) == ()


def test_local_sets_need_consent_to_practice(store: Store) -> None:
    """And every student is in exactly one of them."""
    withdraw(store, STUDENTS[7], Purpose.PRACTICE)
    sets = in_reader(store, lambda connection: local_sets(connection, SPLIT_KEY, SKILLS))
    found = [h.student for one in (sets.train, sets.validation, sets.test) for h in one]
    assert sorted(found) == [student for student in STUDENTS if student != STUDENTS[7]]
    assert all(assign(h.student, SPLIT_KEY) == "validation" for h in sets.validation)


def test_windows_are_the_newest_answers_in_the_order_asked_for(store: Store) -> None:
    """24 answers, of which the last 10 count, in windows of 4: 4, 4 and 2."""
    terms = privacy_terms(max_interactions=10, window_interactions=4)
    asked = [STUDENTS[5], STUDENTS[2]]
    found = in_reader(store, lambda connection: training_windows(connection, asked, skill_map=SKILLS, terms=terms))
    assert [windows[0].student for windows in found] == asked
    assert [len(window) for window in found[0]] == [4, 4, 2]
    newest = student_history(asked[0]).last(10)
    assert [c for window in found[0] for c in window.correct] == [i.correct for i in newest]


def test_another_key_makes_other_sets(store: Store) -> None:
    """The key is the school's, so nobody outside can tell who is in which set."""
    one = in_reader(store, lambda connection: round_pool(connection, SPLIT_KEY, "train", cohorts=THIS_YEAR))
    other = in_reader(store, lambda connection: round_pool(connection, b"o" * 32, "train", cohorts=THIS_YEAR))
    assert one != other
