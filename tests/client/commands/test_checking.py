"""`check` prints what it found of models and items, and beside the pages it runs by itself."""

import threading
from pathlib import Path

import pytest

from client.cli import main
from client.commands.checking import checks_beside, run_apart
from client.settings import SchoolFolder
from tests.support.school_pages import make_school


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> SchoolFolder:
    """A school with few answers."""
    return make_school(tmp_path_factory.mktemp("school") / "hill").folder


def test_a_look_is_made_once_a_week(folder: SchoolFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """In between nothing is due, unless somebody wants to know now."""
    said = []
    for more in ([], [], ["--now"]):
        assert main(["check", "--folder", str(folder.path), *more]) == 0
        said.append(capsys.readouterr().out)
    assert said[0].startswith("Not enough yet")
    assert said[1] == ""
    assert said[2].count("Not enough yet") == 2


def test_it_runs_in_a_process_of_its_own(folder: SchoolFolder, tmp_path: Path) -> None:
    """Its exit code says whether it could."""
    assert run_apart(folder) == 0
    assert run_apart(SchoolFolder(tmp_path / "nowhere")) != 0


def test_beside_the_pages_it_runs_soon_and_then_daily(tmp_path: Path) -> None:
    """And ends with them."""
    ran, folders = threading.Event(), list[SchoolFolder]()

    def run(folder: SchoolFolder) -> int:
        folders.append(folder)
        ran.set()
        return 0

    with checks_beside(SchoolFolder(tmp_path), run=run, first_seconds=0.0):
        assert ran.wait(10)
    assert folders == [SchoolFolder(tmp_path)]
