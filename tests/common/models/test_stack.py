"""The stack: a weighted sum of two logits, whose own weights stay near the consortium's until answers insist."""

import numpy as np
import pytest

from common.models.odds import sigmoid
from common.models.stack import CONSORTIUM, StackWeights, fit_stack, stacked_logit


def _answers(count: int, true: StackWeights, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logistic, dkt = rng.normal(0, 1.5, (2, count))
    return rng.random(count) < sigmoid(stacked_logit(true, logistic, dkt)), logistic, dkt


def test_the_logit_by_hand() -> None:
    """-.1 + .8 * 2 + .3 * -1 = 1.2."""
    assert stacked_logit(CONSORTIUM, np.array([2.0]), np.array([-1.0])) == pytest.approx([1.2])


def test_without_answers_the_consortiums_weights_stay() -> None:
    """The prior is all there is."""
    none = np.zeros(0)
    fitted = fit_stack(none.astype(bool), none, none, weight=none)
    assert (fitted.constant, fitted.logistic, fitted.dkt) == pytest.approx((-0.1, 0.8, 0.3))


def test_many_answers_find_the_weights_they_came_from() -> None:
    """And few move them little."""
    true = StackWeights(0.4, 0.3, 0.9)
    correct, logistic, dkt = _answers(20_000, true)
    fitted = fit_stack(correct, logistic, dkt, weight=np.ones(20_000))
    assert (fitted.constant, fitted.logistic, fitted.dkt) == pytest.approx((0.4, 0.3, 0.9), abs=0.05)
    few = fit_stack(correct[:5], logistic[:5], dkt[:5], weight=np.ones(5))
    assert (few.constant, few.logistic, few.dkt) == pytest.approx((-0.1, 0.8, 0.3), abs=0.1)


def test_the_fit_is_a_stationary_point() -> None:
    """Gradient of penalised loss 0, with evidence weights; a strength below 30 counts as 30."""
    correct, logistic, dkt = _answers(500, CONSORTIUM, seed=1)
    weight = np.random.default_rng(2).uniform(0.2, 1.0, 500)
    fitted = fit_stack(correct, logistic, dkt, weight=weight, strength=1.0)
    pull = 30 * (np.array([fitted.constant, fitted.logistic, fitted.dkt]) - [-0.1, 0.8, 0.3])
    surprise = weight * (sigmoid(stacked_logit(fitted, logistic, dkt)) - correct)
    slope = np.array([surprise.sum(), surprise @ logistic, surprise @ dkt]) + pull
    assert slope == pytest.approx(np.zeros(3), abs=1e-8)
