"""Batches: students of similar length side by side, padded, their windows in an order that makes students slices.

Row layout ("window-major"): rows 0..S-1 are the students' first windows, students with most windows first; then
the second windows of the first S_2 students, and so on. `windows` is (S, S_2, S_3, ...).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from client.training.segments import TableRoute, table_route
from common.interactions import MAX_SKILLS
from common.models.encoding import EncodedHistory

# A window is padded to the next of these, so that the shape of a batch says little about who is in it.
STEP_LIMITS = (12, 25, 50, 100, 200)
# One batch holds at most this many bytes of gate values (T, B, 4H): more falls out of the shared cache.
GATE_BYTES = 16_000_000

Windows = Sequence[EncodedHistory]


@dataclass(frozen=True, slots=True)
class Batch:
    """T = steps, B = rows (windows). A step reads one attempt and predicts the next one.

    seen: route of the (skill, answer) rows that are read; asked: route of the skill rows that are predicted.
    correct, weight (T * B,): the predicted answers and their evidence weights, 0 where there is none.
    """

    steps: int
    windows: tuple[int, ...]
    seen: TableRoute = field(repr=False)
    asked: TableRoute = field(repr=False)
    correct: torch.Tensor = field(repr=False)
    weight: torch.Tensor = field(repr=False)

    @property
    def students(self) -> int:
        """How many students the batch holds."""
        return self.windows[0]

    @property
    def rows(self) -> int:
        """How many windows the batch holds."""
        return sum(self.windows)


def batches(students: Sequence[Windows], *, rows: int, hidden: int, dtype: torch.dtype) -> Iterator[Batch]:
    """All students with at least one scored answer, shortest first, in the given order within a length."""
    groups: dict[int, list[Windows]] = {}
    for windows in students:
        scored = [window for window in windows if len(window) > 1]
        if scored:
            groups.setdefault(_steps(scored), []).append(scored)
    for steps in sorted(groups):
        limit = max(1, GATE_BYTES // (steps * 4 * hidden * 4))
        for part in _cut(groups[steps], limit):
            yield _batch(part, steps=steps, rows=rows, dtype=dtype)


def _steps(windows: Windows) -> int:
    """The padded number of steps of a student: a public ladder, then multiples of its last rung."""
    longest = max(len(window) for window in windows) - 1
    last = STEP_LIMITS[-1]
    return next((limit for limit in STEP_LIMITS if longest <= limit), -(-longest // last) * last)


def _cut(students: list[Windows], limit: int) -> Iterator[list[Windows]]:
    """Consecutive parts of at most `limit` windows, or of one student."""
    part: list[Windows] = []
    filled = 0
    for windows in students:
        if part and filled + len(windows) > limit:
            yield part
            part, filled = [], 0
        part.append(windows)
        filled += len(windows)
    yield part


def _batch(students: list[Windows], *, steps: int, rows: int, dtype: torch.dtype) -> Batch:
    ordered = sorted(students, key=len, reverse=True)
    windows = tuple(sum(len(s) > level for s in ordered) for level in range(len(ordered[0])))
    columns = [ordered[i][level] for level, count in enumerate(windows) for i in range(count)]
    tables = _tables(columns, steps, rows)
    owner = np.concatenate([np.arange(count) for count in windows])
    owner_of_step = np.broadcast_to(owner, (steps, len(columns))).reshape(-1)
    return Batch(
        steps,
        windows,
        seen=table_route(tables.seen, owner_of_step, table_rows=2 * rows, dtype=dtype),
        asked=table_route(tables.asked, owner_of_step, table_rows=rows, dtype=dtype),
        correct=torch.from_numpy(tables.correct).to(dtype),
        weight=torch.from_numpy(tables.weight).to(dtype),
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """Padded steps: seen, asked (T * B, 4) table rows or -1; correct, weight (T * B,)."""

    seen: NDArray[np.int64]
    asked: NDArray[np.int64]
    correct: NDArray[np.float64]
    weight: NDArray[np.float64]


def _tables(columns: Windows, steps: int, rows: int) -> _Tables:
    shape = (steps, len(columns))
    seen, asked = np.full((2, *shape, MAX_SKILLS), -1, np.int64)
    correct, weight = np.zeros((2, *shape))
    for column, window in enumerate(columns):
        n = len(window) - 1
        skills = window.skill_rows.astype(np.int64)
        answered = window.correct[:n, None] * rows
        seen[:n, column] = np.where(skills[:n] >= 0, skills[:n] + answered, -1)
        asked[:n, column] = skills[1:]
        correct[:n, column] = window.correct[1:]
        weight[:n, column] = window.weight[1:]
    return _Tables(
        seen.reshape(-1, MAX_SKILLS), asked.reshape(-1, MAX_SKILLS), correct.reshape(-1), weight.reshape(-1)
    )
