"""What the writer remembers of students, so that an answer doesn't ask for what the last one wrote.

Only the writer's connection has a memory, and only on SQLite, which can say whether another process wrote. Every
function that changes a student's practice says so here: it replaces what is remembered, or has all forgotten.
"""

from collections import OrderedDict
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

T = TypeVar("T")

MAX_STUDENTS = 2_000
_KEY = "homeroom-memory"
# Stands for a student where something is the same for all.
WHOLE_SCHOOL = ""


class Kind(Enum):
    """What is remembered of a student."""

    OFFER = auto()
    NEWEST = auto()
    HISTORY = auto()
    MASTERY = auto()
    EVENTS = auto()
    DIAGNOSTIC = auto()
    CHOSEN_SET = auto()
    DISPLAY = auto()
    PAUSED = auto()


class Memory:
    """Forgets the student least recently needed. Sensitive; for the writer's thread alone."""

    def __init__(self, max_students: int = MAX_STUDENTS) -> None:
        self._max_students = max_students
        self._students: OrderedDict[str, dict[Kind, Any]] = OrderedDict()
        self._touched: set[str] = set()
        self._version: int | None = None

    def of(self, student: str) -> dict[Kind, Any]:
        """What is remembered of a student, to be read and changed."""
        found = self._students.get(student)
        if found is None:
            found = self._students[student] = {}
            if len(self._students) > self._max_students:
                self._students.popitem(last=False)
        else:
            self._students.move_to_end(student)
        self._touched.add(student)
        return found

    def forget_all(self) -> None:
        """Nothing is remembered any more."""
        self._students.clear()

    def begin_group(self, version: int) -> None:
        """version: another one than before says that another process wrote."""
        if version != self._version:
            self._students.clear()
            self._version = version

    def begin_call(self) -> None:
        """What is read or changed from here on belongs to one call."""
        self._touched.clear()

    def undo_call(self) -> None:
        """The call's changes were taken back, so what it read and wrote isn't true any more."""
        for student in self._touched:
            self._students.pop(student, None)


def begin_group(connection: Connection) -> None:
    """At the beginning of the writer's transaction: what another process may have changed is forgotten."""
    if connection.dialect.name != "sqlite":
        return
    memory: Memory = connection.info.setdefault(_KEY, Memory())
    memory.begin_group(connection.exec_driver_sql("PRAGMA data_version").scalar_one())


def begin_call(connection: Connection) -> None:
    """What is read or changed from here on belongs to one call."""
    memory: Memory | None = connection.info.get(_KEY)
    if memory is not None:
        memory.begin_call()


def undo_call(connection: Connection) -> None:
    """The call's changes were taken back."""
    memory: Memory | None = connection.info.get(_KEY)
    if memory is not None:
        memory.undo_call()


def remembered(connection: Connection, kind: Kind, student: str, *, read: Callable[[], T]) -> T:
    """What was remembered, else what is read now."""
    memory: Memory | None = connection.info.get(_KEY)
    if memory is None:
        return read()
    kinds = memory.of(student)
    if kind not in kinds:
        kinds[kind] = read()
    return cast("T", kinds[kind])


def remember(connection: Connection, kind: Kind, student: str, *, value: object) -> None:
    """It was just written."""
    memory: Memory | None = connection.info.get(_KEY)
    if memory is not None:
        memory.of(student)[kind] = value


def amend(connection: Connection, kind: Kind, student: str, *, change: Callable[[T], T]) -> None:
    """Part of it was just written: changed if it is remembered, else left to the next reader."""
    memory: Memory | None = connection.info.get(_KEY)
    if memory is not None:
        kinds = memory.of(student)
        if kind in kinds:
            kinds[kind] = change(kinds[kind])


def forget_all(connection: Connection) -> None:
    """More was changed than is worth following."""
    memory: Memory | None = connection.info.get(_KEY)
    if memory is not None:
        memory.forget_all()
