"""The stack: a weighted sum of two logits, in which a network has to earn its share."""

import numpy as np
import pytest

from common.models.odds import sigmoid
from common.models.stack import LOGISTIC_ALONE, StackWeights, fit_stack, stacked_logit


def _answers(count: int, true: StackWeights, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logistic, dkt = rng.normal(0, 1.5, (2, count))
    return rng.random(count) < sigmoid(stacked_logit(true, logistic, dkt)), logistic, dkt


def test_the_logit_by_hand() -> None:
    """-.1 + .8 * 2 + .3 * -1 = 1.2."""
    weights = StackWeights(-0.1, 0.8, 0.3)
    assert stacked_logit(weights, np.array([2.0]), np.array([-1.0])) == pytest.approx([1.2])


def test_without_answers_the_logistic_model_speaks_alone() -> None:
    """The prior is all there is, and it is the rung below."""
    none = np.zeros(0)
    assert fit_stack(none.astype(bool), none, none, weight=none) == LOGISTIC_ALONE


def test_many_answers_find_the_shares_they_came_from() -> None:
    """And few move them little: then the stack says what the logistic model says."""
    true = StackWeights(0.4, 0.3, 0.7)
    correct, logistic, dkt = _answers(30_000, true)
    fitted = fit_stack(correct, logistic, dkt, weight=np.ones(30_000))
    assert (fitted.constant, fitted.logistic, fitted.dkt) == pytest.approx((0.4, 0.3, 0.7), abs=0.05)
    few = fit_stack(correct[:5], logistic[:5], dkt[:5], weight=np.ones(5))
    assert (few.constant, few.logistic, few.dkt) == pytest.approx((0.0, 1.0, 0.0), abs=0.1)


def test_a_network_of_noise_gets_no_share() -> None:
    """Answers that only the logistic model explains leave it alone, however loud the network is."""
    correct, logistic, _ = _answers(5000, LOGISTIC_ALONE, seed=1)
    loud = np.random.default_rng(2).normal(0, 50, 5000)
    assert abs(fit_stack(correct, logistic, loud, weight=np.ones(5000)).dkt) < 0.01
