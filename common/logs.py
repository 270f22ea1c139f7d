"""Logging that refuses student fields: structured key=value lines, and a fixed list of keys that may appear."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common.errors import ErrorCode, FixSettings

# Whatever isn't here can't be logged. None of these can name a student, an answer or a draw.
ALLOWED_FIELDS = frozenset(
    {
        "attempt", "bundle", "bytes", "campaign", "cohort", "code", "count", "digest", "epsilon",
        "epsilon_after", "error", "file", "host", "kind", "line", "model", "path", "pid", "port",
        "quorum", "reason", "release", "round", "rung", "run", "school", "seconds", "size", "state",
        "status", "version",
    }
)  # fmt: skip


LINE_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class EventLog:
    """Writes one line per event to a standard logger; unknown field names raise."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(f"homeroom.{name}")

    def info(self, event: str, **fields: str | int | float | bool | None) -> None:
        """Something happened as it should."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: str | int | float | bool | None) -> None:
        """Something that a person may want to look at."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, **fields: str | int | float | bool | None) -> None:
        """Something failed."""
        self._write(logging.ERROR, event, fields)

    def _write(self, level: int, event: str, fields: dict[str, str | int | float | bool | None]) -> None:
        strangers = set(fields) - ALLOWED_FIELDS
        if strangers:
            raise FixSettings(ErrorCode.BAD_PARAMETER, f"These fields may not be logged: {sorted(strangers)}.")
        text = " ".join(f"{key}={json.dumps(value)}" for key, value in sorted(fields.items()))
        self._logger.log(level, "%s %s", event, text)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Called once by a `main()`: time, level, logger and event on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(LINE_FORMAT))
    root = logging.getLogger("homeroom")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


@contextmanager
def also_to_file(path: Path) -> Iterator[None]:
    """While the block runs, events from INFO up are appended to `path` as well, in the same lines."""
    root, handler = logging.getLogger("homeroom"), logging.FileHandler(path)
    handler.setFormatter(logging.Formatter(LINE_FORMAT))
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()
