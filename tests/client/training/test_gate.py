"""The gate lets a model in only on enough evidence, by a margin, and without a bias."""

import numpy as np
import pytest

from client.training.gate import judge
from common.models.metrics import PairedPredictions


def _pairs(first: float, second: float, *, students: int = 30, each: int = 20) -> PairedPredictions:
    """Half of the answers are right; a model with skill x predicts .5 + x for those and .5 - x for the others."""
    correct = np.tile([True, False], students * each // 2)
    student = np.repeat(np.arange(students), each)
    return PairedPredictions(
        correct,
        np.where(correct, 0.5 + first, 0.5 - first),
        np.where(correct, 0.5 + second, 0.5 - second),
        student,
    )


def test_a_better_model_serves() -> None:
    """Log loss -ln .7 against -ln .6 for every student."""
    decision = judge(_pairs(0.2, 0.1))
    assert decision.rung == "dkt"
    assert "better" in decision.reason
    assert decision.figures.share_better == 1.0
    assert decision.figures.log_loss_dkt == pytest.approx(-np.log(0.7))
    assert decision.figures.log_loss_bkt == pytest.approx(-np.log(0.6))


@pytest.mark.parametrize(("students", "each"), [(14, 40), (20, 14)])
def test_too_few_students_or_answers_change_nothing(students: int, each: int) -> None:
    """14 students, or 280 answers."""
    decision = judge(_pairs(0.2, 0.1, students=students, each=each))
    assert decision.rung == "bkt"
    assert "too few" in decision.reason
    assert decision.figures.log_loss_dkt is None


@pytest.mark.parametrize("first", [0.1, 0.1003, 0.0])
def test_a_gain_below_a_thousandth_is_no_gain(first: float) -> None:
    """At .6, a thousandth of log loss is .0006 of probability."""
    decision = judge(_pairs(first, 0.1))
    assert decision.rung == "bkt"
    assert "doesn't predict better" in decision.reason


def test_a_gain_that_hangs_on_one_student_could_be_luck() -> None:
    """One student gains much, all others lose a little: resampling students shows it."""
    pairs = _pairs(0.195, 0.2)
    one = pairs.student == 0
    first = np.where(one, np.where(pairs.correct, 0.999, 0.001), pairs.first)
    decision = judge(PairedPredictions(pairs.correct, first, pairs.second, pairs.student))
    assert decision.rung == "bkt"
    assert "luck" in decision.reason


def test_a_model_that_promises_too_much_is_kept_out() -> None:
    """.04 above the truth on average, although its log loss is lower."""
    pairs = _pairs(0.2, 0.1)
    decision = judge(PairedPredictions(pairs.correct, pairs.first + 0.04, pairs.second, pairs.student))
    assert decision.rung == "bkt"
    assert "misjudges" in decision.reason


def test_a_model_that_predicts_nan_is_kept_out() -> None:
    """Whatever can't be compared isn't better."""
    pairs = _pairs(0.2, 0.1)
    broken = PairedPredictions(pairs.correct, np.full_like(pairs.first, 0.5), pairs.second, pairs.student)
    assert judge(broken).rung == "bkt"
