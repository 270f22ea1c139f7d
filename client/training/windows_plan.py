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
from common.models.encoding import EncodedHistory

# A window is padded to the next of these, so that the shape of a batch says little about who is in it.
STEP_LIMITS = (12, 25, 50, 100, 200)
# One batch holds at most this many bytes of gate values (T, B, 4H): more falls out of the shared cache. But with
# fewer rows than MIN_ROWS the products of a step would be too thin to run at full speed.
GATE_BYTES = 16_000_000
MIN_ROWS = 64
# Steps that lie a multiple of this many bytes apart compete for the same few lines of cache.
CACHE_STRIDE = 16_384

Windows = Sequence[EncodedHistory]


@dataclass(frozen=True, slots=True)
class Batch:
    """T = steps, B = rows. A step reads one attempt and predicts the next one.

    seen: route of the (skill, answer) rows that are read; asked: route of the skill rows that are predicted.
    owner (B,): the student of each row, 0 for an empty one. correct, weight (T * B,): the predicted answers and
    their evidence weights, 0 where there is none.
    """

    steps: int
    windows: tuple[int, ...]
    owner: NDArray[np.int64] = field(repr=False)
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
        """B: how many windows the batch holds, with the empty row if there is one."""
        return len(self.owner)


def batches(students: Sequence[Windows], *, rows: int, hidden: int, dtype: torch.dtype) -> Iterator[Batch]:
    """All students with at least one scored answer, shortest first, in the given order within a length."""
    groups: dict[int, list[Windows]] = {}
    for windows in students:
        scored = [window for window in windows if len(window) > 1]
        if scored:
            groups.setdefault(_steps(scored), []).append(scored)
    for steps in sorted(groups):
        limit = max(MIN_ROWS, GATE_BYTES // (steps * 4 * hidden * 4))
        for part in _cut(groups[steps], limit):
            yield _batch(part, steps=steps, rows=rows, hidden=hidden, dtype=dtype)


def _steps(windows: Windows) -> int:
    """The padded number of steps of a student: a public ladder, then multiples of its last rung."""
    longest = max(len(window) for window in windows) - 1
    last = STEP_LIMITS[-1]
    return next((limit for limit in STEP_LIMITS if longest <= limit), -(-longest // last) * last)


def _cut(students: list[Windows], limit: int) -> Iterator[list[Windows]]:
    """Consecutive parts of about equally many windows, at most `limit`, or of one student."""
    windows = sum(map(len, students))
    limit = -(-windows // -(-windows // limit))
    part: list[Windows] = []
    filled = 0
    for student in students:
        if part and filled + len(student) > limit:
            yield part
            part, filled = [], 0
        part.append(student)
        filled += len(student)
    yield part


def _batch(students: list[Windows], *, steps: int, rows: int, hidden: int, dtype: torch.dtype) -> Batch:
    ordered = sorted(students, key=len, reverse=True)
    windows = tuple(sum(len(s) > level for s in ordered) for level in range(len(ordered[0])))
    columns = [ordered[i][level] for level, count in enumerate(windows) for i in range(count)]
    owner = np.concatenate([np.arange(count) for count in windows])
    width = _row_count(len(columns), hidden)
    tables = _tables(columns, width, steps, rows=rows)
    return Batch(
        steps,
        windows,
        owner=np.append(owner, np.zeros(width - len(columns), np.int64)),
        seen=table_route(tables.seen, table_rows=2 * rows, dtype=dtype),
        asked=table_route(tables.asked, table_rows=rows, dtype=dtype),
        correct=torch.from_numpy(tables.correct).to(dtype),
        weight=torch.from_numpy(tables.weight).to(dtype),
    )


def _row_count(windows: int, hidden: int) -> int:
    """The windows, and an empty row where a step's gates would otherwise fill whole steps of the cache."""
    return windows + (windows * 16 * hidden % CACHE_STRIDE == 0)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Padded steps: seen, asked (T * B, 1-4) table rows or -1; correct, weight (T * B,)."""

    seen: NDArray[np.int32]
    asked: NDArray[np.int32]
    correct: NDArray[np.float32]
    weight: NDArray[np.float32]


def _tables(columns: Windows, width: int, steps: int, *, rows: int) -> _Tables:
    """Attempt t of a window is read at step t and predicted at step t - 1; its last one is only predicted."""
    lengths = np.array([len(window) for window in columns])
    given = np.concatenate([window.skill_rows for window in columns])
    given = given[:, : int((given >= 0).sum(1).max())]  # most logs have one skill an attempt
    first = np.cumsum(lengths) - lengths
    time = np.arange(len(given)) - np.repeat(first, lengths)
    place = time * width + np.repeat(np.arange(len(columns)), lengths)
    skills = np.full(((steps + 1) * width, given.shape[1]), -1, np.int32)
    correct, weight = np.zeros((2, len(skills)), np.float32)
    skills[place] = given
    correct[place] = np.concatenate([window.correct for window in columns])
    weight[place] = np.concatenate([window.weight for window in columns])
    seen = np.where(skills >= 0, skills + rows * correct.astype(np.int32)[:, None], -1)
    seen[place[first + lengths - 1]] = -1
    return _Tables(seen[:-width], skills[width:], correct[width:], weight[width:])
