"""Store: reads are snapshots that can't write, addresses are checked, and versions fit."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from client.records.classes import add_class, classes
from client.records.engines import parse_url, writing_engine
from client.records.plain_sql import run
from client.records.store import Store, open_school_store, open_store
from client.records.tables import class_group
from client.settings import SchoolFolder, create_folder, load_settings
from common.errors import ErrorCode, FixSettings, RetryLater
from tests.support.stores import VAULT, class_of_students, in_reader, in_writer, sqlite_store, sqlite_url

CODES = select(class_group.c.code)


def test_a_change_is_there_after_reopening(url: str) -> None:
    """What was committed is read by another store on the same database."""
    first = open_store(url, VAULT)
    added = in_writer(first, lambda connection: add_class(connection, name="Owls", code="OWLS42"))
    first.close()
    second = open_store(url, VAULT)
    assert in_reader(second, classes) == [added]
    second.close()


def test_a_reader_can_t_write(store: Store) -> None:
    """Changes go through the writer or not at all."""
    with store.read() as connection, pytest.raises(DBAPIError):
        add_class(connection, name="Owls", code="OWLS42")
    assert in_reader(store, classes) == []


def test_a_reader_sees_one_state_to_the_end(store: Store) -> None:
    """A commit in between isn't seen before the next read."""
    with store.read() as connection:
        assert classes(connection) == []
        in_writer(store, lambda writing: add_class(writing, name="Owls", code="OWLS42"))
        assert classes(connection) == []
    assert len(in_reader(store, classes)) == 1


def test_a_look_sees_what_was_written_before_it(store: Store) -> None:
    """Each time anew, though its connection stays open."""
    for name in ("Ada", "Ben"):
        class_of_students(store, [name], code=name)
        assert name in [row[0] for row in store.look(lambda c: run(c, CODES, {}))]


def test_a_look_on_sqlite_can_t_write(tmp_path: Path) -> None:
    """Its connection is a reader's."""
    store = sqlite_store(tmp_path)
    with pytest.raises(RetryLater):
        store.look(lambda c: run(c, text("DELETE FROM class_group"), {}))
    store.close()


def test_a_look_is_tried_again_on_a_fresh_connection(store: Store) -> None:
    """As after a restart of the database; twice in vain is a sentence."""
    connections = []

    def question(connection: Connection) -> int:
        connections.append(connection)
        return _fail() if len(connections) == 2 else len(connections)

    assert [store.look(question), store.look(question)] == [1, 3]
    assert connections[0] is connections[1]
    assert connections[2] is not connections[1]
    with pytest.raises(RetryLater):
        store.look(lambda c: _fail())


def _fail() -> int:
    raise OperationalError("SELECT 1", None, Exception("gone"))


def test_two_stores_write_to_one_database(url: str) -> None:
    """The pages and the link are two processes; neither's change is lost."""
    pages, link = open_store(url, VAULT), open_store(url, VAULT)
    futures = []
    for number in range(20):
        one = (pages, link)[number % 2]
        code = f"C{number}"
        futures.append(one.writer.submit(lambda c, code=code: add_class(c, name=code, code=code)))  # type: ignore[misc]
    for future in futures:
        future.result(30)
    assert len(in_reader(pages, classes)) == 20
    pages.close()
    link.close()


@pytest.mark.parametrize("address", ["", "sqlite://", "sqlite:///:memory:", "mysql://host/db", "no address"])
def test_an_address_that_can_t_hold_a_school_is_refused(address: str) -> None:
    """With the setting's name, and without the address, which may hold a password."""
    with pytest.raises(FixSettings, match="database_url") as refused:
        parse_url(address)
    assert refused.value.code is ErrorCode.BAD_SETTINGS


def test_a_database_that_doesn_t_answer_says_so(tmp_path: Path) -> None:
    """RetryLater, and no trace of the password in the sentence."""
    with pytest.raises(RetryLater) as refused:
        open_store(f"postgresql+psycopg://homeroom:hidden@/school?host={tmp_path}", VAULT)
    assert "hidden" not in str(refused.value)


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    """An older Homeroom doesn't touch tables that it doesn't know."""
    open_store(url, VAULT).close()
    engine = writing_engine(parse_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(FixSettings, match="newer Homeroom"):
        open_store(url, VAULT)


def test_sqlite_flushes_each_commit_to_disk(tmp_path: Path) -> None:
    """WAL with synchronous=FULL (2), foreign keys, and freed pages overwritten."""
    store = sqlite_store(tmp_path)

    def pragmas(names: tuple[str, ...]) -> list[object]:
        return in_writer(store, lambda c: [c.exec_driver_sql(f"PRAGMA {n}").scalar_one() for n in names])

    assert pragmas(("journal_mode", "synchronous", "foreign_keys", "secure_delete")) == ["wal", 2, 1, 1]
    assert in_reader(store, lambda c: c.exec_driver_sql("PRAGMA query_only").scalar_one()) == 1
    store.close()


@pytest.mark.postgres
def test_postgresql_flushes_each_commit_even_if_the_server_s_default_doesn_t(postgres_url: str) -> None:
    """The writer asks for durable commits by itself."""
    engine = writing_engine(parse_url(postgres_url))
    with engine.begin() as connection:
        connection.execute(text("ALTER ROLE homeroom SET synchronous_commit = off"))
    engine.dispose()
    store = open_store(postgres_url, VAULT)
    shown = in_writer(store, lambda c: c.execute(text("SHOW synchronous_commit")).scalar_one())
    assert shown == "on"
    in_writer(store, lambda c: c.execute(text("ALTER ROLE homeroom RESET synchronous_commit")).rowcount)
    store.close()


def test_a_school_s_store_opens_from_its_folder(tmp_path: Path) -> None:
    """Settings and vault key come from the folder."""
    folder = create_folder(tmp_path / "school", school="Oak Street")
    store = open_school_store(folder, load_settings(folder))
    assert in_reader(store, classes) == []
    store.close()
    assert SchoolFolder(tmp_path / "school").database.exists()
    assert sqlite_url(tmp_path / "school") == load_settings(folder).database_url
