"""The MAP fit agrees with scikit-learn, leaves a firm prior alone, and moves only what it may."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from client.training.logistic_fit import LogisticPrior, Strengths, fit, model_of, prepare
from common.models.encoding import EncodedHistory
from common.models.local_logistic import design_logits, local_logits, predict_local
from common.models.logistic import initial_arrays
from tests.support.models import SKILLS, random_encoded


def _students(count: int = 12) -> list[EncodedHistory]:
    return [random_encoded(20 + n, n, student=str(n)) for n in range(count)]


def _prior(seed: int = 0) -> LogisticPrior:
    """Random numbers, with a family for every other item."""
    families = {f"item {i}": i // 2 for i in range(0, 20, 2)}
    rng = np.random.default_rng(seed)
    arrays = initial_arrays(SKILLS.rows, len(families))
    return LogisticPrior({n: rng.normal(0, 0.3, a.shape).astype(np.float32) for n, a in arrays.items()}, families)


def test_around_zero_it_is_ridge_logistic_regression() -> None:
    """The oracle sees the same columns and evidence weights, and C = 1 / lambda."""
    answered = prepare(LogisticPrior(initial_arrays(SKILLS.rows, 0), {}), _students())
    ours = fit(answered, Strengths(2.0, 2.0, 2.0, skill_slopes=2.0))
    oracle = LogisticRegression(C=0.5, fit_intercept=False, tol=1e-10, max_iter=10_000)
    oracle.fit(answered.matrix, answered.design.correct, sample_weight=answered.design.weight)
    assert ours == pytest.approx(oracle.coef_[0], abs=3e-3)


def test_the_fit_is_a_minimum_around_any_prior_with_unequal_strengths() -> None:
    """No small step in any single number lowers the objective, which is written out here once more."""
    answered, firm = prepare(_prior(), _students(6)), Strengths(3.0, 5.0, 7.0)
    found = fit(answered, firm)
    strength = np.repeat([3.0, 5.0, 7.0], [16, SKILLS.rows, len(answered.items)])
    size = len(strength)
    assert not found[size:].any()

    def objective(theta: np.ndarray) -> float:
        p = 1 / (1 + np.exp(-answered.base - answered.matrix[:, :size] @ theta))
        chance = np.where(answered.design.correct, p, 1 - p)
        return float(-answered.design.weight @ np.log(chance) + 0.5 * strength @ theta**2)

    least = objective(found[:size])
    for step in 0.02 * np.eye(size):
        assert min(objective(found[:size] + step), objective(found[:size] - step)) > least


def test_a_very_firm_prior_stays() -> None:
    """With strengths beyond the data the fit predicts what the prior predicts."""
    prior, students = _prior(), _students(4)
    answered = prepare(prior, students)
    moved = model_of(answered, fit(answered, Strengths(1e9, 1e9, 1e9)))
    assert local_logits(moved, students) == pytest.approx(local_logits(prior.as_model(), students), abs=1e-5)


def test_the_model_gives_the_fits_own_logits() -> None:
    """Skill slopes and offsets land where they belong; families stay as the prior has them."""
    prior, students = _prior(), _students(5)
    answered = prepare(prior, students)
    deviation = fit(answered, Strengths(1.0, 1.0, 1.0, skill_slopes=1.0))
    model = model_of(answered, deviation)
    assert local_logits(model, students) == pytest.approx(answered.base + answered.matrix @ deviation, abs=1e-5)
    assert np.array_equal(model.arrays["family"], prior.arrays["family"])
    assert model.skill_slopes.shape == (SKILLS.rows, 2)
    assert np.isfinite(predict_local(model, students)).all()


def test_a_start_from_another_fit_ends_at_the_same_place() -> None:
    """Warm starts only save time."""
    answered = prepare(_prior(), _students(5))
    cold = fit(answered, Strengths(2.0, 2.0, 2.0))
    warm = fit(answered, Strengths(2.0, 2.0, 2.0), fit(answered, Strengths(20.0, 20.0, 20.0)))
    assert warm == pytest.approx(cold, abs=3e-3)


def test_nothing_of_the_design_is_needed_twice() -> None:
    """`design_logits` with the attempts' offsets is what `local_logits` says."""
    students = _students(3)
    answered = prepare(_prior(), students)
    model = model_of(answered, fit(answered, Strengths(1.0, 1.0, 1.0)))
    offsets = np.array([model.offsets[item] for history in students for item in history.items])
    assert np.array_equal(design_logits(model, answered.design, offsets), local_logits(model, students))
