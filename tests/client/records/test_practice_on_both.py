"""Practice runs on SQLite and PostgreSQL alike: answers, hints, further tries and what comes back late."""

from itertools import count
from pathlib import Path

from client.practice.desk import make_desk
from client.practice.late_answers import LateAnswer, Receipt, keep_late
from client.practice.work_package import pack
from client.records.store import Store
from client.settings import SchoolFolder
from common.clock import StoppedClock
from tests.support.practising import BANK, School, right_response, wrong_response
from tests.support.stores import class_of_students, in_writer

ANSWERS = 12


def test_a_student_practises_on_either_database(store: Store, tmp_path: Path) -> None:
    """Each item with a wrong first try, a hint after it and a right second one, or right at once."""
    (student,) = class_of_students(store, ["Ada"])
    clock = StoppedClock()
    school = School(store, make_desk(BANK, SchoolFolder(tmp_path), clock=clock), clock, student, count())
    for number in range(ANSWERS):
        item = school.offer().item
        if number % 3 == 0:
            school.submit(wrong_response(item))
            school.hint()
        school.submit(right_response(item))
    history = school.history()
    assert [one.correct for one in history] == [number % 3 != 0 for number in range(ANSWERS)]
    assert {skill for one in history for skill in one.skills} == set(school.mastery())


def test_late_answers_arrive_on_either_database(store: Store, tmp_path: Path) -> None:
    """Once."""
    (student,) = class_of_students(store, ["Ada"])
    clock = StoppedClock()
    desk = make_desk(BANK, SchoolFolder(tmp_path), clock=clock)
    work = in_writer(store, lambda c: pack(c, desk, store.vault, student=student))
    item = work.items[0].item
    late = LateAnswer(
        work.token, item.family, item.seed, right_response(item), "a" * 32, 1, clock.now() - clock.now()
    )
    for receipt in (Receipt.KEPT, Receipt.KNOWN):
        got = in_writer(store, lambda c: keep_late(c, desk, store.vault, student=student, answers=[late]))
        assert got == {"a" * 32: receipt}
