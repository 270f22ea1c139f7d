"""EncodedHistory: a history as arrays, one row per attempt whatever its number of skills.

A row per skill would show a model the answer that it has to predict one row later, so no function here or
elsewhere makes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.errors import ErrorCode, FixSettings
from common.interactions import MAX_SKILLS, History
from common.skills import SkillMap

NO_SKILL = -1


@dataclass(frozen=True, slots=True, eq=False)
class EncodedHistory:
    """One student's attempts, oldest first; every attempt has at least one skill row.

    items: T item ids. skill_rows: (T, 4) int32, different rows first, then -1. correct: (T,) bool.
    weight: (T,) float32 in (0, 1]. at_seconds: (T,) float64, nan when unknown.
    """

    student: str
    items: tuple[str, ...]
    skill_rows: NDArray[np.int32]
    correct: NDArray[np.bool_]
    weight: NDArray[np.float32]
    at_seconds: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.items)


def encode(history: History, skill_map: SkillMap) -> EncodedHistory:
    """Arrays of a history. Attempts of weight 0 leave it; skills that share a row count once."""
    kept = [attempt for attempt in history if attempt.weight > 0]
    skill_rows = np.full((len(kept), MAX_SKILLS), NO_SKILL, np.int32)
    for t, attempt in enumerate(kept):
        rows = dict.fromkeys(map(skill_map.row, attempt.skills))
        skill_rows[t, : len(rows)] = list(rows)
    times = [np.nan if attempt.at_seconds is None else attempt.at_seconds for attempt in kept]
    return EncodedHistory(
        student=history.student,
        items=tuple(attempt.item for attempt in kept),
        skill_rows=skill_rows,
        correct=np.array([attempt.correct for attempt in kept], np.bool_),
        weight=np.array([attempt.weight for attempt in kept], np.float32),
        at_seconds=np.array(times, np.float64),
    )


def windows(encoded: EncodedHistory, length: int, last: int) -> tuple[EncodedHistory, ...]:
    """The newest `last` attempts in consecutive windows of at most `length`, oldest first.

    A model starts afresh in each window and predicts from its second attempt on, so a window of a single
    attempt would hold nothing to predict and is left out: the result may be empty.
    """
    if length < 2 or last < 1:
        raise FixSettings(
            ErrorCode.BAD_PARAMETER, f"Windows of {length} of the last {last} attempts make no sense."
        )
    first = max(0, len(encoded) - last)
    starts = range(first, len(encoded) - 1, length)
    return tuple(_slice(encoded, start, min(start + length, len(encoded))) for start in starts)


def newest(encoded: EncodedHistory, last: int) -> EncodedHistory:
    """The newest `last` attempts as one history, as if nothing had been before them."""
    return _slice(encoded, max(0, len(encoded) - last), len(encoded))


def shares(skill_rows: NDArray[np.int32]) -> NDArray[np.float32]:
    """(..., 4) float32: 1/|S| where there is a skill, 0 elsewhere; for means over an attempt's skills."""
    real = skill_rows >= 0
    return np.asarray(real / np.maximum(real.sum(-1, keepdims=True), 1), np.float32)


def item_difficulties(encoded: EncodedHistory, difficulty: Mapping[str, float]) -> NDArray[np.float32]:
    """(T,) float32: each attempt's item difficulty, 0 for an item that the mapping doesn't hold."""
    return np.array([difficulty.get(item, 0.0) for item in encoded.items], np.float32)


def _slice(encoded: EncodedHistory, start: int, end: int) -> EncodedHistory:
    return EncodedHistory(
        student=encoded.student,
        items=encoded.items[start:end],
        skill_rows=encoded.skill_rows[start:end],
        correct=encoded.correct[start:end],
        weight=encoded.weight[start:end],
        at_seconds=encoded.at_seconds[start:end],
    )
