"""A student's state carried from answer to answer gives the same columns as the table of the whole history."""

import numpy as np
import pytest

from common.models.logistic_features import feature_table
from common.models.logistic_state import advance, features, skill_sets, start
from tests.support.models import SKILLS, random_encoded


def _at(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


@pytest.mark.parametrize("timed", [True, False])
def test_streaming_equals_the_table(timed: bool) -> None:
    """Over 200 attempts, to 1e-12."""
    history = random_encoded(200, 3)
    times = history.at_seconds if timed else np.full(200, np.nan)
    table = feature_table(history) if timed else None
    state = start(SKILLS.rows)
    seen = []
    for t, rows in enumerate(history.skill_rows):
        seen.append(features(state, skill_sets(rows[None]), _at(times[t]))[0])
        state = advance(
            state,
            rows,
            correct=bool(history.correct[t]),
            at_seconds=_at(times[t]),
            weight=float(history.weight[t]),
        )
    expected = table if table is not None else _without_times(history_table=feature_table(history))
    assert np.array(seen) == pytest.approx(expected, abs=1e-12)


def _without_times(*, history_table: np.ndarray) -> np.ndarray:
    return np.concatenate([history_table[:, :9], np.zeros((len(history_table), 6))], axis=1)


def test_many_items_are_read_at_once() -> None:
    """(N, 15) row by row what (15,) is."""
    history = random_encoded(30, 5)
    state = start(SKILLS.rows)
    for t in range(20):
        state = advance(state, history.skill_rows[t], correct=bool(history.correct[t]), at_seconds=60.0 * t)
    together = features(state, skill_sets(history.skill_rows), 5000.0)
    assert together.tolist() == [
        features(state, skill_sets(rows[None]), 5000.0)[0].tolist() for rows in history.skill_rows
    ]


def test_a_state_never_changes_and_weight_zero_leaves_it() -> None:
    """An answer gives a new state; a quarantined one gives none."""
    state = start(3)
    rows = np.array([1, -1, -1, -1], np.int32)
    advance(state, rows, correct=True)
    asked = skill_sets(rows[None])
    assert features(state, asked).tolist() == features(start(3), asked).tolist()
    assert advance(state, rows, correct=True, weight=0.0) is state


def test_an_item_is_asked_again_only_with_exactly_the_same_skills() -> None:
    """Column 7 after a right answer to {1, 2}: in any order, not for a part of them, nor for one slot too few."""
    state = advance(start(4), np.array([2, 1, -1, -1], np.int32), correct=True)
    asked = np.array([[1, 2, -1, -1], [2, 1, -1, -1], [1, -1, -1, -1], [1, 2, 3, -1]], np.int32)
    assert features(state, skill_sets(asked))[:, 6].tolist() == [0.5, 0.5, 0.0, 0.0]
    assert features(state, skill_sets(asked[:, :1]))[:, 6].tolist() == [0.0] * 4
