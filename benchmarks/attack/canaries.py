"""Canaries: imaginary students of one skill each, under a model in which nobody disturbs anybody.

With W_out = 0 the hidden units get no error, so a canary's whole gradient lies in its own row of W_out and b_out:
the worst case, a direction of its own, through the product's real engine and clip.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.attack.world import trainable_ids
from client.training.engine import clipped_sum
from common.arrays import Arrays
from common.interactions import History, Interaction
from common.models.dkt_shapes import shared_shapes, zero_arrays
from common.models.encoding import encode, windows
from common.skills import SkillMap

HIDDEN, ANSWERS, WINDOW = 4, 20, 5


@dataclass(frozen=True, slots=True)
class Canaries:
    """histories, sorted by student. rows: each one's numbers among the (d,) of a release. directions: its
    contribution there, clipped, of norm `clip_norm`."""

    histories: tuple[History, ...] = field(repr=False)
    skill_map: SkillMap
    arrays: Arrays = field(repr=False)
    rows: NDArray[np.int64] = field(repr=False)
    directions: NDArray[np.float64] = field(repr=False)

    def scores(self, release: NDArray[np.float64]) -> NDArray[np.float64]:
        """(m,) how much of each canary's contribution a release holds: 1 with it, 0 without, plus noise."""
        return np.asarray((release[self.rows] * self.directions).sum(axis=1), np.float64)


def make_canaries(count: int) -> Canaries:
    """Students that answer everything right, each on a skill that nobody else practises."""
    students = trainable_ids(count, prefix="canary")
    skill_map = SkillMap("canaries/1", tuple(f"skill {number:05d}" for number in range(count)))
    histories = tuple(_history(student, skill) for student, skill in zip(students, skill_map.names, strict=True))
    arrays = zero_arrays(skill_map.rows, HIDDEN)
    arrays["b"] += np.float32(0.5)  # hidden units that say something, so that W_out has a gradient
    rows = np.array([_places(skill_map.row(skill), skill_map.rows) for skill in skill_map.names], np.int64)
    alone = encode(histories[0], skill_map)
    one = clipped_sum(arrays, [windows(alone, WINDOW, ANSWERS)], 1.0).values
    # All canaries answer alike, so one direction is everybody's.
    directions = np.tile(one[rows[0]], (count, 1))
    return Canaries(histories, skill_map, arrays, rows, directions)


def _history(student: str, skill: str) -> History:
    attempts = (Interaction(f"{skill}.{n}", (skill,), correct=True, at_seconds=float(n)) for n in range(ANSWERS))
    return History(student, tuple(attempts))


def _places(row: int, rows: int) -> Sequence[int]:
    """Where a row of W_out and of b_out stand in the flat vector."""
    at, start = {}, 0
    for name, shape in shared_shapes(rows, HIDDEN):
        at[name] = start
        start += int(np.prod(shape))
    first = at["W_out"] + row * HIDDEN
    return [*range(first, first + HIDDEN), at["b_out"] + row]
