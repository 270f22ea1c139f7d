"""The ledger's file on disk: one process holds it, and a line is on the disk before `append` returns."""

import fcntl
import os
from pathlib import Path

from common.errors import Corrupt, ErrorCode, RetryLater


class LedgerFile:
    """An exclusive hold on a ledger. Released by `close` or by the end of the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        self._lock = _take_lock(path)

    def read(self) -> bytes:
        """All complete lines. A cut last line, which nobody was told of, is removed from the disk."""
        data = self._path.read_bytes() if self._path.exists() else b""
        complete = data[: data.rfind(b"\n") + 1]
        if len(complete) < len(data):
            _cut(self._path, len(complete))
        self._size = len(complete)
        return complete

    def append(self, line: bytes) -> None:
        """Adds one line and flushes it, and the folder's entry for a new file. OSError if the disk fails.

        Corrupt if the file isn't as this process left it. After an OSError, `read` again before the next line.
        """
        descriptor = self._open()
        try:
            if os.fstat(descriptor).st_size != self._size:
                raise Corrupt(ErrorCode.LEDGER_BROKEN, "Another program changed the privacy ledger.")
            written = os.write(descriptor, line)
            if written < len(line):
                raise OSError(f"only {written} of {len(line)} bytes of a ledger line were written")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if self._size == 0:
            _flush_folder(self._path.parent)
        self._size += len(line)

    def close(self) -> None:
        """Lets another process take the ledger. A second call does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _open(self) -> int:
        if self._lock < 0:
            raise RetryLater(ErrorCode.LEDGER_UNWRITABLE, "The privacy ledger was closed.")
        # Only an empty ledger is created: a file that vanished meanwhile must not start again from nothing.
        create = os.O_CREAT if self._size == 0 else 0
        try:
            return os.open(self._path, os.O_WRONLY | os.O_APPEND | create, 0o600)
        except FileNotFoundError as error:
            if create:
                raise
            raise Corrupt(ErrorCode.LEDGER_BROKEN, "The privacy ledger has vanished.") from error


def _take_lock(path: Path) -> int:
    try:
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = "The privacy ledger's folder isn't there or can't be written to."
        raise RetryLater(ErrorCode.LEDGER_UNWRITABLE, reason) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        reason = "Another process of this school holds the privacy ledger."
        raise RetryLater(ErrorCode.LEDGER_UNWRITABLE, reason) from error
    return descriptor


def _cut(path: Path, size: int) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
