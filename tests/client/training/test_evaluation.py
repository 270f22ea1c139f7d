"""A good release is taken, a corrupted one refused, and figures come from students that nothing was fitted on."""

import json

import numpy as np
import pytest

from client.training.evaluation import RungReport, compare_rungs, pooled_auc
from client.training.scored_answers import scored_answers
from common.models.metrics import auc
from tests.support.simulated_school import SimulatedSchool, simulated_school


@pytest.fixture(scope="module")
def school() -> SimulatedSchool:
    return simulated_school()


@pytest.fixture(scope="module")
def good(school: SimulatedSchool) -> RungReport:
    return compare_rungs(school.train, school.validation, school.test, release=school.release, start=school.start)


def _corrupted(school: SimulatedSchool) -> dict[str, np.ndarray]:
    """Noise ten times as large as the network: no output layer can make sense of its states."""
    rng = np.random.default_rng(3)
    return {name: rng.normal(0, 10, a.shape).astype(np.float32) for name, a in school.release.items()}


def test_a_good_release_serves(good: RungReport) -> None:
    """With 60 validation students the gate needs no folds."""
    assert good.rung == "dkt"
    assert good.folds == 1
    assert good.gate.students == 60
    assert np.array_equal(good.test.served, good.test.personal)


def test_a_corrupted_release_is_refused(school: SimulatedSchool) -> None:
    """The school's own BKT serves, and the report says why."""
    report = compare_rungs(
        school.train, school.validation, school.test, release=_corrupted(school), start=school.start
    )
    assert report.rung == "bkt"
    assert report.reason
    assert np.array_equal(report.test.served, report.test.local)


def test_figures_are_those_of_the_test_students(school: SimulatedSchool, good: RungReport) -> None:
    """Recomputed from labels and predictions; every attempt from the second of a history counts."""
    correct = scored_answers(school.test).correct
    assert np.array_equal(good.test.correct, correct)
    for name in ("start", "model", "local", "personal", "served"):
        assert getattr(good, f"auc_{name}") == auc(correct, getattr(good.test, name))
    assert good.auc_model is not None
    assert good.auc_start is not None
    assert good.auc_model > good.auc_start + 0.05


def test_few_validation_students_are_judged_by_folds(school: SimulatedSchool) -> None:
    """Ten validation students are too few; with the train students they make 90."""
    report = compare_rungs(
        school.train, school.validation[:10], school.test, release=school.release, start=school.start
    )
    assert report.folds == 5
    assert report.gate.students == 90
    assert report.rung == "dkt"


def test_a_tiny_school_keeps_its_own_model(school: SimulatedSchool) -> None:
    """Six students say nothing about two models, and no test student means no figure."""
    report = compare_rungs(school.train[:5], school.validation[:1], [], release=school.release, start=school.start)
    assert report.rung == "bkt"
    assert "too few" in report.reason
    assert report.auc_served is None
    assert report.figures()["test_answers"] == 0


def test_a_school_without_students_gets_a_report_too(school: SimulatedSchool) -> None:
    """The first day: BKT with built-in values."""
    report = compare_rungs([], [], [], release=school.release, start=school.start)
    assert report.rung == "bkt"
    assert report.bkt.rows == school.release["W_out"].shape[0]


def test_figures_can_be_written_as_json(good: RungReport) -> None:
    """What isn't known is left out, so no NaN ever reaches a file."""
    figures = json.loads(json.dumps(good.figures(), allow_nan=False))
    assert figures["auc_served"] == good.auc_served
    assert {"gate_students", "gate_log_loss_bkt", "auc_start", "auc_model", "auc_local"} <= set(figures)


def test_pooling_joins_the_schools_answers(good: RungReport) -> None:
    """The same school twice has the same AUC; no school has none."""
    assert pooled_auc({"a": good, "b": good}, "served") == pytest.approx(good.auc_served)
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
    report = compare_rungs(school.train, school.validation, flipped, release=school.release, start=school.start)
    mine = good.test.student == student
    for name in ("start", "model", "local", "personal"):
        before, after = getattr(good.test, name)[mine], getattr(report.test, name)[mine]
        # Scored answers start at the second attempt, so attempt `at` is the one at index at - 1.
        assert np.array_equal(after[:at], before[:at])
        assert not np.allclose(after[at:], before[at:], atol=1e-4)
