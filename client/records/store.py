"""Store: a school's open database - reads as snapshots, changes through the one writer."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from client.records.engines import parse_url, reading_engine, writing_engine
from client.records.migrate import upgrade
from client.records.vault import Vault, load_vault
from client.records.writer import Writer
from client.settings import SchoolFolder, Settings
from common.errors import ErrorCode, RetryLater


@dataclass(frozen=True, slots=True)
class Store:
    """Made by `open_store`; close it, so that what was accepted is finished."""

    writer: Writer
    vault: Vault = field(repr=False)
    _reading: Engine = field(repr=False)
    _writing: Engine = field(repr=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that can't write and sees one unchanging state until the block ends.

        RetryLater when the database doesn't answer.
        """
        try:
            connection = self._reading.connect()
        except OperationalError as error:
            raise RetryLater(ErrorCode.DATABASE_BUSY, "The school's database can't be read just now.") from error
        with connection:
            yield connection

    def close(self) -> None:
        """Finishes accepted changes and lets the database go."""
        self.writer.close()
        self._reading.dispose()
        self._writing.dispose()


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
