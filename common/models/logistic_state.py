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


@dataclass(frozen=True, slots=True, eq=False)
class SkillSets:
    """M sets of skills to be asked about, worked out once for any state.

    in_order: (M, 4) or narrower, each set's rows rising, after -1 where there are fewer. member, row: (P,) the
    set and the skill row of each of their members, set by set.
    """

    in_order: NDArray[np.int32]
    member: NDArray[np.int64]
    row: NDArray[np.int32]


def skill_sets(skill_rows: NDArray[np.int32]) -> SkillSets:
    """skill_rows: (M, 4) or narrower, -1 = none."""
    member, slot = np.nonzero(skill_rows >= 0)
    return SkillSets(np.sort(skill_rows, axis=1), member, skill_rows[member, slot])


def features(state: LogisticState, asked: SkillSets, at_seconds: float | None = None) -> Floats:
    """(M, 15): the columns before an attempt at an item of each set."""
    count = len(asked.in_order)
    return columns(
        Past(*np.repeat(state.past[:, :1], count, axis=1)),
        Past(*state.past[:, 1 + asked.row]),
        asked.member,
        repeat=np.where(_same_as_last(state, asked), state.last_correct - 0.5, 0.0),
        now=np.full(count, np.nan if at_seconds is None else at_seconds),
    )


def _same_as_last(state: LogisticState, asked: SkillSets) -> NDArray[np.bool_]:
    """(M,) which sets are exactly the newest attempt's."""
    count, width = asked.in_order.shape
    empty = width - len(state.last_rows)
    if not state.last_rows or empty < 0:
        return np.zeros(count, np.bool_)
    same: NDArray[np.bool_] = (asked.in_order == (*[NO_SKILL] * empty, *state.last_rows)).all(axis=1)
    return same
