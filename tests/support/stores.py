"""Fresh school databases for tests: SQLite in a folder, PostgreSQL 15 from a server the test session starts."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, create_engine, text

from client.records.classes import add_class
from client.records.consent import ConsentDecision, record_consents
from client.records.interactions import NewInteraction
from client.records.inventory import Purpose
from client.records.store import Store, open_store
from client.records.students import NewStudent, add_students
from client.records.vault import Vault

T = TypeVar("T")

POSTGRES_BINARIES = Path("/usr/lib/postgresql/15/bin")
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
VAULT = Vault(b"v" * 32)
WAIT_SECONDS = 30.0


def sqlite_url(folder: Path) -> str:
    """Where `sqlite_store` keeps its database."""
    return f"sqlite:///{folder / 'school.db'}"


def sqlite_store(folder: Path) -> Store:
    """An empty store on SQLite; the caller closes it."""
    return open_store(sqlite_url(folder), VAULT)


def in_writer(store: Store, work: Callable[[Connection], T]) -> T:
    """The result of `work`, after its commit."""
    return store.writer.submit(work).result(WAIT_SECONDS)


def in_reader(store: Store, query: Callable[[Connection], T]) -> T:
    """The result of `query` on a fresh snapshot."""
    with store.read() as connection:
        return query(connection)


def class_of_students(store: Store, names: Sequence[str], *, code: str = "OWLS42") -> list[str]:
    """A class with one student per name; ids in the order of the names."""

    def work(connection: Connection) -> list[str]:
        group = add_class(connection, name=f"Class {code}", code=code)
        new = [NewStudent(name, group.id) for name in names]
        return add_students(connection, store.vault, new, now=NOW)

    return in_writer(store, work)


def consent_to(store: Store, students: Sequence[str], *purposes: Purpose) -> None:
    """Every student says yes to every purpose."""
    decisions = [
        ConsentDecision(s, p, True, "form signed at school", "office") for s in students for p in purposes
    ]
    in_writer(store, lambda connection: record_consents(connection, decisions, now=NOW))


def answer(student: str, *, correct: bool = True, client_uuid: str | None = None) -> NewInteraction:
    """A plausible interaction."""
    return NewInteraction(
        student=student,
        item="Q8.procedure",
        item_seed=7,
        skills=("Q8",),
        correct=correct,
        at=NOW,
        response="5/6",
        latency_ms=8_200,
        reason_code="recommended",
        model_version="bkt",
        client_uuid=client_uuid,
    )


@dataclass(slots=True)
class PostgresServer:
    """A PostgreSQL of this test session: a Unix socket in a temporary folder, no TCP, nothing kept."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://homeroom@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Creates an empty database and returns its address."""
        with self._lock:
            name = f"school_{next(self._numbers)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def stop(self) -> None:
        """Ends the server that was started here: `pg_ctl` finds it by the process id in its folder."""
        stop = _as_postgres("pg_ctl", "stop", "-D", self.folder / "data", "-m", "fast", "-w")
        subprocess.run(stop, check=True, capture_output=True, cwd=self.folder)
        shutil.rmtree(self.folder)


def start_postgres() -> PostgresServer:
    """Starts a server; skips the test, with the reason, where Debian's PostgreSQL 15 is missing."""
    if not (POSTGRES_BINARIES / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 isn't installed in {POSTGRES_BINARIES} (Debian package postgresql-15)")
    # Short, since a socket's path may have 107 letters at most.
    folder = Path(tempfile.mkdtemp(prefix="hr-pg-", dir="/tmp"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    account = ("-U", "homeroom", "-A", "trust")
    initdb = _as_postgres("initdb", "-D", data, *account, "-N", "-E", "UTF8", "--locale=C.UTF-8")
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
    # Test data may be lost at a power cut, so the disk is spared.
    options = f"-k {folder} -c fsync=off -c listen_addresses="
    start = _as_postgres("pg_ctl", "start", "-D", data, "-l", folder / "log", "-o", options, "-w")
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    return PostgresServer(folder)


def _as_postgres(program: str, *arguments: str | Path) -> list[str]:
    """PostgreSQL refuses to run as root, so root lends the command to the account `postgres`."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [*prefix, str(POSTGRES_BINARIES / program), *map(str, arguments)]
