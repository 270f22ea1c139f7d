"""A calibration stays at the identity until answers insist, and then finds what was wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.models.calibration import AS_IT_IS, STRENGTH, Calibration, fit_around, fit_calibration
from common.models.odds import sigmoid


def test_many_answers_find_the_line_they_came_from() -> None:
    """Overconfident by half and too hopeful: slope .5, constant -.3."""
    rng = np.random.default_rng(0)
    logit = rng.normal(0, 2, 50_000)
    correct = rng.random(50_000) < sigmoid(0.5 * logit - 0.3)
    found = fit_calibration(correct, logit, weight=np.ones(50_000))
    assert (found.constant, found.slope) == pytest.approx((-0.3, 0.5), abs=0.05)
    assert found.of(np.array([2.0])) == pytest.approx([found.constant + 2 * found.slope])


def test_without_answers_a_model_stays_as_it_is() -> None:
    """And with a handful nearly so: twenty wrong answers move a logit of 2 by little."""
    none = np.zeros(0)
    assert fit_calibration(none.astype(bool), none, weight=none) == AS_IT_IS
    few = fit_calibration(np.zeros(20, np.bool_), np.full(20, 2.0), weight=np.ones(20))
    assert 1.5 < few.of(np.array([2.0]))[0] < 2.0


def test_the_fit_is_a_stationary_point() -> None:
    """The gradient of the penalised loss is 0, with evidence weights."""
    rng = np.random.default_rng(1)
    logit, weight = rng.normal(0, 1.5, 800), rng.uniform(0.2, 1, 800)
    correct = rng.random(800) < 0.4
    found = fit_calibration(correct, logit, weight=weight)
    surprise = weight * (sigmoid(found.of(logit)) - correct)
    slope = np.array([surprise.sum(), surprise @ logit]) + STRENGTH * np.array([found.constant, found.slope - 1])
    assert slope == pytest.approx(np.zeros(2), abs=1e-6)


@given(st.floats(-1, 1), st.floats(0.1, 3))
def test_order_is_kept(constant: float, slope: float) -> None:
    """A rising line changes no AUC."""
    logit = np.array([-3.0, -1.0, 0.0, 2.5])
    assert (np.diff(Calibration(constant, slope).of(logit)) > 0).all()


def test_wild_columns_do_not_make_the_fit_leap() -> None:
    """Differences of hundreds of logits, as from a corrupted network, still end in small numbers."""
    rng = np.random.default_rng(3)
    base, wild = rng.normal(0, 1, 2000), rng.normal(0, 300, (2000, 1))
    correct = rng.random(2000) < sigmoid(base)
    found = fit_around(base, wild, correct, weight=np.ones(2000), strength=np.array([100.0]))
    assert abs(found[0]) < 0.01
