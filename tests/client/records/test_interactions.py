"""Interactions: numbered without gaps, counted once, and read back as histories."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from client.records.interactions import (
    IMPORTED,
    NewInteraction,
    append,
    bulk_import,
    find_by_uuid,
    histories,
    history_of,
    interaction_counts,
    recent,
)
from client.records.store import Store
from common.errors import FixSettings, Refused
from common.interactions import History, Interaction
from tests.support.stores import NOW, answer, class_of_students, in_reader, in_writer, sqlite_store

SKILLS = st.lists(
    st.sampled_from(["Q7", "Q8", "ordering, fractions", "größer"]), min_size=1, max_size=4, unique=True
)
INTERACTIONS = st.builds(
    Interaction,
    item=st.sampled_from(["Q8.procedure", "item 2", "ä"]),
    skills=SKILLS.map(tuple),
    correct=st.booleans(),
    at_seconds=st.none() | st.floats(-1e10, 1e10),
    weight=st.floats(0, 1),
)


class Undone(Exception):
    """Ends a transaction."""


def test_an_appended_interaction_comes_back_whole(store: Store) -> None:
    """Each field, through the row and through its device's number."""
    (ada,) = class_of_students(store, ["Ada"])
    new = replace(answer(ada, client_uuid="u-1"), skills=("Q8", "Q7"), hints_used=2, assisted=True, weight=0.2)
    row = in_writer(store, lambda c: append(c, new))
    for name in NewInteraction.__dataclass_fields__:
        if name != "at":
            assert getattr(row, name) == getattr(new, name)
    assert (row.seq, row.at_seconds) == (1, NOW.timestamp())
    assert in_reader(store, lambda c: find_by_uuid(c, "u-1")) == row
    assert in_reader(store, lambda c: find_by_uuid(c, "u-2")) is None


def test_what_a_student_wrote_isn_t_shown(store: Store) -> None:
    """Neither before nor after it is kept."""
    (ada,) = class_of_students(store, ["Ada"])
    new = replace(answer(ada), response="needle")
    assert "needle" not in f"{new!r} {in_writer(store, lambda c: append(c, new))!r}"


def test_the_same_answer_twice_counts_once(store: Store) -> None:
    """A tablet that repeats its submission gets the row that is there."""
    (ada,) = class_of_students(store, ["Ada"])
    first = in_writer(store, lambda c: append(c, answer(ada, client_uuid="u-1")))
    again = in_writer(store, lambda c: append(c, answer(ada, correct=False, client_uuid="u-1")))
    assert again == first
    assert len(in_reader(store, lambda c: history_of(c, ada))) == 1


def test_one_student_s_number_is_refused_from_another(store: Store) -> None:
    """Or one could read whether the other was right."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    in_writer(store, lambda c: append(c, answer(ada, client_uuid="u-1")))
    with pytest.raises(Refused):
        in_writer(store, lambda c: append(c, answer(ben, client_uuid="u-1")))


def test_numbers_have_no_gap_under_load(store: Store) -> None:
    """Two tablets of one student at once: 40 answers get 1 to 40."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])

    def submit(number: int) -> int:
        student = (ada, ben)[number % 2]
        return in_writer(store, lambda c: append(c, answer(student, client_uuid=f"u-{number}"))).seq

    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(submit, range(80)))
    assert sorted(seqs[0::2]) == list(range(1, 41))
    assert sorted(seqs[1::2]) == list(range(1, 41))


@pytest.mark.parametrize("fault", [{"skills": ()}, {"skills": ("Q8", "Q8")}, {"weight": 1.5}])
def test_evidence_that_makes_no_sense_is_refused(store: Store, fault: dict[str, object]) -> None:
    """Before it is kept, in the words of `common.interactions`."""
    (ada,) = class_of_students(store, ["Ada"])
    with pytest.raises(FixSettings):
        in_writer(store, lambda c: append(c, replace(answer(ada), **fault)))  # type: ignore[arg-type]
    assert in_reader(store, interaction_counts) == {}


def test_recent_interactions_come_newest_first(store: Store) -> None:
    """As many as asked for."""
    (ada,) = class_of_students(store, ["Ada"])
    for number in range(5):
        in_writer(store, lambda c, n=number: append(c, replace(answer(ada), item=f"item {n}")))  # type: ignore[misc]
    found = in_reader(store, lambda c: recent(c, ada, count=2))
    assert [one.item for one in found] == ["item 4", "item 3"]


