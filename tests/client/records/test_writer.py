"""Writer: durable before acknowledged, serial, in order, and one failing call hurts nobody else."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from client.records.engines import parse_url, writing_engine
from client.records.interactions import history_of
from client.records.store import Store
from client.records.writer import MAX_GROUP, MAX_WAITING, Writer
from common.errors import ErrorCode, RetryLater
from tests.support.stores import class_of_students, in_reader, sqlite_store, sqlite_url

ROOT = Path(__file__).resolve().parents[3]
WAIT_SECONDS = 30.0


class Stumble(Exception):
    """What a failing call raises in these tests."""


class Notebook:
    """A writer over one table of numbers, and a way to hold its thread still."""

    def __init__(self, url: str, *, max_waiting: int = MAX_WAITING) -> None:
        self.engine = writing_engine(parse_url(url))
        self.commits = 0
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE note (position INTEGER, number INTEGER)"))
        event.listen(self.engine, "commit", self._count_commit)
        self.writer = Writer(self.engine, max_waiting=max_waiting)

    def _count_commit(self, _connection: Connection) -> None:
        self.commits += 1

    def hold(self) -> threading.Event:
        """The writer's thread waits in a call of its own until the event is set."""
        entered, release = threading.Event(), threading.Event()

        def wait(_connection: Connection) -> None:
            entered.set()
            release.wait(WAIT_SECONDS)

        self.writer.submit(wait)
        entered.wait(WAIT_SECONDS)
        return release

    def note(self, number: int) -> "Future[int]":
        """Writes a number at the next free position; resolves to the position."""
        return self.writer.submit(noting(number))

    def numbers(self) -> list[int]:
        """What a connection of its own finds, in order."""
        with self.engine.connect() as connection:
            rows = connection.execute(text("SELECT number FROM note ORDER BY position"))
            return list(rows.scalars())

    def close(self) -> None:
        """Ends the thread and lets the database go."""
        self.writer.close()
        self.engine.dispose()


def noting(number: int) -> Callable[[Connection], int]:
    """Reads the last position and writes behind it: wrong unless calls are serial."""

    def work(connection: Connection) -> int:
        last = connection.execute(text("SELECT coalesce(max(position), 0) FROM note")).scalar_one()
        connection.execute(text("INSERT INTO note VALUES (:p, :n)"), {"p": last + 1, "n": number})
        return int(last) + 1

    return work


def stumbling(number: int) -> Callable[[Connection], int]:
    """Writes, and then raises."""

    def work(connection: Connection) -> int:
        noting(number)(connection)
        raise Stumble

    return work


@pytest.fixture
def notebook(url: str) -> Iterator[Notebook]:
    """On each database."""
    made = Notebook(url)
    yield made
    made.close()


