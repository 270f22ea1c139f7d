"""One student's state for the logistic rung: advanced by an answer, read as columns for any items at once.

The streaming twin of `common.models.logistic_features`; both go through its `columns`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """What the columns need of the past. overall: (5,), by_skill: (5, rows); their rows are `Past`'s fields.

    last_rows: the newest attempt's skill rows, sorted; last_correct: its answer.
    """

    overall: Floats
    by_skill: Floats
    last_rows: tuple[int, ...] = ()
    last_correct: bool = False


def start(rows: int) -> LogisticState:
    """Before the first attempt; rows = K + 1 of the skill map."""
    return LogisticState(np.array(NO_PAST), np.tile(np.array(NO_PAST)[:, None], rows))


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
    asked = np.sort(skill_rows[skill_rows >= 0])
    at = np.nan if at_seconds is None else at_seconds
    by_skill = state.by_skill.copy()
    answered = Answered(correct, weight, at)
    by_skill[:, asked] = advance_past(by_skill[:, asked], answered, SKILL_STEP)
    overall = advance_past(state.overall, answered, STEP)
    return LogisticState(overall, by_skill, tuple(asked.tolist()), correct)


def features(state: LogisticState, skill_rows: NDArray[np.int32], at_seconds: float | None = None) -> Floats:
    """(15,) for the skill rows (4,) of one item, or (N, 15) for those of N items, (N, 4)."""
    asked = skill_rows.reshape(-1, skill_rows.shape[-1])
    item, slot = np.nonzero(asked >= 0)
    overall = np.broadcast_to(state.overall[:, None], (5, len(asked)))
    same = np.array([state.last_rows == tuple(sorted(k for k in rows if k >= 0)) for rows in asked.tolist()])
    now = np.full(len(asked), np.nan if at_seconds is None else at_seconds)
    table = columns(
        Past(*overall),
        Past(*state.by_skill[:, asked[item, slot]]),
        item,
        repeat=same * (state.last_correct - 0.5),
        now=now,
    )
    return table.reshape(*skill_rows.shape[:-1], -1)
