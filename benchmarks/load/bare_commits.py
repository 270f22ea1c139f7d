"""What the disk and SQLite allow: rows of an answer's size, so many to a durable commit, and nothing else."""

import sqlite3
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

# As the school's database is opened; see client.records.engines.
_DURABLE = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
_TABLE = "CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, number TEXT UNIQUE, body TEXT)"
_BODY = "x" * 200


@dataclass(frozen=True, slots=True)
class BareCommits:
    """commit_ms: the median of one commit."""

    rows_a_second: float
    rows_a_commit: int
    commit_ms: float


def bare_commits(path: Path, *, rows_a_commit: int, seconds: float) -> BareCommits:
    """In a database of its own beside the school's, on the same disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in _DURABLE:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(_TABLE)
        first = connection.execute("SELECT count(*) FROM answer").fetchone()[0]
        took, start = list[float](), time.perf_counter()
        while (now := time.perf_counter()) - start < seconds:
            number = first + len(took) * rows_a_commit
            connection.execute("BEGIN IMMEDIATE")
            rows = [(f"{number + n:032x}", _BODY) for n in range(rows_a_commit)]
            connection.executemany("INSERT INTO answer (number, body) VALUES (?, ?)", rows)
            connection.execute("COMMIT")
            took.append(time.perf_counter() - now)
        passed = time.perf_counter() - start
    finally:
        connection.close()
    return BareCommits(len(took) * rows_a_commit / passed, rows_a_commit, 1000 * statistics.median(took))
