"""The database keeps what it acknowledged, lets two processes in, and never rewrites its journal."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from common.errors import ErrorCode, FixSettings, RetryLater
from server import tables
from server.journal import JournalEntry, read_journal, write_journal
from server.store import Store, open_store

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh database."""
    opened = open_store(tmp_path / "coordinator.db")
    yield opened
    opened.close()


def _invite(store: Store, token: str, school: str = "Alder", at: datetime = NOW) -> None:
    row = {"token_hash": token, "school": school, "expires_at": at}
    with store.write() as connection:
        connection.execute(tables.invitations.insert().values(row))


def _count(store: Store) -> int:
    with store.read() as connection:
        return len(connection.execute(select(tables.invitations)).all())


def test_it_is_durable_and_shared(store: Store) -> None:
    """Write-ahead log, a flush per commit, foreign keys on."""
    with store.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_failed_block_leaves_nothing(store: Store) -> None:
    """All or nothing."""
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        connection.execute(tables.invitations.insert().values(token_hash="a", school="Alder", expires_at=NOW))
        raise ZeroDivisionError
    assert _count(store) == 0


def test_what_was_committed_survives_a_kill(store: Store, tmp_path: Path) -> None:
    """Another process writes, says so, and dies at once."""
    script = (
        "import os, sys, pathlib\n"
        "from server.journal import JournalEntry, write_journal\n"
        "from server.store import open_store\n"
        "from datetime import UTC, datetime\n"
        "store = open_store(pathlib.Path(sys.argv[1]))\n"
        "with store.write() as connection:\n"
        "    write_journal(connection, JournalEntry('written'), at=datetime.now(UTC))\n"
        "print('acknowledged', flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    path = str(tmp_path / "coordinator.db")
    killed = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stdout) == (-9, "acknowledged\n")
    with store.read() as connection:
        assert [row.entry.event for row in read_journal(connection)] == ["written"]


def test_a_reader_sees_one_moment(store: Store) -> None:
    """Rows that come while it reads aren't there for it."""
    with store.read() as connection:
        before = len(connection.execute(select(tables.invitations)).all())
        _invite(store, "a")
        assert len(connection.execute(select(tables.invitations)).all()) == before
    assert _count(store) == 1


def test_a_database_that_stays_locked_is_said_to_be_busy(store: Store, tmp_path: Path) -> None:
    """RetryLater, in a sentence, after the wait; nothing was done."""
    impatient = open_store(tmp_path / "coordinator.db", wait_seconds=0.01)
    other = sqlite3.connect(tmp_path / "coordinator.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RetryLater) as error:
        _invite(impatient, "a")
    assert error.value.code == ErrorCode.DATABASE_BUSY
    other.close()
    impatient.close()
    assert _count(store) == 0


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    """Whatever zone they were written in."""
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))
    _invite(store, "a", at=elsewhere)
    with store.read() as connection:
        (row,) = connection.execute(select(tables.invitations))
    assert row.expires_at == NOW
    assert row.expires_at.utcoffset() == timedelta(0)


def test_a_later_version_s_database_is_left_alone(tmp_path: Path) -> None:
    """FixSettings that says which program to install."""
    path = tmp_path / "coordinator.db"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(FixSettings, match="later version"):
        open_store(path)


def test_an_earlier_version_s_database_gains_the_new_tables(tmp_path: Path) -> None:
    """What it held stays."""
    path = tmp_path / "coordinator.db"
    first = open_store(path)
    _invite(first, "a")
    with first.write() as connection:
        connection.exec_driver_sql("DROP TABLE deals")
        connection.exec_driver_sql("PRAGMA user_version = 1")
    first.close()
    again = open_store(path)
    with again.read() as connection:
        assert connection.execute(select(tables.deals)).all() == []
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == tables.SCHEMA_VERSION
    assert _count(again) == 1
    again.close()


def test_the_journal_refuses_to_be_rewritten(store: Store) -> None:
    """By the database itself, whatever the program does."""
    with store.write() as connection:
        write_journal(connection, JournalEntry("first", detail="as it was"), at=NOW)
    for statement in (tables.journal.update().values(detail="changed"), tables.journal.delete()):
        with pytest.raises(IntegrityError, match="only grows"), store.write() as connection:
            connection.execute(statement)
    with store.read() as connection:
        assert [row.entry.detail for row in read_journal(connection)] == ["as it was"]


def test_the_journal_is_read_in_order(store: Store) -> None:
    """The newest rows, oldest first; one campaign's on request."""
    with store.write() as connection:
        for number in range(5):
            entry = JournalEntry(f"event {number}", campaign="even" if number % 2 == 0 else "odd")
            write_journal(connection, entry, at=NOW + timedelta(seconds=number))
    with store.read() as connection:
        assert [row.number for row in read_journal(connection, limit=2)] == [4, 5]
        assert [row.entry.event for row in read_journal(connection, campaign="odd")] == ["event 1", "event 3"]
