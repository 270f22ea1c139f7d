"""Filling a school: what is added shows on the pages at once, and invented answers end today."""

from datetime import UTC, datetime
from pathlib import Path

from client.cli import main
from client.commands.filling import until_now
from client.records.classes import classes
from client.records.mastery import class_mastery
from client.records.staff import all_staff
from client.records.store import open_school_store
from client.settings import SchoolFolder, load_settings
from common.interactions import History, Interaction

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def test_invented_answers_end_now_and_keep_their_distances() -> None:
    """Unknown times stay unknown."""
    history = History(
        "s", tuple(Interaction("i", ("k",), correct=True, at_seconds=at) for at in (0.0, 60.0, None, 90.0))
    )
    (moved,) = until_now([history], NOW)
    end = NOW.timestamp()
    assert [one.at_seconds for one in moved] == [end - 90.0, end - 30.0, None, end]
    assert until_now([], NOW) == []


def test_simulated_students_have_states_on_the_class_page(tmp_path: Path) -> None:
    """Without anybody having answered on the pages."""
    folder = SchoolFolder(tmp_path / "hill")
    assert main(["init", "--school", "Hill", "--folder", str(folder.path)]) == 0
    assert main(["simulate", "--students", "8", "--answers", "20", "--folder", str(folder.path)]) == 0
    store = open_school_store(folder, load_settings(folder))
    try:
        with store.read() as connection:
            (group,) = classes(connection)
            states = class_mastery(connection, group.id)
    finally:
        store.close()
    assert len(states) == 8
    assert all(states.values())


def test_a_teacher_can_be_given_every_class(tmp_path: Path) -> None:
    """Without it, a new teacher sees none."""
    folder, password = SchoolFolder(tmp_path / "hill"), tmp_path / "password"
    password.write_text("long enough for a test\n")
    in_folder = ["--folder", str(folder.path), "--password-file", str(password)]
    assert main(["init", "--school", "Hill", "--folder", str(folder.path)]) == 0
    assert main(["simulate", "--students", "30", "--answers", "5", "--folder", str(folder.path)]) == 0
    assert main(["add-staff", "Ms Reed", "--all-classes", *in_folder]) == 0
    assert main(["add-staff", "Mr New", *in_folder]) == 0
    store = open_school_store(folder, load_settings(folder))
    try:
        with store.read() as connection:
            seen = {one.name: len(one.class_ids) for one in all_staff(connection)}
    finally:
        store.close()
    assert seen == {"Ms Reed": 2, "Mr New": 0}
