"""The desk opens on a school's folder and store."""

from pathlib import Path

from client.practice.desk import open_desk
from client.practice.offers import current_offer
from client.settings import SchoolFolder
from common.clock import StoppedClock, SystemClock
from tests.support.practising import BANK
from tests.support.stores import class_of_students, in_writer, sqlite_store


def test_a_desk_serves_a_student_at_once(tmp_path: Path) -> None:
    """With BKT's defaults and the built-in packs."""
    store = sqlite_store(tmp_path)
    try:
        desk = open_desk(store, SchoolFolder(tmp_path), bank=BANK, clock=StoppedClock())
        (student,) = class_of_students(store, ["Ada"])
        assert in_writer(store, lambda c: current_offer(c, desk, student)).item.stem
        assert isinstance(open_desk(store, SchoolFolder(tmp_path), bank=BANK).clock, SystemClock)
    finally:
        store.close()
