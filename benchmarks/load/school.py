"""A school full of invented students who have practised before and are signed in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from client.content.bank import built_in_bank
from client.practice.desk import make_desk
from client.practice.replay_mastery import replay_mastery
from client.records.classes import add_class, new_class_code
from client.records.interactions import bulk_import
from client.records.sessions import SessionKind, open_session
from client.records.store import Store, open_school_store
from client.records.students import NewStudent, add_students
from client.settings import SchoolFolder, create_folder, load_settings
from common.clock import SystemClock
from common.interactions import History
from common.models.simulated_students import SimulatedItem, simulate

CLASS_SIZE = 25


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A student at a device. token: the session's cookie."""

    student: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoadedSchool:
    """The folder, everybody who is signed in, and the mean number of answers before the load."""

    folder: SchoolFolder
    signed_in: tuple[SignedIn, ...]
    answers_before: float


def make_school(path: Path, *, students: int, seed: int) -> LoadedSchool:
    """A school in a new folder; its database is closed again, so that a server may open it."""
    folder = create_folder(path, school="Load School")
    items = [SimulatedItem(*item) for item in built_in_bank().simulated_items()]
    histories = simulate("growth", items, students=students, rng=np.random.default_rng(seed))
    store = open_school_store(folder, load_settings(folder))
    try:
        ids = [one for group in _classes(histories) for one in _add_class(store, folder, group)]
        # Last, since a session without a sign of life ends after some minutes.
        signed_in = store.writer.submit(lambda connection: _sign_in(connection, ids)).result()
    finally:
        store.close()
    return LoadedSchool(folder, tuple(signed_in), sum(map(len, histories)) / students)


def _classes(histories: list[History]) -> Iterator[list[History]]:
    for start in range(0, len(histories), CLASS_SIZE):
        yield histories[start : start + CLASS_SIZE]


def _add_class(store: Store, folder: SchoolFolder, group: list[History]) -> list[str]:
    desk, now = make_desk(built_in_bank(), folder), SystemClock().now()

    def work(connection: Connection) -> list[str]:
        code = new_class_code()
        added = add_class(connection, name=f"Class {code}", code=code)
        new = [NewStudent(f"Student {n}", added.id, id=one.student) for n, one in enumerate(group)]
        ids = add_students(connection, store.vault, new, now=now)
        bulk_import(connection, group)
        replay_mastery(connection, desk, ids)
        return ids

    return store.writer.submit(work).result()


def _sign_in(connection: Connection, students: list[str]) -> list[SignedIn]:
    now = SystemClock().now()
    return [SignedIn(one, open_session(connection, SessionKind.STUDENT, one, now=now)) for one in students]
