"""A practice desk on an empty SQLite school, and students who answer as told."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from client.content.bank import ItemBank, built_in_bank
from client.content.items import AnswerKind, Item
from client.content.key_text import key_text
from client.practice.desk import PracticeDesk, make_desk
from client.practice.hints import ask_hint
from client.practice.offers import Offer, current_offer, move_on
from client.practice.submit_answer import Answer, Outcome, submit_answer
from client.records.interactions import history_of
from client.records.mastery import SkillMastery, mastery_of
from client.records.store import Store
from client.settings import SchoolFolder
from common.clock import StoppedClock
from common.interactions import History
from tests.support.stores import class_of_students, in_reader, in_writer, sqlite_store

BANK = built_in_bank()


@dataclass(slots=True)
class School:
    """One student at a desk; `clock` moves only when told to."""

    store: Store
    desk: PracticeDesk
    clock: StoppedClock
    student: str
    _numbers: Iterator[int]

    def offer(self) -> Offer:
        """What is open."""
        return in_writer(self.store, lambda c: current_offer(c, self.desk, self.student))

    def hint(self) -> Offer:
        """One more rung."""
        return in_writer(self.store, lambda c: ask_hint(c, self.desk, self.student))

    def move_on(self) -> Offer:
        """Leaves the open item."""
        return in_writer(self.store, lambda c: move_on(c, self.desk, self.student))

    def submit(
        self, response: str, *, uuid: str = "", offer_id: str = "", student: str = "", unknown: bool = False
    ) -> Outcome:
        """One submission, by default to the open offer and under a fresh number."""
        who, number = student or self.student, uuid or f"uuid-{next(self._numbers)}"
        answer = Answer(who, offer_id or self.offer().id, response, number, 4_000, unknown=unknown)
        return in_writer(self.store, lambda c: submit_answer(c, self.desk, answer))

    def answer(self, *, right: bool) -> Outcome:
        """Answers the open item, and moves on when it was wrong."""
        item = self.offer().item
        outcome = self.submit(right_response(item) if right else wrong_response(item))
        if not right:
            self.move_on()
        return outcome

    def history(self) -> History:
        """The stored evidence."""
        return in_reader(self.store, lambda c: history_of(c, self.student))

    def mastery(self) -> dict[str, SkillMastery]:
        """The stored states."""
        return in_reader(self.store, lambda c: mastery_of(c, self.student))


@contextmanager
def school_with_student(folder: Path, *, bank: ItemBank = BANK) -> Iterator[School]:
    """An empty school with one student, closed afterwards."""
    store = sqlite_store(folder)
    try:
        (student,) = class_of_students(store, ["Ada"])
        clock = StoppedClock()
        yield School(store, make_desk(bank, SchoolFolder(folder), clock=clock), clock, student, count())
    finally:
        store.close()


def right_response(item: Item) -> str:
    """The key as a student would type it, in the form that is asked for."""
    return key_text(item)


def wrong_response(item: Item) -> str:
    """A wrong answer that can be read."""
    letter = item.letters[-1] if item.letters else "x"
    typed = {
        AnswerKind.EQUATION: "y = 98765",
        AnswerKind.INEQUALITY: f"{letter} < 98765",
        AnswerKind.POINT: "(98765, 1)",
    }
    other = typed.get(item.kind, "98765")
    return next((choice.id for choice in item.choices if choice.id != item.answer), other)


def coin(seed: int) -> random.Random:
    """A seeded source for simulated answers."""
    return random.Random(seed)
