"""The logistic columns: worked by hand, equal to a plain loop, and blind to what comes later."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.interactions import History, Interaction
from common.models.encoding import EncodedHistory, encode
from common.models.logistic_features import COLUMNS, TIME_COLUMNS, feature_table, feature_tables
from tests.support.models import SKILLS, random_encoded
from tests.support.plain_logistic import plain_features


def _untimed(history: EncodedHistory) -> EncodedHistory:
    return replace(history, at_seconds=np.full(len(history), np.nan))


def _column(table: np.ndarray, name: str) -> list[float]:
    return [float(value) for value in table[:, COLUMNS.index(name)]]


def test_three_answers_by_hand() -> None:
    """add right; add and divide wrong at little weight, a day and a second later; add at an unknown time."""
    attempts = (
        Interaction("a", ("add",), True, at_seconds=10.0),
        Interaction("b", ("divide", "add"), False, at_seconds=86_411.0, weight=0.5),
        Interaction("c", ("add",), True),
    )
    table = feature_table(encode(History("s", attempts), SKILLS))
    assert _column(table, "log wins") == pytest.approx([0, np.log(2), np.log(2)])
    assert _column(table, "log fails") == pytest.approx([0, 0, np.log(1.5)])
    assert _column(table, "mean log wins on skill") == pytest.approx([0, np.log(2) / 2, np.log(2)])
    assert _column(table, "running share right") == pytest.approx([0, 0.03, 0.95 * 0.73 - 0.7])
    assert _column(table, "running share right on skill") == pytest.approx([0, 0.045, 0.85 * 0.79 - 0.7])
    assert _column(table, "last answer, if it had the same skills") == [0, 0, 0]
    assert _column(table, "share of skills never met") == [1, 0.5, 0]
    assert _column(table, "first attempt") == [1, 0, 0]
    assert _column(table, "log seconds since a skill") == pytest.approx([0, np.log(86_402) / 10, 0])
    assert _column(table, "no skill ever met") == [1, 0, 0]
    assert _column(table, "more than a day since a skill") == [0, 1, 0]
    assert _column(table, "more than a week since a skill") == [0, 0, 0]
    assert _column(table, "more than an hour since anything") == [0, 1, 0]


def test_the_last_answer_counts_only_right_after_the_same_skills_in_any_order() -> None:
    """Two skills the other way round are the same set; one of them alone isn't."""
    asked = [("add", "divide"), ("divide", "add"), ("add",), ("add",)]
    attempts = tuple(
        Interaction("q", skills, right) for skills, right in zip(asked, (True, False) * 2, strict=True)
    )
    table = feature_table(encode(History("s", attempts), SKILLS))
    assert _column(table, "last answer, if it had the same skills") == [0, 0.5, 0, 0.5]


@pytest.mark.parametrize("seed", range(4))
def test_columns_equal_the_plain_loop(seed: int) -> None:
    """Skill sets, weights, unmapped skills; with times of which some are unknown, then without any."""
    history = random_encoded(70, seed)
    gaps = np.random.default_rng(seed).choice([5.0, 4000.0, 90_000.0, 700_000.0], 70)
    times = np.cumsum(gaps)
    times[::7] = np.nan
    timed = replace(history, at_seconds=times)
    for one in (timed, _untimed(history)):
        assert feature_table(one) == pytest.approx(plain_features(one), abs=1e-12)


def test_a_log_without_times_has_no_time_columns() -> None:
    """All six are 0, so whatever their slopes are, they contribute nothing."""
    table = feature_table(_untimed(random_encoded(40, 1)))
    assert not table[:, TIME_COLUMNS].any()


def test_students_do_not_touch_each_other() -> None:
    """A table of many is the tables of each, bit for bit, whatever their order of length; empty ones vanish."""
    histories = [random_encoded(n, n) for n in (3, 0, 50, 1, 17)]
    apart = np.concatenate([feature_table(history) for history in histories])
    assert np.array_equal(feature_tables(histories), apart)
    assert feature_tables([]).shape == (0, 15)


@given(st.integers(1, 40), st.integers(0, 39), st.integers(0, 5))
def test_an_answer_changes_nothing_up_to_its_own_attempt(length: int, flipped: int, seed: int) -> None:
    """Flip the answer of attempt t: the columns of t and of everything before stay bit-equal."""
    history, t = random_encoded(length, seed), flipped % length
    other = replace(history, correct=history.correct ^ (np.arange(length) == t))
    assert np.array_equal(feature_table(other)[: t + 1], feature_table(history)[: t + 1])
