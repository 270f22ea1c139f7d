"""`import-log` and `simulate`: students with answers, from a log file or invented."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from rich.console import Console
from rich.progress import track
from sqlalchemy import Connection

from client.commands.opened import folder_of, opened_store, written
from client.content.bank import built_in_bank
from client.content.simulated_course import simulated_course
from client.practice.desk import PracticeDesk, make_desk
from client.practice.replay_mastery import replay_mastery
from client.records.audit_trail import record_audit
from client.records.classes import add_class, class_by_code, new_class_code
from client.records.consent import ConsentDecision, record_consents
from client.records.interactions import bulk_import
from client.records.inventory import Purpose
from client.records.store import Store
from client.records.students import NewStudent, add_students, student_ids
from common.clock import SystemClock
from common.errors import ErrorCode, FixSettings
from common.interactions import History, Interaction
from common.models.log_file import read_log
from common.models.simulated_students import FAMILIES, Family, SimulatedItem, simulate_population

CLASS_SIZE = 25
MIXED = "mixed"


def import_log(given: Namespace) -> None:
    """Adds one school's students of a log, with their answers, in classes of 25."""
    log = read_log(given.file)
    histories = log.schools.get(given.school)
    if not histories:
        known = ", ".join(sorted(log.schools)[:5])
        raise FixSettings(
            ErrorCode.NOT_FOUND, f"The log holds no school {given.school!r}. It has {known or 'none at all'}."
        )
    purposes = [Purpose.PRACTICE, *([Purpose.FEDERATED_TRAINING] if given.training_consent else [])]
    _fill(given, histories, purposes=purposes, basis="stated at the import of the log")


def simulate_students(given: Namespace) -> None:
    """Adds invented students who practised times tables and fractions; their consent is part of the invention."""
    purposes = [Purpose.PRACTICE, Purpose.FEDERATED_TRAINING]
    invented = _invented(given, FAMILIES if given.model == MIXED else (given.model,))
    histories = until_now(invented, SystemClock().now())
    _fill(given, histories, purposes=purposes, basis="simulated student")


def _invented(given: Namespace, families: Sequence[Family]) -> list[History]:
    """The students shared out evenly over the generating families."""
    items = [SimulatedItem(*item) for item in simulated_course().simulated_items()]
    histories: list[History] = []
    for number, family in enumerate(families):
        population = simulate_population(
            family,
            items,
            students=(given.students + number) // len(families),
            rng=np.random.default_rng([given.seed, number]),
            skill_rng=np.random.default_rng([given.content_seed, FAMILIES.index(family)]),
            median_interactions=float(given.answers),
        )
        histories += population.histories
    order = np.random.default_rng(given.seed).permutation(len(histories))
    return [histories[i] for i in order]


def until_now(histories: Sequence[History], now: datetime) -> list[History]:
    """The same histories, moved in time so that the newest answer was given just now."""
    newest = max((one.at_seconds or 0.0 for history in histories for one in history), default=0.0)
    shift = now.timestamp() - newest
    return [History(history.student, tuple(_later(one, shift) for one in history)) for history in histories]


def _later(one: Interaction, shift_seconds: float) -> Interaction:
    return one if one.at_seconds is None else replace(one, at_seconds=one.at_seconds + shift_seconds)


def _fill(given: Namespace, histories: Sequence[History], *, purposes: Sequence[Purpose], basis: str) -> None:
    console = Console(stderr=True)
    folder = folder_of(given)
    desk = make_desk(built_in_bank(), folder)
    with opened_store(folder) as store:
        _refuse_known(store, histories)
        groups = list(_classes(histories))
        for group in track(groups, description="Adding classes", console=console, disable=not console.is_terminal):
            _add_group(store, desk, group, purposes=purposes, basis=basis)
    answers = sum(map(len, histories))
    in_classes = "one class" if len(groups) == 1 else f"{len(groups)} classes"
    print(f"Added {len(histories)} students in {in_classes} with {answers} answers.")


def _classes(histories: Sequence[History]) -> Iterator[Sequence[History]]:
    for start in range(0, len(histories), CLASS_SIZE):
        yield histories[start : start + CLASS_SIZE]


def _refuse_known(store: Store, histories: Sequence[History]) -> None:
    """An import that was cut off or done before must not double anybody's answers."""
    with store.read() as connection:
        known = set(student_ids(connection)) & {history.student for history in histories}
    if known:
        raise FixSettings(
            ErrorCode.BAD_LOG_FILE,
            f"{len(known)} of these students are in the database already. Nothing was added.",
        )


def _add_group(
    store: Store, desk: PracticeDesk, group: Sequence[History], *, purposes: Sequence[Purpose], basis: str
) -> None:
    """One class in one transaction: all of it is kept, or nothing."""
    now = SystemClock().now()

    def work(connection: Connection) -> None:
        code = _free_code(connection)
        added = add_class(connection, name=f"Class {code}", code=code)
        new = [
            NewStudent(f"Student {number}", added.id, id=history.student)
            for number, history in enumerate(group, start=1)
        ]
        add_students(connection, store.vault, new, now=now)
        decisions = [
            ConsentDecision(history.student, purpose, True, basis, "command line")
            for history in group
            for purpose in purposes
        ]
        record_consents(connection, decisions, now=now)
        bulk_import(connection, group)
        replay_mastery(connection, desk, [history.student for history in group])
        record_audit(connection, actor="command line", action="class-imported", subject=added.id, now=now)

    written(store, work)


def _free_code(connection: Connection) -> str:
    while class_by_code(connection, code := new_class_code()) is not None:
        continue
    return code
