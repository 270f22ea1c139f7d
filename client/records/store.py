"""Store: a school's open database - reads as snapshots, changes through the one writer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from client.records.engines import parse_url, reading_engine, writing_engine
from client.records.migrate import upgrade
from client.records.vault import Vault, load_vault
from client.records.writer import Writer
from client.settings import SchoolFolder, Settings
from common.errors import ErrorCode, RetryLater

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """Made by `open_store`; close it, so that what was accepted is finished."""

    writer: Writer
    vault: Vault = field(repr=False)
    _reading: Engine = field(repr=False)
    _writing: Engine = field(repr=False)
    _idle: list[Connection] = field(default_factory=list, init=False, repr=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that can't write and sees one unchanging state until the block ends.

        RetryLater when the database doesn't answer.
        """
        try:
            connection = self._reading.connect()
        except OperationalError as error:
            raise _not_read() from error
        with connection:
            yield connection

    def look(self, question: Callable[[Connection], T]) -> T:
        """The answer to one question, asked by `plain_sql.run`, on a connection that stays open for the next one.

        What every page asks first; a transaction around it would cost twice what it does, so each statement sees
        the state of its own moment. RetryLater when the database doesn't answer on a fresh connection either.
        """
        try:
            return self._looked(question)
        except OperationalError:
            self._let_go()
        try:
            return self._looked(question)
        except OperationalError as error:
            raise _not_read() from error

    def close(self) -> None:
        """Finishes accepted changes and lets the database go."""
        self.writer.close()
        self._let_go()
        self._reading.dispose()
        self._writing.dispose()

    def _looked(self, question: Callable[[Connection], T]) -> T:
        if not self._idle:
            self._idle.append(self._reading.connect().execution_options(isolation_level="AUTOCOMMIT"))
        connection = self._idle.pop()
        try:
            return question(connection)
        finally:
            self._idle.append(connection)

    def _let_go(self) -> None:
        """Closed for good: nobody else may get a connection that begins no transaction."""
        while self._idle:
            connection = self._idle.pop()
            connection.invalidate()
            connection.close()


def _not_read() -> RetryLater:
    return RetryLater(ErrorCode.DATABASE_BUSY, "The school's database can't be read just now.")


def open_store(url: str, vault: Vault) -> Store:
    """Opens the database at `url`, applies missing migrations and starts the writer.

    Several processes may open one database. FixSettings for an address that can't be used or a database of a
    newer version; RetryLater when the database doesn't answer.
    """
    address = parse_url(url)
    with ExitStack() as on_failure:
        writing = writing_engine(address)
        on_failure.callback(writing.dispose)
        _upgrade(writing)
        on_failure.pop_all()
    return Store(Writer(writing), vault, reading_engine(address), writing)


def open_school_store(folder: SchoolFolder, settings: Settings) -> Store:
    """`open_store` with the address of the settings and the vault key of the folder."""
    return open_store(settings.database_url, load_vault(folder.vault_key))


def _upgrade(writing: Engine) -> None:
    try:
        with writing.begin() as connection:
            upgrade(connection)
    except SQLAlchemyError as error:
        raise RetryLater(ErrorCode.DATABASE_BUSY, "The school's database doesn't open. Is it running?") from error
