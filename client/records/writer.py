"""Writer: one thread and one connection make every change, and whatever waits shares one commit.

Laws: a future resolves only after its commit is durable; calls run one after the other, in the order in which
they were submitted; a call that raises undoes its own changes and nobody else's; a commit that fails fails
every call in it with RetryLater, and the next group starts on a fresh connection.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from client.records.memory import begin_call, begin_group, undo_call
from client.records.plain_sql import run
from common.errors import ErrorCode, RetryLater
from common.logs import EventLog

T = TypeVar("T")

# Around each call of a group; run plainly, since every answer needs them.
_SAVEPOINT: Final = text("SAVEPOINT one_call")
_ROLL_BACK: Final = text("ROLLBACK TO SAVEPOINT one_call")
_RELEASE: Final = text("RELEASE SAVEPOINT one_call")
MAX_GROUP = 256
MAX_WAITING = 10_000


@dataclass(frozen=True, slots=True)
class _Call:
    work: Callable[[Connection], Any]
    future: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class Writer:
    """Starts its thread at once; `close` finishes what was accepted."""

    def __init__(self, engine: Engine, *, max_waiting: int = MAX_WAITING) -> None:
        self._engine = engine
        self._max_waiting = max_waiting
        self._log = EventLog("records")
        self._waiting: deque[_Call] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="homeroom-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Runs `work(connection)` in the writer's thread; the future holds its result once that is durable.

        `work` must neither commit nor roll back, nor wait for another submit. RetryLater when the writer is
        closed or too far behind.
        """
        future: Future[T] = Future()
        with self._changed:
            if self._closing or len(self._waiting) >= self._max_waiting:
                raise RetryLater(ErrorCode.DATABASE_BUSY, "The school's database takes no more entries just now.")
            self._waiting.append(_Call(work, future))
            self._changed.notify()
        return future

    def close(self) -> None:
        """Finishes every accepted call, then ends the thread. May be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            try:
                outcomes = self._commit(group)
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever the database does
                self._log.error("commit-failed", error=type(error).__name__, count=len(group))
                self._drop_connection()
                _fail(group, error)
            else:
                _resolve(group, outcomes)
        self._drop_connection()

    def _next_group(self) -> list[_Call] | None:
        """Everything that waits, up to MAX_GROUP, less what was cancelled; None when closed and finished."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            count = min(len(self._waiting), MAX_GROUP)
            calls = [self._waiting.popleft() for _ in range(count)]
        # From here on a call can't be cancelled, so each future is set exactly once.
        return [call for call in calls if call.future.set_running_or_notify_cancel()] if calls else None

    def _commit(self, group: list[_Call]) -> list[_Outcome]:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            begin_group(self._connection)
            return [_attempt(self._connection, call) for call in group]

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _attempt(connection: Connection, call: _Call) -> _Outcome:
    run(connection, _SAVEPOINT, {})
    begin_call(connection)
    try:
        value = call.work(connection)
    except Exception as error:  # noqa: BLE001 - the future hands it to whoever submitted the call
        # Raises when the database has undone the whole transaction (disk full): then the group fails.
        run(connection, _ROLL_BACK, {})
        undo_call(connection)
        return _Outcome(error=_not_kept(error) if isinstance(error, OperationalError) else error)
    run(connection, _RELEASE, {})
    return _Outcome(value)


def _resolve(group: list[_Call], outcomes: list[_Outcome]) -> None:
    for call, outcome in zip(group, outcomes, strict=True):
        if outcome.error is not None:
            call.future.set_exception(outcome.error)
        else:
            call.future.set_result(outcome.value)


def _fail(group: list[_Call], cause: Exception) -> None:
    for call in group:
        call.future.set_exception(_not_kept(cause))


def _not_kept(cause: Exception) -> RetryLater:
    error = RetryLater(ErrorCode.DATABASE_BUSY, "The school's database couldn't keep this entry. Try again.")
    error.__cause__ = cause
    return error
