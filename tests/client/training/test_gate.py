"""The gate lets a rung in only on enough evidence, by a margin, and without a bias, and drops it as carefully."""

import numpy as np
import pytest

from client.training.gate import Judged, climb, compare
from common.models.ladder import Rung


def _judged(*, students: int = 30, each: int = 20, **skill: float) -> Judged:
    """Half of the answers are right; a rung of skill x predicts .5 + x for those and .5 - x for the others."""
    correct = np.tile([True, False], students * each // 2)
    rungs: dict[str, Rung] = {"bkt": "bkt", "logistic": "logistic", "stack": "stack"}
    chances = {rungs[name]: np.where(correct, 0.5 + x, 0.5 - x) for name, x in skill.items()}
    return Judged(correct, np.repeat(np.arange(students), each), chances)


def _with(judged: Judged, rung: Rung, chances: np.ndarray) -> Judged:
    return Judged(judged.correct, judged.student, {**judged.chances, rung: chances})


def test_a_better_rung_serves() -> None:
    """Log loss -ln .7 against -ln .6 for every student."""
    decision = climb(_judged(bkt=0.1, logistic=0.2))
    assert decision.rung == "logistic"
    assert "predicts better than the skill tracer" in decision.reason
    (one,) = decision.comparisons
    assert (one.share_better, one.bias) == (1.0, pytest.approx(0.0))
    assert one.log_loss_upper == pytest.approx(-np.log(0.7))
    assert one.log_loss_lower == pytest.approx(-np.log(0.6))


def test_each_rung_is_held_against_the_best_below_it() -> None:
    """A stack that only beats BKT doesn't pass a logistic model; without that model it does."""
    assert climb(_judged(bkt=0.1, logistic=0.2, stack=0.15)).rung == "logistic"
    assert climb(_judged(bkt=0.1, logistic=0.05, stack=0.15)).rung == "stack"
    three = climb(_judged(bkt=0.1, logistic=0.2, stack=0.3))
    assert [(one.upper, one.lower) for one in three.comparisons] == [("logistic", "bkt"), ("stack", "logistic")]
    assert three.rung == "stack"


@pytest.mark.parametrize(("students", "each"), [(14, 40), (20, 14)])
def test_too_few_students_or_answers_change_nothing(students: int, each: int) -> None:
    """14 students, or 280 answers: the default, or what serves already."""
    judged = _judged(students=students, each=each, bkt=0.1, logistic=0.2)
    decision = climb(judged)
    assert decision.rung == "bkt"
    assert "too few" in decision.reason
    assert decision.comparisons == ()
    assert climb(judged, default="logistic").rung == "logistic"
    assert climb(judged, serving="logistic").rung == "logistic"
    assert climb(judged, serving="stack").rung == "bkt"  # which isn't there any more


@pytest.mark.parametrize("skill", [0.1, 0.1003, 0.0])
def test_a_gain_below_a_thousandth_is_no_gain(skill: float) -> None:
    """At .6, a thousandth of log loss is .0006 of probability."""
    decision = climb(_judged(bkt=0.1, logistic=skill))
    assert decision.rung == "bkt"
    assert "doesn't predict better" in decision.reason


def _one_student_gains() -> Judged:
    """One student gains much, all others lose a little: resampling students shows it."""
    judged = _judged(bkt=0.2, logistic=0.195)
    one = judged.student == 0
    return _with(
        judged,
        "logistic",
        np.where(one, np.where(judged.correct, 0.999, 0.001), judged.chances["logistic"]),
    )


def test_a_gain_that_hangs_on_one_student_could_be_luck() -> None:
    """And luck lets nobody in."""
    decision = climb(_one_student_gains())
    assert decision.rung == "bkt"
    assert "luck" in decision.reason


def test_a_rung_that_promises_too_much_is_kept_out_and_put_out() -> None:
    """.04 above the truth on average, although its log loss is lower; serving before doesn't help it."""
    judged = _judged(bkt=0.1, logistic=0.2)
    biased = _with(judged, "logistic", judged.chances["logistic"] + 0.04)
    for serving in (None, "logistic"):
        decision = climb(biased, serving=serving)  # type: ignore[arg-type]
        assert decision.rung == "bkt"
        assert "misjudges" in decision.reason


def test_what_serves_stays_until_the_rung_below_is_clearly_better() -> None:
    """Equal: it stays. Behind by a margin: it goes. A newcomer needs the margin itself."""
    equal, behind = _judged(bkt=0.1, logistic=0.1), _judged(bkt=0.2, logistic=0.1)
    assert climb(equal).rung == "bkt"
    stays = climb(equal, serving="logistic")
    assert stays.rung == "logistic"
    assert "isn't clearly better" in stays.reason
    assert climb(_one_student_gains(), serving="logistic").rung == "logistic"
    assert climb(behind, serving="logistic").rung == "bkt"


@pytest.mark.parametrize("value", [0.5, np.nan])
def test_a_rung_that_predicts_nothing_is_kept_out(value: float) -> None:
    """Whatever can't be compared isn't better."""
    judged = _judged(bkt=0.1, logistic=0.2)
    broken = _with(judged, "logistic", np.full_like(judged.chances["logistic"], value))
    assert climb(broken).rung == "bkt"
    assert not compare(broken, "logistic", "bkt").takes_over
