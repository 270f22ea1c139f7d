"""A release measured here: the school's own sets go in, figures without the start come out when it wasn't kept."""

from pathlib import Path

import pytest

from client.training.measure_release import measure_alone, measure_here
from common.arrays import from_bytes
from common.models.release import ModelRelease
from tests.support.plans import campaign_plan
from tests.support.releases import released
from tests.support.schools import SKILLS, SPLIT_KEY, fill_store, start_model, student_names
from tests.support.stores import sqlite_store


@pytest.fixture
def release() -> ModelRelease:
    """Random arrays: worth nothing, which the gate has to notice."""
    return released(campaign_plan(), "autumn")


def test_a_worthless_model_does_not_serve(tmp_path: Path, release: ModelRelease) -> None:
    """The gate speaks on the school's own students; the start's figure is there only if there was a start."""
    store = sqlite_store(tmp_path)
    try:
        fill_store(store, student_names(60))
        report = measure_here(store, SPLIT_KEY, release, start=from_bytes(start_model(seed=9)))
        again = measure_here(store, SPLIT_KEY, release)
    finally:
        store.close()
    figures, others = report.figures(), again.figures()
    assert report.rung != "stack"
    assert figures["auc_start"] != figures["auc_model"]
    assert "auc_start" not in others
    assert others["auc_local"] == figures["auc_local"]


def test_a_school_without_students_keeps_its_own_model(tmp_path: Path, release: ModelRelease) -> None:
    """Nothing can be measured, and nothing breaks."""
    store = sqlite_store(tmp_path)
    try:
        report = measure_here(store, SPLIT_KEY, release)
    finally:
        store.close()
    assert report.rung == "bkt"
    assert "auc_served" not in report.figures()


def test_a_school_alone_has_two_rungs(tmp_path: Path) -> None:
    """Its BKT and its logistic model; no network, no stack."""
    store = sqlite_store(tmp_path)
    try:
        fill_store(store, student_names(60))
        report = measure_alone(store, SPLIT_KEY, SKILLS)
    finally:
        store.close()
    assert report.rung in ("bkt", "logistic")
    assert report.models.dkt is None
    assert {"auc_local", "auc_logistic"} <= set(report.figures())
    assert "auc_stack" not in report.figures()
