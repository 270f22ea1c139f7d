"""A good release is taken, a corrupted one refused, and figures come from students that nothing was fitted on."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from client.training.evaluation import climb_here
from client.training.local_fit import NOISY_PRIOR
from client.training.rung_report import RungReport, pooled_auc
from client.training.rungs import Offered
from client.training.scored_answers import scored_answers
from client.training.simulated_prior import simulated_prior
from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.metrics import auc
from tests.support.simulated_school import SKILL_MAP, SimulatedSchool, simulated_school


@pytest.fixture(scope="module")
def school() -> SimulatedSchool:
    return simulated_school()


@pytest.fixture(scope="module")
def good(school: SimulatedSchool) -> RungReport:
    return _climb(school)


def _climb(
    school: SimulatedSchool,
    *,
    release: Arrays | None = None,
    sets: tuple[Sequence[EncodedHistory], ...] = (),
    local: bool = False,
) -> RungReport:
    # Held so firmly, the logistic model knows nothing of this school, and the network does.
    offered = Offered(
        simulated_prior(SKILL_MAP.rows),
        NOISY_PRIOR if local else NOISY_PRIOR.times(1e6),
        school.release if release is None else release,
    )
    train, validation, test = sets or (school.train, school.validation, school.test)
    return climb_here(train, validation, test, offered=offered, start=school.start)


def _corrupted(school: SimulatedSchool) -> dict[str, np.ndarray]:
    """Noise ten times as large as the network: no output layer can make sense of its states."""
    rng = np.random.default_rng(3)
    return {name: rng.normal(0, 10, a.shape).astype(np.float32) for name, a in school.release.items()}


def test_a_good_release_serves_through_the_stack(good: RungReport) -> None:
    """It adds what the logistic model doesn't know. With 60 validation students of 140 there are no folds."""
    assert good.rung == "stack"
    assert good.folds == 1
    assert good.decision.students == 60
    assert [one.upper for one in good.decision.comparisons] == ["logistic", "stack"]
    assert np.array_equal(good.test.served, good.test.rungs["stack"])


def test_a_corrupted_release_is_refused(school: SimulatedSchool) -> None:
    """What the school has without it serves, here its own logistic model, and the report says why."""
    report = _climb(school, release=_corrupted(school), local=True)
    assert report.rung == "logistic"
    assert "The stack of logistic model and network" in report.reason
    assert np.array_equal(report.test.served, report.test.rungs["logistic"])


def test_figures_are_those_of_the_test_students(school: SimulatedSchool, good: RungReport) -> None:
    """Recomputed from labels and predictions; every attempt from the second of a history counts."""
    correct, figures = scored_answers(school.test).correct, good.figures()
    assert np.array_equal(good.test.correct, correct)
    for name in ("start", "model", "local", "logistic", "stack", "served"):
        assert figures[f"auc_{name}"] == auc(correct, good.test.named()[name])
    assert figures["auc_model"] > figures["auc_start"] + 0.05
    assert figures["coverage_served"] == pytest.approx(0.9, abs=0.06)


def test_few_validation_students_are_judged_by_folds(school: SimulatedSchool) -> None:
    """Ten validation students are too few; with the train students they make 90."""
    report = _climb(school, sets=(school.train, school.validation[:10], school.test))
    assert report.folds == 5
    assert report.decision.students == 90
    assert report.rung == "stack"


def test_a_tiny_school_keeps_what_it_has(school: SimulatedSchool) -> None:
    """Six students say nothing about models, and no test student means no figure."""
    report = _climb(school, sets=(school.train[:5], school.validation[:1], []))
    assert report.rung == "bkt"
    assert "too few" in report.reason
    assert "auc_served" not in report.figures()
    assert report.figures()["test_answers"] == 0
    assert report.certainty.source == "none"


def test_a_school_without_students_gets_a_report_too(school: SimulatedSchool) -> None:
    """The first day: BKT with built-in values."""
    report = _climb(school, sets=([], [], []))
    assert report.rung == "bkt"
    assert report.bkt.rows == SKILL_MAP.rows


def test_figures_can_be_written_as_json(good: RungReport) -> None:
    """What isn't known is left out, so no NaN ever reaches a file."""
    figures = json.loads(json.dumps(good.figures(), allow_nan=False))
    assert {"gate_students", "gate_log_loss_bkt", "gate_log_loss_stack", "gate_bias_logistic"} <= set(figures)


def test_pooling_joins_the_schools_answers(good: RungReport) -> None:
    """The same school twice has the same AUC; no school has none."""
    assert pooled_auc({"a": good, "b": good}, "served") == pytest.approx(good.figures()["auc_served"])
    assert pooled_auc({}, "served") is None


def test_a_flipped_answer_leaves_everything_before_it_alone(school: SimulatedSchool, good: RungReport) -> None:
    """The leak guard: predictions of attempt t and before are bit-equal when y of t changes."""
    at = 6
    student = next(i for i, h in enumerate(school.test) if len(h) > at + 2)
    h = school.test[student]
    correct = h.correct.copy()
    correct[at] = not correct[at]
    flipped = list(school.test)
    flipped[student] = type(h)(h.student, h.items, h.skill_rows, correct, h.weight, h.at_seconds)
    report = _climb(school, sets=(school.train, school.validation, flipped))
    mine = good.test.student == student
    for name, chances in good.test.named().items():
        before, after = chances[mine], report.test.named()[name][mine]
        # Scored answers start at the second attempt, so attempt `at` is the one at index at - 1.
        assert np.array_equal(after[:at], before[:at])
        assert not np.allclose(after[at:], before[at:], atol=1e-4)