def test_calls_from_many_threads_are_durable_and_serial(notebook: Notebook) -> None:
    """Eight threads, 25 numbers each: 200 different positions, each thread's numbers in its order."""
    positions: list[int] = []

    def submit(thread: int) -> None:
        futures = [notebook.note(1000 * thread + number) for number in range(25)]
        positions.extend(future.result(WAIT_SECONDS) for future in futures)

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert sorted(positions) == list(range(1, 201))
    found = notebook.numbers()
    for number in range(8):
        assert [n for n in found if n // 1000 == number] == [1000 * number + n for n in range(25)]


def test_whatever_waits_shares_one_commit(notebook: Notebook) -> None:
    """Fifty calls that queued behind a slow one cost one commit, not fifty."""
    release = notebook.hold()
    futures = [notebook.note(number) for number in range(50)]
    release.set()
    assert [future.result(WAIT_SECONDS) for future in futures] == list(range(1, 51))
    assert notebook.commits == 2


def test_a_group_has_a_largest_size(notebook: Notebook) -> None:
    """A flood is committed in several groups, so that the first of it isn't kept waiting."""
    release = notebook.hold()
    futures = [notebook.note(number) for number in range(MAX_GROUP + 1)]
    release.set()
    futures[-1].result(WAIT_SECONDS)
    assert notebook.commits == 3


def test_a_future_resolves_only_after_its_commit(notebook: Notebook) -> None:
    """Whoever is told finds the row through another connection at once."""
    for number in range(10):
        assert notebook.note(number).result(WAIT_SECONDS) == number + 1
        assert notebook.numbers() == list(range(number + 1))


def test_a_call_that_raises_undoes_itself_alone(notebook: Notebook) -> None:
    """Its neighbours in the same commit stay, and it gets its own error."""
    release = notebook.hold()
    before, bad, after = notebook.note(1), notebook.writer.submit(stumbling(2)), notebook.note(3)
    release.set()
    assert (before.result(WAIT_SECONDS), after.result(WAIT_SECONDS)) == (1, 2)
    with pytest.raises(Stumble):
        bad.result(WAIT_SECONDS)
    assert notebook.numbers() == [1, 3]


def test_a_statement_that_fails_undoes_its_call_alone(notebook: Notebook) -> None:
    """An error of the database inside a call counts like any other."""
    release = notebook.hold()
    before = notebook.note(1)
    bad = notebook.writer.submit(lambda c: c.execute(text("INSERT INTO nowhere VALUES (1)")).rowcount)
    after = notebook.note(2)
    release.set()
    assert (before.result(WAIT_SECONDS), after.result(WAIT_SECONDS)) == (1, 2)
    assert isinstance(bad.exception(WAIT_SECONDS), DBAPIError | RetryLater)


def test_a_commit_that_fails_fails_its_calls_and_the_writer_goes_on(notebook: Notebook) -> None:
    """A foreign key checked at the commit: nobody is acknowledged, nothing stays, the next call works."""
    with notebook.engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(
            text("CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        )
    release = notebook.hold()
    neighbour = notebook.note(1)
    orphan = notebook.writer.submit(lambda c: c.execute(text("INSERT INTO child VALUES (1)")).rowcount)
    release.set()
    for future in (neighbour, orphan):
        error = future.exception(WAIT_SECONDS)
        assert isinstance(error, RetryLater)
        assert error.code is ErrorCode.DATABASE_BUSY
    assert notebook.note(2).result(WAIT_SECONDS) == 1
    assert notebook.numbers() == [2]


@pytest.mark.postgres
def test_a_lost_connection_fails_its_group_and_is_replaced(postgres_url: str) -> None:
    """PostgreSQL ends the session in the middle of a transaction."""
    notebook, onlooker = Notebook(postgres_url), create_engine(postgres_url)

    def cut(connection: Connection) -> None:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with onlooker.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        connection.execute(text("SELECT 1"))

    release = notebook.hold()
    neighbour, lost = notebook.note(1), notebook.writer.submit(cut)
    release.set()
    assert isinstance(lost.exception(WAIT_SECONDS), RetryLater)
    assert isinstance(neighbour.exception(WAIT_SECONDS), RetryLater)
    assert notebook.note(2).result(WAIT_SECONDS) == 1
    notebook.close()
    onlooker.dispose()


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """SQLite may grow no further: the large call fails with RetryLater; with room again, the writer goes on."""
    notebook = Notebook(sqlite_url(tmp_path))
    notebook.note(1).result(WAIT_SECONDS)

    def limit_pages(count: int) -> None:
        notebook.writer.submit(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={count}").scalar_one()).result()

    def fill(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE large AS SELECT zeroblob(1000000) AS content"))

    limit_pages(20)
    assert isinstance(notebook.writer.submit(fill).exception(WAIT_SECONDS), RetryLater)
    limit_pages(10_000)
    notebook.writer.submit(fill).result(WAIT_SECONDS)
    assert notebook.numbers() == [1]
    notebook.close()


def test_closing_finishes_what_was_accepted(notebook: Notebook) -> None:
    """Then the writer takes no more, and says that it may be tried later."""
    release = notebook.hold()
    futures = [notebook.note(number) for number in range(5)]
    closing = threading.Thread(target=notebook.writer.close)
    closing.start()
    release.set()
    closing.join(WAIT_SECONDS)
    assert all(future.done() for future in futures)
    assert notebook.numbers() == list(range(5))
    with pytest.raises(RetryLater):
        notebook.note(6)


def test_a_flood_is_refused_before_memory_fills(url: str) -> None:
    """Beyond a fixed number of waiting calls, submit raises RetryLater at once."""
    notebook = Notebook(url, max_waiting=30)
    release = notebook.hold()
    futures = [notebook.writer.submit(lambda _: None) for _ in range(30)]
    with pytest.raises(RetryLater):
        notebook.note(1)
    release.set()
    futures[-1].result(WAIT_SECONDS)
    assert notebook.note(1).result(WAIT_SECONDS) == 1
    notebook.close()


def test_a_cancelled_call_never_runs(notebook: Notebook) -> None:
    """A browser that went away while its answer waited leaves no row."""
    release = notebook.hold()
    cancelled, kept = notebook.note(1), notebook.note(2)
    assert cancelled.cancel()
    release.set()
    kept.result(WAIT_SECONDS)
    with pytest.raises(CancelledError):
        cancelled.result(WAIT_SECONDS)
    assert notebook.numbers() == [2]


def test_an_error_doesn_t_repeat_what_was_to_be_written(notebook: Notebook) -> None:
    """Values stay out of error texts, since those reach logs."""
    query = text("INSERT INTO nowhere VALUES (:v)")
    error = notebook.writer.submit(lambda c: c.execute(query, {"v": "needle"}).rowcount).exception(WAIT_SECONDS)
    assert error is not None
    assert "needle" not in f"{error} {error.__cause__}"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.booleans()), max_size=30))
def test_the_writer_equals_its_plain_twin(calls: list[tuple[int, bool]]) -> None:
    """Grouped or one by one: the same rows stay, and the same calls fail."""
    plain = [number for number, succeeds in calls if succeeds]
    with tempfile.TemporaryDirectory() as folder:
        notebook = Notebook(sqlite_url(Path(folder)))
        release = notebook.hold()
        futures = [notebook.writer.submit((noting if ok else stumbling)(number)) for number, ok in calls]
        release.set()
        failed = [future.exception(WAIT_SECONDS) is not None for future in futures]
        assert failed == [not ok for _, ok in calls]
        assert notebook.numbers() == plain
        notebook.close()


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_by_kill_9(tmp_path: Path) -> None:
    """Ten times: a process under load is killed, and every number it printed is in the database."""
    store = sqlite_store(tmp_path)
    (student,) = class_of_students(store, ["Ada"])
    store.close()
    acknowledged: set[int] = set()
    for attempt in range(10):
        acknowledged |= _killed_under_load(tmp_path, student, first=attempt * 1_000_000, after=20 + 17 * attempt)
    reopened = sqlite_store(tmp_path)
    kept = in_reader(reopened, lambda c: c.execute(text("SELECT client_uuid FROM interaction")).scalars().all())
    assert len(acknowledged) > 500
    assert acknowledged - {int(uuid.removeprefix("device-")) for uuid in kept} == set()
    _check_whole(reopened, student, len(kept))
    reopened.close()


def _killed_under_load(folder: Path, student: str, *, first: int, after: int) -> set[int]:
    """Every number that the process acknowledged before it was killed."""
    command = [sys.executable, "-m", "tests.support.crash_records", str(folder), student, str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise RuntimeError("the output isn't read")
        numbers = [int(process.stdout.readline()) for _ in range(after)]
        process.kill()
        # A last line without its newline was cut by the kill.
        rest = process.stdout.read().split(b"\n")[:-1]
    return {*numbers, *map(int, rest)}


def _check_whole(store: Store, student: str, count: int) -> None:
    """The file is sound and the student's numbering has no gap."""
    seqs = in_reader(store, lambda c: c.execute(text("SELECT seq FROM interaction ORDER BY seq")).scalars().all())
    assert list(seqs) == list(range(1, count + 1))
    assert in_reader(store, lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"
    assert len(in_reader(store, lambda c: history_of(c, student))) == count
