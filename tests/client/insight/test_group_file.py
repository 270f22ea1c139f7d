"""A list is read by class and name, and every bad line is reported by its number without naming a student."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.insight.group_file import GroupFile, read_groups
from client.records.store import Store
from common.errors import ErrorCode, FixSettings
from tests.support.stores import class_of_students, sqlite_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two classes, with two students of one name in the second."""
    opened = sqlite_store(tmp_path)
    class_of_students(opened, ["Ada Byron", "Ben"], code="OWLS")
    class_of_students(opened, ["Ada Byron", "Jo", "Jo"], code="HENS")
    yield opened
    opened.close()


def read(store: Store, folder: Path, text: str | bytes) -> GroupFile:
    """The list as a file."""
    path = folder / "groups.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with store.read() as connection:
        return read_groups(path, connection, store.vault)


def test_a_good_list(store: Store, tmp_path: Path) -> None:
    """Capitals and spaces don't matter, empty cells are left out, blank lines are skipped."""
    lines = [
        "\ufeffClass,Student,language  at home,meals",
        "class owls, ada  byron ,Türkçe,free",
        "",
        "Class OWLS,Ben,,",
    ]
    found = read(store, tmp_path, "\r\n".join(lines))
    assert found.faults == ()
    assert list(found.labels.values()) == [{"language at home": "Türkçe", "meals": "free"}, {}]


def test_semicolons_are_as_good(store: Store, tmp_path: Path) -> None:
    """As spreadsheets write them where the comma is the decimal point."""
    found = read(store, tmp_path, "class;student;home\nClass HENS;Ada Byron;a, b\n")
    assert list(found.labels.values()) == [{"home": "a, b"}]


def test_bad_lines_are_reported_by_number(store: Store, tmp_path: Path) -> None:
    """No sentence holds a name, since reports are passed on."""
    lines = ["class,student,home", "Class OWLS,Zoe,a", "Class HENS,Jo,a", "Class OWLS,Ben", "Class OWLS,Ben,a"]
    lines += ["Class OWLS,Ben,b", f"Class HENS,Ada Byron,{'x' * 61}"]
    found = read(store, tmp_path, "\n".join(lines))
    assert found.faults == (
        "Line 2: no student of this name in this class.",
        "Line 3: two students of this name in this class.",
        "Line 4: it has 2 cells, and the first line has 3.",
        "Line 6: this student stands in an earlier line too.",
        "Line 7: a group's name is longer than 60 letters.",
    )
    assert len(found.labels) == 1


MANY = "class,student," + ",".join(f"k{number}" for number in range(9))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name,home\n",
        "class,student\n",
        "class,student,\n",
        "class,student,a,a\n",
        b"class,student,\xff",
        MANY,
    ],
)
def test_a_list_without_a_usable_first_line_is_refused(store: Store, tmp_path: Path, text: str | bytes) -> None:
    """With what it should be."""
    with pytest.raises(FixSettings) as caught:
        read(store, tmp_path, text)
    assert caught.value.code == ErrorCode.BAD_GROUP_FILE


def test_a_list_that_is_not_there(store: Store, tmp_path: Path) -> None:
    """Its path is named."""
    with store.read() as connection, pytest.raises(FixSettings, match="nowhere"):
        read_groups(tmp_path / "nowhere.csv", connection, store.vault)