def test_histories_come_in_the_order_asked_for(store: Store) -> None:
    """A student without answers, and one asked for twice, included."""
    ada, ben, cleo = class_of_students(store, ["Ada", "Ben", "Cleo"])
    in_writer(store, lambda c: append(c, answer(ada)))
    in_writer(store, lambda c: append(c, answer(cleo, correct=False)))
    found = in_reader(store, lambda c: histories(c, [cleo, ben, ada, cleo]))
    assert [one.student for one in found] == [cleo, ben, ada, cleo]
    assert [len(one) for one in found] == [1, 0, 1, 1]
    assert found[0] == History(cleo, (Interaction("Q8.procedure", ("Q8",), False, NOW.timestamp()),))
    assert in_reader(store, lambda c: histories(c, [])) == []


def test_a_history_read_again_has_the_same_marks_until_its_rows_differ(store: Store) -> None:
    """Alone or among others, one more answer or none; an undone answer's mark isn't that of the next one."""
    ada, ben = class_of_students(store, ["Ada", "Ben"])
    in_writer(store, lambda c: [append(c, answer(student)) for student in (ada, ben, ada)])
    undone: list[History] = []

    def undo(connection: Connection) -> None:
        append(connection, answer(ada))
        undone.append(history_of(connection, ada))
        raise Undone

    with pytest.raises(Undone):
        in_writer(store, undo)
    again = in_reader(store, lambda c: histories(c, [ben, ada])[1])
    assert [again.mark(n) for n in range(3)] == [undone[0].mark(n) for n in range(3)]
    in_writer(store, lambda c: append(c, replace(answer(ada), correct=not answer(ada).correct)))
    now = in_reader(store, lambda c: history_of(c, ada))
    assert [now.mark(n) == undone[0].mark(n) for n in range(4)] == [True, True, True, False]


def test_more_students_than_one_query_takes(store: Store) -> None:
    """1,201 students are read in several queries, and none is missed."""
    students = class_of_students(store, [f"Student {n}" for n in range(1201)])
    imported = [History(s, (Interaction(f"item {n}", ("Q8",), n % 3 == 0),)) for n, s in enumerate(students)]
    assert in_writer(store, lambda c: bulk_import(c, imported)) == 1201
    assert in_reader(store, lambda c: histories(c, students)) == imported


def test_an_import_goes_on_behind_what_is_there(store: Store) -> None:
    """Numbers go on, also when one student comes twice; rows say where they come from."""
    (ada,) = class_of_students(store, ["Ada"])
    in_writer(store, lambda c: append(c, answer(ada)))
    two = History(ada, (Interaction("a", ("Q7",), True), Interaction("b", ("Q7",), False)))
    one = History(ada, (Interaction("c", ("Q8",), True),))
    assert in_writer(store, lambda c: bulk_import(c, [two, one])) == 3
    in_writer(store, lambda c: append(c, answer(ada)))
    rows = in_reader(store, lambda c: recent(c, ada, count=9))
    assert [(row.seq, row.item) for row in reversed(rows)] == [
        (1, "Q8.procedure"),
        (2, "a"),
        (3, "b"),
        (4, "c"),
        (5, "Q8.procedure"),
    ]
    assert [row.reason_code for row in reversed(rows)].count(IMPORTED) == 3
    assert in_reader(store, interaction_counts) == {ada: 5}


def test_an_import_with_an_unknown_student_keeps_nothing(store: Store) -> None:
    """All or nothing."""
    (ada,) = class_of_students(store, ["Ada"])
    some = (Interaction("a", ("Q7",), True),)
    with pytest.raises(DBAPIError):
        in_writer(store, lambda c: bulk_import(c, [History(ada, some), History("nobody", some)]))
    assert in_reader(store, interaction_counts) == {}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(INTERACTIONS, max_size=6).map(tuple), min_size=3, max_size=3))
def test_what_is_imported_is_read_back(answers: list[tuple[Interaction, ...]]) -> None:
    """In bulk as one by one, whatever the skills are called."""
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite_store(Path(folder))
        students = class_of_students(store, ["Ada", "Ben", "Cleo"])
        imported = [History(s, some) for s, some in zip(students, answers, strict=True)]
        in_writer(store, lambda c: bulk_import(c, imported))
        with store.read() as connection:
            assert histories(connection, students) == imported
            assert [history_of(connection, s) for s in students] == imported
        store.close()
