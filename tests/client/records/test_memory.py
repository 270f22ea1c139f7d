"""What the writer remembers is what the database holds: after answers, failures, and writes from elsewhere."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from client.practice.choices import start_set
from client.practice.offers import skip_diagnostic, start_diagnostic
from client.records.diagnostics import diagnostic_of
from client.records.display_settings import DisplaySettings, display_of, save_display
from client.records.interactions import bulk_import, history_of, recent
from client.records.mastery import clear_mastery, mastery_of
from client.records.memory import Kind, Memory, begin_group, remember, remembered
from client.records.offers import close_offer, open_offer
from client.records.paused_items import pause_item, paused_items, resume_item
from client.records.practice_events import events_since
from client.records.practice_sets import chosen_set
from client.records.store import Store
from common.interactions import History, Interaction
from tests.support.practising import School, right_response, school_with_student, wrong_response
from tests.support.stores import in_reader, in_writer, sqlite_store


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One student."""
    with school_with_student(tmp_path) as made:
        yield made


def everything(connection: Connection, student: str) -> dict[str, Any]:
    """All that an answer reads of a student."""
    return {
        "offer": open_offer(connection, student),
        "newest": recent(connection, student, count=8),
        "history": history_of(connection, student),
        "mastery": mastery_of(connection, student),
        "order": list(mastery_of(connection, student)),
        "events": events_since(connection, student, seq=1),
        "diagnostic": diagnostic_of(connection, student),
        "set": chosen_set(connection, student),
        "display": display_of(connection, student),
        "paused": paused_items(connection),
    }


def one_thing(school: School, chance: random.Random) -> None:
    """What a student or a teacher may do, whatever comes of it."""
    store, desk, student = school.store, school.desk, school.student
    item = school.offer().item
    done = chance.randrange(11)
    if done < 3:
        school.submit(right_response(item))
    elif done < 5:
        school.submit(wrong_response(item))
    elif done == 5:
        school.move_on()
    elif done == 6:
        school.hint()
    elif done == 7:
        skill = chance.choice(desk.tables.skills)
        in_writer(store, lambda c: start_set(c, desk, student, skill=skill))
    elif done == 8:
        begins = chance.random() < 0.5
        in_writer(store, lambda c: (start_diagnostic if begins else skip_diagnostic)(c, desk, student))
    elif done == 9:
        change = pause_item if chance.random() < 0.5 else resume_item
        in_writer(store, lambda c: change(c, item.family, by="staff", now=desk.clock.now()))
    else:
        chosen = DisplaySettings(size=chance.choice(("100", "150")))
        in_writer(store, lambda c: save_display(c, student, chosen, now=desk.clock.now()))


@pytest.mark.parametrize("seed", range(3))
def test_the_writer_knows_what_a_reader_finds(school: School, seed: int) -> None:
    """After each of many things that change a student's practice."""
    chance = random.Random(seed)
    for _ in range(40):
        one_thing(school, chance)
        known = in_writer(school.store, lambda c: everything(c, school.student))
        assert known == in_reader(school.store, lambda c: everything(c, school.student))


def test_rarer_changes_are_known_too(school: School) -> None:
    """An import, mastery worked out anew, and an item that is closed."""
    school.answer(right=True)
    more = History(school.student, (Interaction("old-item", ("Q8",), True, 5.0),))
    for change in (
        lambda c: bulk_import(c, [more]),
        lambda c: clear_mastery(c, school.student),
        lambda c: close_offer(c, school.student),
    ):
        in_writer(school.store, lambda c: everything(c, school.student))
        in_writer(school.store, change)
        known = in_writer(school.store, lambda c: everything(c, school.student))
        assert known == in_reader(school.store, lambda c: everything(c, school.student))


def test_what_a_failing_call_changed_is_forgotten(school: School) -> None:
    """Its changes were undone, and other students' calls in the same group are none of its business."""
    school.answer(right=True)

    def fails(connection: Connection) -> None:
        clear_mastery(connection, school.student)
        close_offer(connection, school.student)
        assert mastery_of(connection, school.student) == {}
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_writer(school.store, fails)
    known = in_writer(school.store, lambda c: everything(c, school.student))
    assert known["mastery"]
    assert known == in_reader(school.store, lambda c: everything(c, school.student))


def test_what_another_process_wrote_is_seen(school: School, tmp_path: Path) -> None:
    """A second store on the same file, as the command line opens it while the pages are served."""
    school.answer(right=True)
    assert in_writer(school.store, lambda c: mastery_of(c, school.student))
    other = sqlite_store(tmp_path)
    try:
        in_writer(other, lambda c: clear_mastery(c, school.student))
    finally:
        other.close()
    assert in_writer(school.store, lambda c: mastery_of(c, school.student)) == {}


def asked(connection: Connection, times: list[int]) -> int:
    """Counts how often the database would have been asked."""
    return remembered(connection, Kind.DISPLAY, "ada", read=lambda: times.append(1) or len(times))


def test_a_reader_has_no_memory(store: Store) -> None:
    """It sees one state of the database, and that alone."""
    times: list[int] = []
    with store.read() as connection:
        remember(connection, Kind.DISPLAY, "ada", value=99)
        assert [asked(connection, times), asked(connection, times)] == [1, 2]


def test_the_writer_asks_once_where_it_can_know_who_else_wrote(store: Store) -> None:
    """On SQLite; on PostgreSQL it asks each time."""
    times: list[int] = []
    found = [in_writer(store, lambda c: asked(c, times)) for _ in range(3)]
    sqlite = in_writer(store, lambda c: c.dialect.name == "sqlite")
    assert found == ([1, 1, 1] if sqlite else [1, 2, 3])


def test_a_fresh_connection_remembers_nothing(tmp_path: Path) -> None:
    """After a commit that failed, the writer goes on with one."""
    store = sqlite_store(tmp_path)
    try:
        with store._writing.connect() as connection:
            begin_group(connection)
            remember(connection, Kind.DISPLAY, "ada", value=7)
            assert asked(connection, []) == 7
            connection.invalidate()
        with store._writing.connect() as connection:
            begin_group(connection)
            assert asked(connection, []) == 1
    finally:
        store.close()


def test_the_student_least_recently_needed_is_forgotten() -> None:
    """A large school doesn't fill the machine."""
    memory = Memory(max_students=2)
    for student in ("ada", "ben", "ada", "cleo"):
        memory.of(student)[Kind.DISPLAY] = student
    assert memory.of("ada") == {Kind.DISPLAY: "ada"}
    assert memory.of("ben") == {}
