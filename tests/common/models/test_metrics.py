"""Metrics against scikit-learn and values worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.metrics import roc_auc_score

from common.errors import FixSettings
from common.models.metrics import (
    PairedPredictions,
    auc,
    calibration_error,
    calibration_in_the_large,
    log_loss,
    paired_bootstrap,
)


@settings(max_examples=60)
@given(st.integers(2, 60), st.integers(1, 12), st.integers(0, 10_000))
def test_auc_and_log_loss_equal_scikit_learns_ties_included(count: int, levels: int, seed: int) -> None:
    """Few levels make many ties."""
    rng = np.random.default_rng(seed)
    predicted = rng.integers(1, levels + 1, count) / (levels + 1)
    correct = rng.random(count) < 0.5
    correct[:2] = True, False
    assert auc(correct, predicted) == pytest.approx(roc_auc_score(correct, predicted), abs=1e-12)
    assert log_loss(correct, predicted) == pytest.approx(sklearn_log_loss(correct, predicted), abs=1e-12)


def test_auc_without_both_kinds_and_scores_of_nothing_are_nan() -> None:
    """There is nothing to rank, and no mean."""
    assert math.isnan(auc(np.array([True, True]), np.array([0.1, 0.9])))
    nothing = np.zeros(0)
    for metric in (log_loss, calibration_error, calibration_in_the_large):
        assert math.isnan(metric(nothing.astype(bool), nothing))


def test_certainty_that_was_wrong_costs_much_but_not_infinity() -> None:
    """-log(1e-7)."""
    assert log_loss(np.array([False]), np.array([1.0])) == pytest.approx(-math.log(1e-7), rel=1e-6)


def test_calibration_is_worked_by_hand() -> None:
    """Two bins: .1, .1 with one right (|.5 - .1|), 1.0 with both right (0): mean over four answers .2."""
    correct, predicted = np.array([True, False, True, True]), np.array([0.1, 0.1, 1.0, 1.0])
    assert calibration_error(correct, predicted) == pytest.approx(0.2)
    assert calibration_in_the_large(correct, predicted) == pytest.approx(0.55 - 0.75)


def two_models(seed: int) -> PairedPredictions:
    """80 students, answers from the first model's probabilities; the second one knows nothing."""
    rng = np.random.default_rng(seed)
    student = np.repeat(np.arange(80), 15)
    first = rng.random(len(student))
    return PairedPredictions(rng.random(len(student)) < first, first, np.full(len(student), 0.5), student)


def test_a_clearly_better_model_has_an_interval_clear_of_nought() -> None:
    """And the plain difference lies inside it."""
    interval = paired_bootstrap(two_models(1), auc, rng=np.random.default_rng(2))
    assert 0 < interval.low < interval.difference < interval.high
    assert interval.share_below_zero == 0.0


def test_a_model_against_itself_differs_by_nothing() -> None:
    """Paired: the same students are drawn for both."""
    pairs = two_models(3)
    same = PairedPredictions(pairs.correct, pairs.first, pairs.first, pairs.student)
    interval = paired_bootstrap(same, log_loss, rng=np.random.default_rng(4))
    assert (interval.difference, interval.low, interval.high) == (0.0, 0.0, 0.0)


def test_students_are_drawn_and_not_answers() -> None:
    """With answers that repeat within a student the interval is as wide as that of one answer each."""
    rng = np.random.default_rng(5)
    once = PairedPredictions(rng.random(60) < 0.7, np.full(60, 0.7), np.full(60, 0.5), np.arange(60))
    often = PairedPredictions(
        once.correct.repeat(10), once.first.repeat(10), once.second.repeat(10), once.student.repeat(10)
    )
    narrow = paired_bootstrap(once, log_loss, rng=np.random.default_rng(6))
    wide = paired_bootstrap(often, log_loss, rng=np.random.default_rng(6))
    assert (wide.low, wide.high) == pytest.approx((narrow.low, narrow.high))


def test_the_same_seed_gives_the_same_interval() -> None:
    """Figures have to be repeatable."""
    runs = [paired_bootstrap(two_models(7), auc, rng=np.random.default_rng(8), draws=50) for _ in range(2)]
    assert runs[0] == runs[1]


def test_answers_that_are_all_right_cannot_be_ranked() -> None:
    """AUC is nan in every draw."""
    pairs = PairedPredictions(np.ones(9, bool), np.full(9, 0.5), np.full(9, 0.5), np.arange(9))
    with pytest.raises(FixSettings, match="too few answers"):
        paired_bootstrap(pairs, auc, rng=np.random.default_rng(9))
