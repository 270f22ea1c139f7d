"""Vault: a sealed name opens for its own student, with the school's key, and in no other way."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from client.records.students import NewStudent, add_student, destroy_key, student_by_id
from client.records.vault import Vault, load_vault
from client.settings import create_folder
from common.errors import ErrorCode, FixSettings
from tests.support.stores import NOW, class_of_students, in_reader, in_writer, sqlite_store

VAULT, OTHER = Vault(b"a" * 32), Vault(b"b" * 32)


@given(st.text(max_size=80))
def test_unseal_gives_back_what_was_sealed(name: str) -> None:
    """For any text, in any script."""
    key = VAULT.new_wrapped_key("s1")
    assert VAULT.unseal("s1", key, VAULT.seal("s1", key, name)) == name


def test_the_same_name_never_looks_the_same_twice() -> None:
    """So equal names can't be found by comparing."""
    key = VAULT.new_wrapped_key("s1")
    assert VAULT.seal("s1", key, "Ada") != VAULT.seal("s1", key, "Ada")
    assert VAULT.new_wrapped_key("s1") != VAULT.new_wrapped_key("s1")


def test_another_school_s_key_opens_nothing() -> None:
    """A stolen database is no use without the key file."""
    key = VAULT.new_wrapped_key("s1")
    _expect_sealed(OTHER, "s1", key, VAULT.seal("s1", key, "Ada"))


def test_a_name_can_t_be_moved_to_another_student() -> None:
    """Neither the sealed name nor the wrapped key passes as somebody else's."""
    first, second = VAULT.new_wrapped_key("s1"), VAULT.new_wrapped_key("s2")
    sealed = VAULT.seal("s1", first, "Ada")
    _expect_sealed(VAULT, "s2", second, sealed)
    _expect_sealed(VAULT, "s2", first, sealed)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    """Anywhere in the sealed name."""
    key = VAULT.new_wrapped_key("s1")
    damaged = bytearray(VAULT.seal("s1", key, "Ada"))
    damaged[place % len(damaged)] ^= change
    _expect_sealed(VAULT, "s1", key, bytes(damaged))


@pytest.mark.parametrize("sealed", [b"", b"short"])
def test_bytes_that_are_too_short_are_refused(sealed: bytes) -> None:
    """An empty or cut column is the same error."""
    _expect_sealed(VAULT, "s1", VAULT.new_wrapped_key("s1"), sealed)


def test_the_key_is_not_shown() -> None:
    """A vault in an error text or a log keeps its secret."""
    assert "aaaa" not in repr(VAULT)


def test_the_vault_of_a_folder_is_read_from_its_file(tmp_path: Path) -> None:
    """And a missing file names itself."""
    folder = create_folder(tmp_path / "school", school="Oak Street")
    key = load_vault(folder.vault_key).new_wrapped_key("s1")
    sealed = load_vault(folder.vault_key).seal("s1", key, "Ada")
    assert load_vault(folder.vault_key).unseal("s1", key, sealed) == "Ada"
    folder.vault_key.unlink()
    with pytest.raises(FixSettings, match=r"vault\.key") as refused:
        load_vault(folder.vault_key)
    assert refused.value.code is ErrorCode.VAULT_SEALED


def test_no_file_of_a_school_holds_a_student_s_name(tmp_path: Path) -> None:
    """A planted name is in no byte of the database, its log, or an index."""
    store = sqlite_store(tmp_path)
    needle = "Zuleika-Needle-0123456789"
    (student,) = class_of_students(store, [needle])
    assert in_reader(store, lambda c: student_by_id(c, store.vault, student)).display_name == needle
    assert _files_holding(tmp_path, needle.encode()) == []
    store.close()
    assert _files_holding(tmp_path, needle.encode()) == []


def test_a_destroyed_key_is_in_no_file(tmp_path: Path) -> None:
    """Freed pages are overwritten, and closing empties the write-ahead log."""
    store = sqlite_store(tmp_path)
    keep = class_of_students(store, ["Ben"])[0]
    class_id = in_reader(store, lambda c: student_by_id(c, store.vault, keep)).class_id
    gone = in_writer(store, lambda c: add_student(c, store.vault, NewStudent("Ada", class_id), now=NOW))
    wrapped = in_reader(store, lambda c: _wrapped(c, gone))
    assert _files_holding(tmp_path, wrapped)
    in_writer(store, lambda c: destroy_key(c, gone))
    store.close()
    assert _files_holding(tmp_path, wrapped) == []


def _wrapped(connection: Connection, student: str) -> bytes:
    query = "SELECT wrapped_key FROM student_key WHERE student = ?"
    return bytes(connection.exec_driver_sql(query, (student,)).scalar_one())


def _files_holding(folder: Path, needle: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def _expect_sealed(vault: Vault, student: str, key: bytes, sealed: bytes) -> None:
    with pytest.raises(FixSettings) as refused:
        vault.unseal(student, key, sealed)
    assert refused.value.code is ErrorCode.VAULT_SEALED
