"""A release measured here: the school's own sets go in, figures without the start come out when it wasn't kept."""

from pathlib import Path

import pytest

from client.training.measure_release import figures_of, measure_here
from common.arrays import from_bytes
from common.models.release import ModelRelease
from tests.support.plans import campaign_plan
from tests.support.releases import released
from tests.support.schools import SPLIT_KEY, fill_store, start_model, student_names
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
    assert report.rung == "bkt"
    assert report.reason.startswith("The school's own model serves")
    assert report.auc_start != report.auc_model
    assert again.auc_local == report.auc_local
    assert "auc_start" in figures_of(report, has_start=True)
    assert "auc_start" not in figures_of(again, has_start=False)


def test_a_school_without_students_keeps_its_own_model(tmp_path: Path, release: ModelRelease) -> None:
    """Nothing can be measured, and nothing breaks."""
    store = sqlite_store(tmp_path)
    try:
        report = measure_here(store, SPLIT_KEY, release)
    finally:
        store.close()
    assert report.rung == "bkt"
    assert "auc_served" not in figures_of(report, has_start=False)
