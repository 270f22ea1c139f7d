"""Store: coordinator.db as two kinds of transaction, safe for the two processes that share it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from common.errors import ErrorCode, FixSettings, RetryLater
from server.tables import GROWING_TRIGGERS, SCHEMA_VERSION, metadata

# `serve` and the campaign's process write seldom and briefly; whoever waits longer than this meets a fault.
LONGEST_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Store:
    """The open database. A transaction is durable (flushed to disk) once its `with` block has ended."""

    engine: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot; waits for nobody."""
        with self.engine.connect().execution_options(homeroom_read_only=True) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All or nothing. RetryLater if the other process keeps the database for too long."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            sentence = "The coordinator's database is busy; nothing was changed."
            raise RetryLater(ErrorCode.DATABASE_BUSY, sentence) from error

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


def open_store(path: Path, *, wait_seconds: float = LONGEST_WAIT_SECONDS) -> Store:
    """Opens the database, creating its tables when it is new; FixSettings if a later version wrote it.

    wait_seconds: how long to wait for another process that writes.
    """
    engine = create_engine(f"sqlite:///{path}")

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see _begin
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * wait_seconds)}")
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    with engine.begin() as connection:
        version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if version > SCHEMA_VERSION:
            engine.dispose()
            sentence = f"{path} was written by a later version of Homeroom; install that version."
            raise FixSettings(ErrorCode.BAD_SETTINGS, sentence)
        if version < SCHEMA_VERSION:  # so far versions only added tables; those that are there stay as they are
            metadata.create_all(connection)
            for trigger in GROWING_TRIGGERS:
                connection.exec_driver_sql(trigger)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return Store(engine)


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: it can then never fail halfway because another process came first.
    read_only = connection.get_execution_options().get("homeroom_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
