"""One student's state for the logistic rung: advanced by an answer, read as columns for any items at once.

The streaming twin of `common.models.logistic_features`; both go through its `columns`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.models.encoding import NO_SKILL
from common.models.logistic_features import (
    NO_PAST,
    SKILL_STEP,
    STEP,
    Answered,
    Floats,
    Past,
    advance_past,
    columns,
)


@dataclass(frozen=True, slots=True, eq=False)
class LogisticState:
    """What the columns need of the past. past (5, 1 + rows): column 0 all attempts, then a column for each skill
    row; its rows are `Past`'s fields.

    last_rows: the newest attempt's skill rows, sorted; last_correct: its answer.
    """

    past: Floats
    last_rows: tuple[int, ...] = ()
    last_correct: bool = False


def start(rows: int) -> LogisticState:
    """Before the first attempt; rows = K + 1 of the skill map."""
    return LogisticState(np.tile(np.array(NO_PAST)[:, None], 1 + rows))


def advance(
    state: LogisticState,
    skill_rows: NDArray[np.int32],
    *,
    correct: bool,
    at_seconds: float | None = None,
    weight: float = 1.0,
) -> LogisticState:
    """The state after an attempt. skill_rows: (4,), -1 = none. Weight 0 leaves it as it was."""
    if weight == 0:
        return state
    asked = sorted(row for row in skill_rows.tolist() if row >= 0)
    moved = [0, *(1 + row for row in asked)]
    steps = np.array([STEP, *[SKILL_STEP] * len(asked)])
    answered = Answered(correct, weight, np.nan if at_seconds is None else at_seconds)
    past = state.past.copy()
    past[:, moved] = advance_past(past[:, moved], answered, steps)
    return LogisticState(past, tuple(asked), correct)


def features(state: LogisticState, skill_rows: NDArray[np.int32], at_seconds: float | None = None) -> Floats:
    """(15,) for the skill rows (4,) of one item, or (N, 15) for those of N items, (N, 4)."""
    asked = skill_rows.reshape(-1, skill_rows.shape[-1])
    item, slot = np.nonzero(asked >= 0)
    overall = np.broadcast_to(state.past[:, :1], (5, len(asked)))
    now = np.full(len(asked), np.nan if at_seconds is None else at_seconds)
    table = columns(
        Past(*overall),
        Past(*state.past[:, 1 + asked[item, slot]]),
        item,
        repeat=np.where(_same_as_last(state, asked), state.last_correct - 0.5, 0.0),
        now=now,
    )
    return table.reshape(*skill_rows.shape[:-1], -1)


def _same_as_last(state: LogisticState, asked: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(N,) which items have exactly the skill rows of the newest attempt; asked (N, 4) or narrower."""
    slots = asked.shape[1] - len(state.last_rows)
    if not state.last_rows or slots < 0:
        return np.zeros(len(asked), np.bool_)
    same: NDArray[np.bool_] = (np.sort(asked, axis=1) == (*[NO_SKILL] * slots, *state.last_rows)).all(axis=1)
    return same
