"""What it takes to serve one student: the whole stack asked about every skill of the built-in bank, by history.

Each turn adds an answer to a database and reads the history from it, as practice does; then the stack takes that
answer in and predicts every skill. Reading is timed apart. Weights are random: they don't change the time.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from client.content.bank import built_in_bank
from client.content.items import Family
from client.practice.bank_tables import tables_of
from client.practice.dkt_predictor import DktPredictor
from client.practice.logistic_predictor import LogisticPredictor
from client.practice.stack_predictor import StackPredictor
from client.records.classes import add_class
from client.records.interactions import bulk_import, history_of
from client.records.store import Store, open_store
from client.records.students import NewStudent, add_students
from client.records.vault import Vault
from common.clock import StoppedClock
from common.interactions import History, Interaction
from common.models.dkt import initial_arrays
from common.models.local_logistic import LocalLogistic
from common.models.logistic import logistic_shapes
from common.models.stack import CONSORTIUM
from common.skills import SkillMap

LENGTHS = (50, 1000)
HIDDEN = 64
_WAIT_SECONDS = 60.0


def measure_stack(seed: int, *, lengths: Sequence[int] = LENGTHS, repeats: int = 200) -> list[dict[str, float]]:
    """Wall milliseconds, medians, of one more answer for a student who has about so many, by length."""
    tables, vault = tables_of(built_in_bank()), Vault(bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'school.db'}", vault)
        try:
            students = store.writer.submit(lambda c: _students(c, vault, len(lengths))).result(_WAIT_SECONDS)
            return [
                _measured(store, student, count, speakers=tables.speakers, seed=seed, repeats=repeats)
                for student, count in zip(students, lengths, strict=True)
            ]
        finally:
            store.close()


def stack_of(skills: tuple[str, ...], families: Sequence[Family], seed: int) -> StackPredictor:
    """Both models at the size they are released in, with slopes for each skill."""
    rng, skill_map, clock = np.random.default_rng(seed), SkillMap("speed", skills), StoppedClock()
    rows = {family.id: row for row, family in enumerate(families)}
    shapes = logistic_shapes(skill_map.rows, len(rows))
    arrays = {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes}
    slopes = rng.normal(0, 0.5, (skill_map.rows, 2)).astype(np.float32)
    logistic = LogisticPredictor(
        LocalLogistic(arrays, rows, {}, slopes), skill_map, clock=clock, version="logistic"
    )
    network = initial_arrays(skill_map.rows, HIDDEN, seed)
    dkt = DktPredictor(network, skill_map, difficulty=dict.fromkeys(rows, 0.1), version="network")
    return StackPredictor(logistic, dkt, CONSORTIUM, version="stack")


def _measured(
    store: Store, student: str, count: int, *, speakers: tuple[Family, ...], seed: int, repeats: int
) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    stack = stack_of(tuple(family.skills[0] for family in speakers), speakers, seed)
    _append(store, student, _answers(speakers, count, rng))
    reading, predicting = [], []
    for _ in range(repeats):
        _append(store, student, _answers(speakers, 1, rng))
        with store.read() as connection:
            begin = time.perf_counter()
            history = history_of(connection, student)
            read = time.perf_counter()
            stack.predict(history, speakers)
            predicting.append(1e3 * (time.perf_counter() - read))
            reading.append(1e3 * (read - begin))
    return {
        "answers": count,
        "skills": len(speakers),
        "stack_milliseconds": statistics.median(predicting),
        "history_read_milliseconds": statistics.median(reading),
    }


def _students(connection: Connection, vault: Vault, count: int) -> list[str]:
    group = add_class(connection, name="Speed", code="SPEED1")
    new = [NewStudent(f"Student {n}", group.id) for n in range(count)]
    return add_students(connection, vault, new, now=StoppedClock().now())


def _append(store: Store, student: str, answers: tuple[Interaction, ...]) -> None:
    store.writer.submit(lambda c: bulk_import(c, [History(student, answers)])).result(_WAIT_SECONDS)


def _answers(families: Sequence[Family], count: int, rng: np.random.Generator) -> tuple[Interaction, ...]:
    """To random families, right about two times in three, a minute apart."""
    asked = [families[int(row)] for row in rng.integers(len(families), size=count)]
    return tuple(
        Interaction(family.id, family.skills, bool(rng.random() < 0.66), 60.0 * n)
        for n, family in enumerate(asked)
    )
