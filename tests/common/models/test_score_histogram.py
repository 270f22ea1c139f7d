"""Histograms never exceed norm 1, and their sum gives the figures that a student's own answers give."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from common.errors import FixSettings
from common.models.conformal import conformal_quantile
from common.models.score_histogram import auc_gain_sd, figures, student_histogram, sure_quantile

ANSWERS = st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 1)), max_size=60)


@given(ANSWERS, st.integers(1, 20))
def test_a_student_weighs_at_most_one(answers: list[tuple[bool, float, float]], bins: int) -> None:
    """The clip at 1 never has to act; without answers there is nothing."""
    correct = np.array([a[0] for a in answers], np.bool_)
    candidate, current = (np.array([a[i] for a in answers], np.float64) for i in (1, 2))
    histogram = student_histogram(correct, candidate, current, bins=bins)
    assert histogram.shape == (4 * bins,)
    assert np.linalg.norm(histogram) == pytest.approx(1.0 if answers else 0.0)


def test_by_hand() -> None:
    """Two answers, two bins: wrong at .2, right at .9; the current model has them the other way round."""
    histogram = student_histogram(np.array([False, True]), np.array([0.2, 0.9]), np.array([0.9, 0.2]), bins=2)
    assert histogram * 2 == pytest.approx([1, 0, 0, 1, 0, 1, 1, 0])
    found = figures(histogram, bins=2)
    assert (found.candidate.auc, found.current.auc, found.auc_gain) == (1.0, 0.0, 1.0)
    assert found.candidate.log_loss == pytest.approx(-math.log(0.75))
    assert found.current.log_loss == pytest.approx(-math.log(0.25))
    assert found.candidate.calibration_error == pytest.approx(0.25)


def test_one_student_s_auc_is_the_real_one() -> None:
    """With a bin for each score it is scikit-learn's."""
    rng = np.random.default_rng(2)
    candidate = (rng.permutation(200) + 0.5) / 200
    correct = rng.random(200) < candidate
    found = figures(student_histogram(correct, candidate, candidate[::-1].copy(), bins=200), bins=200)
    assert found.candidate.auc == pytest.approx(roc_auc_score(correct, candidate))
    assert found.current.auc == pytest.approx(roc_auc_score(correct, candidate[::-1]))


def test_a_chance_that_is_not_a_number_leaves_the_student_out() -> None:
    """It never reaches the sum."""
    nothing = student_histogram(np.array([True]), np.array([math.nan]), np.array([0.5]), bins=4)
    assert not nothing.any()


def test_noise_alone_is_not_measured() -> None:
    """A sum without right or wrong answers says nan, and so does its uncertainty."""
    found = figures(np.zeros(16), bins=4)
    assert math.isnan(found.candidate.auc)
    assert math.isnan(auc_gain_sd(np.zeros(16), 1.0, bins=4, draws=50, seed=1))


def test_more_students_make_the_gain_surer() -> None:
    """The same noise on ten times the sum."""
    one = student_histogram(np.array([True, False, True]), np.array([0.9, 0.3, 0.6]), np.array([0.5] * 3), bins=4)
    few, many = (auc_gain_sd(one * n, 1.0, bins=4, draws=200, seed=1) for n in (100, 1000))
    assert few > 5 * many > 0


def test_shapes_are_checked() -> None:
    """A chance for every answer, and a sum of the plan's length."""
    with pytest.raises(FixSettings):
        student_histogram(np.array([True]), np.zeros(2), np.zeros(1), bins=4)
    with pytest.raises(FixSettings):
        figures(np.zeros(15), bins=4)


def test_the_sure_quantile_by_hand() -> None:
    """Five bins: scores of .1 seven times, .3 twice, .9 once; nine in ten lie below .4."""
    wrong, right = np.array([0.0, 1, 0, 0, 1]), np.array([0.0, 0, 0, 1, 7])
    total = np.concatenate([wrong, right, np.zeros(10)])
    assert sure_quantile(total, 0.0, bins=5) == pytest.approx(0.4)
    assert sure_quantile(total, 0.01, bins=5) is None  # doubt: .9 isn't surely reached before the last bin
    assert sure_quantile(np.zeros(20), 0.0, bins=5) is None


def test_the_sure_quantile_is_above_the_answers_own_by_at_most_a_bin() -> None:
    """Without noise, for students with equally many answers, whose weights are nearly alike."""
    rng, bins = np.random.default_rng(1), 50
    chance = rng.uniform(0.05, 0.95, (300, 40))
    correct = rng.random((300, 40)) < chance
    total = np.zeros(4 * bins)
    for right, p in zip(correct, chance, strict=True):
        total += student_histogram(right, p, p, bins=bins)
    found = sure_quantile(total, 0.0, bins=bins)
    assert found is not None
    assert 0 <= found - conformal_quantile(correct.ravel(), chance.ravel()) < 2 / bins
