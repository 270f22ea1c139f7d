"""`import-groups` takes a whole list or nothing of it, and forgets all when told to."""

from pathlib import Path

import pytest

from client.cli import main
from client.commands.opened import opened_store
from client.records.student_groups import groups_by_student
from client.settings import SchoolFolder
from tests.support.school_pages import make_school


@pytest.fixture
def folder(tmp_path: Path) -> SchoolFolder:
    """A class of twelve."""
    return make_school(tmp_path / "hill").folder


def labels(folder: SchoolFolder) -> list[dict[str, str]]:
    """What is kept."""
    with opened_store(folder) as store, store.read() as connection:
        return list(groups_by_student(connection, store.vault).values())


def test_a_list_is_taken_refused_and_removed(
    folder: SchoolFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong line is told by its number and changes nothing."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("class,student,home\nClass 5,Ada,a\nClass 5,Ben,b\n")
    bad.write_text("class,student,home\nClass 5,Ada,z\nClass 5,Nobody,b\n")
    command = ["import-groups", "--folder", str(folder.path)]
    assert main([*command, str(good)]) == 0
    assert "2 students have groups now" in capsys.readouterr().out
    assert sorted(one["home"] for one in labels(folder)) == ["a", "b"]
    assert main([*command, str(bad)]) == 1
    told = capsys.readouterr().err
    assert "Line 3: no student of this name in this class." in told
    assert "Nobody" not in told
    assert sorted(one["home"] for one in labels(folder)) == ["a", "b"]
    assert main(command) == 1
    assert main([*command, "--remove"]) == 0
    assert labels(folder) == []
