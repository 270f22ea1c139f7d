"""Nine of ten prediction sets hold what happens, and what isn't sure isn't said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.models.conformal import (
    NEVER_SURE,
    Conformal,
    calibrate,
    conformal_quantile,
    coverage_of,
    decided_share,
)


def _world(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.beta(4, 2, count)
    return rng.random(count) < p, p


def test_the_quantile_by_hand() -> None:
    """Nineteen scores .00, .05, ... .90: rank ceil(20 * .9) = 18, which is .85."""
    predicted = 1 - 0.05 * np.arange(19)
    assert conformal_quantile(np.ones(19, bool), predicted) == pytest.approx(0.85)


def test_too_few_scores_for_the_rank_are_never_sure() -> None:
    """With eight answers the ninth smallest score doesn't exist; none gives 1 as well."""
    assert conformal_quantile(np.ones(8, bool), np.full(8, 0.99)) == 1.0
    assert conformal_quantile(np.zeros(0, bool), np.zeros(0)) == 1.0


def test_coverage_on_new_answers_is_ninety_percent() -> None:
    """Exchangeable answers, 20,000 of each: within a percentage point."""
    quantile = conformal_quantile(*_world(20_000, 1))
    correct, predicted = _world(20_000, 2)
    assert coverage_of(quantile, correct, predicted) == pytest.approx(0.9, abs=0.01)
    assert 0 < decided_share(quantile, predicted) < 1


@pytest.mark.parametrize(
    ("quantile", "p", "word"),
    [
        (0.7, 0.8, "likely_right"),
        (0.7, 0.2, "likely_wrong"),
        (0.7, 0.5, "unsure"),  # both are in the set
        (0.3, 0.5, "unsure"),  # neither is
        (1.0, 0.999, "unsure"),
    ],
)
def test_one_value_in_the_set_is_said(quantile: float, p: float, word: str) -> None:
    """Both or none aren't."""
    assert Conformal(quantile, 50, "school").word(p, answers=10, on_these_skills=1) == word


def test_little_evidence_comes_before_any_word() -> None:
    """Under three weighted answers, or none on these skills."""
    sure = Conformal(0.7, 50, "school")
    assert sure.word(0.99, answers=2.9, on_these_skills=2) == "not_enough_evidence"
    assert sure.word(0.99, answers=30, on_these_skills=0) == "not_enough_evidence"


def test_few_students_take_the_releases_quantile_and_say_so() -> None:
    """19 students aren't enough; without a release nothing is ever sure."""
    correct, predicted = _world(400, 3)
    assert calibrate(correct, predicted, students=20).source == "school"
    assert calibrate(correct, predicted, students=19, released=0.66) == Conformal(0.66, 0, "release")
    assert calibrate(correct, predicted, students=19) == NEVER_SURE


@given(st.integers(9, 200), st.integers(0, 1000))
def test_the_calibration_answers_themselves_are_covered(count: int, seed: int) -> None:
    """At least nine tenths of them, always."""
    correct, predicted = _world(count, seed)
    assert coverage_of(conformal_quantile(correct, predicted), correct, predicted) >= 0.9
