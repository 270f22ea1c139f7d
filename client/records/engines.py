"""How a school's database is opened: one engine that reads, one that writes, on SQLite or PostgreSQL.

The difference between the two databases ends here. Readers see one unchanging state for the length of a
transaction and can't write. A writer's transaction waits until no other process writes.
"""

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from common.errors import ErrorCode, FixSettings

BUSY_TIMEOUT_MS = 10_000
# Any fixed number: every process of this school takes the same lock before it writes.
WRITE_LOCK = 0x484D524D


def parse_url(text: str) -> URL:
    """FixSettings unless `text` names a SQLite file or a PostgreSQL database by `postgresql+psycopg`."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise FixSettings(ErrorCode.BAD_SETTINGS, "database_url can't be read as an address.") from error
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return url
    if url.drivername == "postgresql+psycopg":
        return url
    raise FixSettings(
        ErrorCode.BAD_SETTINGS,
        "database_url has to be sqlite:///<a file> or postgresql+psycopg://<account>@<host>/<database>.",
    )


def reading_engine(url: URL) -> Engine:
    """Connections that can't write; each transaction is one snapshot."""
    # hide_parameters: an error's text must not carry what a student wrote.
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=url.drivername != "sqlite")
    if url.drivername == "sqlite":
        _set_up_sqlite(engine, begin="BEGIN", pragmas=("query_only=ON",))
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writing_engine(url: URL) -> Engine:
    """Connections whose commit is durable and whose transactions exclude each other."""
    engine = create_engine(url, hide_parameters=True, pool_size=1, max_overflow=1)
    if url.drivername == "sqlite":
        # FULL: with NORMAL a power cut loses commits that were already acknowledged.
        durable = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
        _set_up_sqlite(engine, begin="BEGIN IMMEDIATE", pragmas=durable)
    else:
        _set_up_postgresql(engine)
    return engine


def sqlite_file(url: URL) -> Path | None:
    """The database file, or None on PostgreSQL."""
    return Path(url.database) if url.drivername == "sqlite" and url.database else None


def _set_up_sqlite(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: SqliteConnection, record: Any) -> None:
        # The driver would begin transactions only at the first change; we begin them ourselves.
        connection.isolation_level = None
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _set_up_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO on")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
