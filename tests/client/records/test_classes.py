"""Class groups: names for staff, codes for devices."""

import pytest

from client.records.classes import CODE_LETTERS, add_class, class_by_code, class_by_id, classes, new_class_code
from client.records.store import Store
from common.errors import ErrorCode, FixSettings
from tests.support.stores import in_reader, in_writer


def test_a_class_is_found_by_its_code_and_its_id(store: Store) -> None:
    """Codes are exact."""
    added = in_writer(store, lambda c: add_class(c, name="Owls", code="OWLS42"))
    assert in_reader(store, lambda c: class_by_code(c, "OWLS42")) == added
    assert in_reader(store, lambda c: class_by_code(c, "owls42")) is None
    assert in_reader(store, lambda c: class_by_id(c, added.id)) == added


def test_classes_come_by_name(store: Store) -> None:
    """Whatever the order in which they were added."""
    for name, code in (("Wrens", "W"), ("Finches", "F"), ("Owls", "O")):
        in_writer(store, lambda c, name=name, code=code: add_class(c, name=name, code=code))  # type: ignore[misc]
    assert [one.name for one in in_reader(store, classes)] == ["Finches", "Owls", "Wrens"]


def test_a_code_belongs_to_one_class(store: Store) -> None:
    """The second class is told to choose another."""
    in_writer(store, lambda c: add_class(c, name="Owls", code="OWLS42"))
    with pytest.raises(FixSettings, match="OWLS42"):
        in_writer(store, lambda c: add_class(c, name="Wrens", code="OWLS42"))
    assert len(in_reader(store, classes)) == 1


def test_an_unknown_class_is_not_found(store: Store) -> None:
    """With the code that pages turn into "not found"."""
    with pytest.raises(FixSettings) as refused, store.read() as connection:
        class_by_id(connection, "nowhere")
    assert refused.value.code is ErrorCode.NOT_FOUND


def test_new_codes_are_easy_to_read_aloud_and_differ() -> None:
    """Six letters and digits, none of O 0 I 1 L."""
    codes = {new_class_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == 6 and set(code) <= set(CODE_LETTERS) for code in codes)
    assert not set("O0I1L") & set(CODE_LETTERS)
