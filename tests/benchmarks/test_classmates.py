"""Ordinary and rare students under attack: gradients are the engine's, the likelihood ratio is Bayes' rule."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.attack.classmate_membership import attack_classmates, log_ratios
from benchmarks.attack.classmates import RARE_EACH, WINDOW, Classmates, make_classmates
from benchmarks.attack.default_plan import DefaultPlan, default_plan
from benchmarks.attack.own_gradients import own_gradients
from client.training.engine import clipped_sum
from common.models import warm_start


@pytest.fixture(scope="module")
def people() -> Classmates:
    """Sixty candidates; the start model learns from few simulated students, for a test's sake."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm_start, "STEPS", 3)
        return make_classmates(60, hidden=8, seed=3)


def test_members_and_others_are_drawn_alike_and_rare_skills_are_few_students_own(people: Classmates) -> None:
    """Every second candidate has a rare skill, at most ten the same one; nobody's history exceeds a window."""
    assert people.rare.sum() == 60 // RARE_EACH
    assert max(map(len, people.candidates)) <= WINDOW
    skills = [{skill for one in history for skill in one.skills} for history in people.candidates]
    rare = [{skill for skill in own if skill.startswith("rare")} for own in skills]
    assert all(len(own) <= 1 for own in rare)
    assert not any(own for own, is_rare in zip(rare, people.rare, strict=True) if not is_rare)
    practised = [skill for own in rare for skill in own]
    assert max(practised.count(skill) for skill in set(practised)) <= 10


def test_an_own_gradient_is_what_the_engine_adds_for_that_student(people: Classmates) -> None:
    """Row by row, to the float's precision, whatever the lengths."""
    windows = people.windows()[:20]
    rows = own_gradients(people.start, windows, 1.0)
    for row, student in zip(rows, windows, strict=True):
        np.testing.assert_allclose(row, clipped_sum(people.start, [student], 1.0).values, atol=1e-6)


def test_the_likelihood_ratio_is_the_plain_one() -> None:
    """Seven students in twelve dimensions, each left out of the covariance in turn and inverted by itself."""
    rng = np.random.default_rng(0)
    own, total = (rng.normal(size=(7, 12)) / 4).astype(np.float32), rng.normal(size=12)
    noise, rate = 0.7, 0.5
    mean = rate / 2
    expected = []
    for number, gradient in enumerate(own.astype(np.float64)):
        others = np.delete(own, number, axis=0).astype(np.float64)
        covariance = noise**2 * np.eye(12) + mean * (1 - mean) * others.T @ others
        direction = np.linalg.solve(covariance, gradient)
        log_ratio = direction @ (total - mean * others.sum(axis=0)) - direction @ gradient / 2
        expected.append(np.logaddexp(np.log(1 - rate), np.log(rate) + log_ratio))
    np.testing.assert_allclose(log_ratios(own, total, noise=noise, rate=rate), expected, atol=1e-6)


@pytest.mark.slow
def test_without_noise_whoever_was_in_is_found_and_with_it_hardly(people: Classmates, tmp_path: Path) -> None:
    """Sixty students through eight of the product's rounds, three times; the gates are for the whole suite.

    Of so few students one pair more or less moves the AUC by a hundredth, so there is room below the suite's .95.
    """
    plan = default_plan().campaign.model_copy(update={"rounds": 8})
    found = attack_classmates(DefaultPlan(plan), people, tmp_path, seed=3)
    assert min(ways["likelihood_ratio"] for ways in found["off"].values()) >= 0.9
    assert max(ways["likelihood_ratio"] for ways in found["on"].values()) < 0.85
    assert found["epsilon_lower_bound"] <= found["epsilon_claimed"]
    assert found["students"] == {"ordinary": 30, "rare": 30}
