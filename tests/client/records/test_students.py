"""Students: random ids outside, sealed names inside."""

from datetime import datetime, timedelta

import pytest

from client.records.store import Store
from client.records.students import (
    NewStudent,
    add_student,
    add_students,
    cohort_of,
    cohorts_by_student,
    destroy_key,
    rename_student,
    set_active,
    student_by_id,
    student_ids,
    students_of_class,
)
from common.errors import ErrorCode, FixSettings
from tests.support.stores import NOW, class_of_students, in_reader, in_writer


def test_a_class_lists_its_students_by_name(store: Store) -> None:
    """Names are opened only to be shown."""
    class_of_students(store, ["Cleo", "Ada", "Ben"])
    class_id = _class_of(store, in_reader(store, student_ids)[0])
    found = in_reader(store, lambda c: students_of_class(c, store.vault, class_id))
    assert [one.display_name for one in found] == ["Ada", "Ben", "Cleo"]


def test_ids_are_random_and_say_nothing(store: Store) -> None:
    """Two students of one name have ids of 128 random bits."""
    first, second = class_of_students(store, ["Ada", "Ada"])
    assert first != second
    assert len(bytes.fromhex(first)) == 16


def test_an_id_can_be_given(store: Store) -> None:
    """For histories that come with opaque ids."""
    class_id = _class_of(store, class_of_students(store, ["Ada"])[0])
    new = NewStudent("Student 17", class_id, avatar="fox", id="log-17")
    assert in_writer(store, lambda c: add_student(c, store.vault, new, now=NOW)) == "log-17"
    found = in_reader(store, lambda c: student_by_id(c, store.vault, "log-17"))
    assert (found.display_name, found.avatar, found.active) == ("Student 17", "fox", True)


def test_adding_nobody_adds_nobody(store: Store) -> None:
    """An empty roster is no error."""
    assert in_writer(store, lambda c: add_students(c, store.vault, [], now=NOW)) == []


def test_names_stay_out_of_texts_about_students(store: Store) -> None:
    """A student in an error text or a log shows no name."""
    (student,) = class_of_students(store, ["Zuleika"])
    assert "Zuleika" not in repr(in_reader(store, lambda c: student_by_id(c, store.vault, student)))
    assert "Zuleika" not in repr(NewStudent("Zuleika", "class"))


def test_a_renamed_student_keeps_the_id(store: Store) -> None:
    """Only the sealed name changes."""
    (student,) = class_of_students(store, ["Ada"])
    in_writer(store, lambda c: rename_student(c, store.vault, student, display_name="Adele"))
    assert in_reader(store, lambda c: student_by_id(c, store.vault, student)).display_name == "Adele"


def test_a_destroyed_key_makes_the_name_unreadable(store: Store) -> None:
    """The student's row stays, without a name; destroying twice is no error."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    assert in_writer(store, lambda c: destroy_key(c, ada))
    assert not in_writer(store, lambda c: destroy_key(c, ada))
    assert in_reader(store, lambda c: student_by_id(c, store.vault, ada)).display_name is None
    assert in_reader(store, lambda c: student_by_id(c, store.vault, ben)).display_name == "Ben"
    with pytest.raises(FixSettings):
        in_writer(store, lambda c: rename_student(c, store.vault, ada, display_name="Ada"))


def test_inactive_students_are_in_no_list(store: Store) -> None:
    """Until they are active again."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    class_id = _class_of(store, ada)
    in_writer(store, lambda c: set_active(c, ada, active=False))
    assert in_reader(store, lambda c: student_ids(c, class_id=class_id)) == [ben]
    assert len(in_reader(store, lambda c: students_of_class(c, store.vault, class_id))) == 1
    in_writer(store, lambda c: set_active(c, ada, active=True))
    assert in_reader(store, student_ids) == sorted([ada, ben])


@pytest.mark.parametrize(
    ("day", "cohort"),
    [
        ("2026-08-01T00:00:00+00:00", "2026/27"),
        ("2027-07-31T23:59:59+00:00", "2026/27"),
        ("2026-07-31T23:59:59+00:00", "2025/26"),
        ("2026-08-01T01:00:00+02:00", "2025/26"),
        ("1999-12-31T12:00:00+00:00", "1999/00"),
    ],
)
def test_a_cohort_is_the_school_year_in_which_a_student_came(day: str, cohort: str) -> None:
    """From 1 August, in UTC wherever the school is, so that it never changes."""
    assert cohort_of(datetime.fromisoformat(day)) == cohort


def test_a_students_cohort_is_kept_and_inactive_students_are_in_none(store: Store) -> None:
    """A privacy budget hangs on it."""
    (ada,) = class_of_students(store, ["Ada"], code="OWLS")
    class_id = _class_of(store, ada)
    later = NOW + timedelta(days=365)
    ben = in_writer(store, lambda c: add_student(c, store.vault, NewStudent("Ben", class_id), now=later))
    assert in_reader(store, cohorts_by_student) == {ada: "2026/27", ben: "2027/28"}
    in_writer(store, lambda c: set_active(c, ada, active=False))
    assert in_reader(store, cohorts_by_student) == {ben: "2027/28"}


def test_classes_are_kept_apart(store: Store) -> None:
    """Ids of one class, or of the school."""
    owls = class_of_students(store, ["Ada"], code="OWLS")
    wrens = class_of_students(store, ["Ben"], code="WRENS")
    assert in_reader(store, lambda c: student_ids(c, class_id=_class_of(store, owls[0]))) == owls
    assert in_reader(store, student_ids) == sorted(owls + wrens)


def test_an_unknown_student_is_not_found(store: Store) -> None:
    """The sentence doesn't repeat what was asked for."""
    with pytest.raises(FixSettings) as refused, store.read() as connection:
        student_by_id(connection, store.vault, "Zuleika")
    assert refused.value.code is ErrorCode.NOT_FOUND
    assert "Zuleika" not in refused.value.sentence
    with pytest.raises(FixSettings):
        in_writer(store, lambda c: set_active(c, "nobody", active=False))


def _class_of(store: Store, student: str) -> str:
    return in_reader(store, lambda c: student_by_id(c, store.vault, student)).class_id
