"""A release measured here: the school's own sets go in, figures without the start come out when it wasn't kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from client.training.measure_release import measure_alone, measure_here
from common.arrays import from_bytes
from common.models.logistic import initial_arrays
from common.models.release import POOLED_QUANTILE, ModelRelease
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


def _with_logistic(
    release: ModelRelease, slope: float, *, network: bool, evaluation: dict[str, float]
) -> ModelRelease:
    """A release that holds a logistic model too, or alone; every slope is `slope`, below 0 for fails."""
    families = ("item 1", "item 2")
    arrays = initial_arrays(release.skill_map.rows, len(families))
    signs = [1, -1, 1, -1, 1, 1, 0.2, 0, 0, 0, 0, 0, 0, 0, 0]
    arrays["slopes"][:] = np.array(signs) * slope
    both = {**arrays, **release.arrays} if network else arrays
    card = release.card.model_copy(update={"evaluation": evaluation})
    return replace(release, arrays=both, families=families, card=card)


@pytest.mark.parametrize("network", [True, False])
def test_a_release_with_a_logistic_model_is_climbed_from_it(
    tmp_path: Path, release: ModelRelease, network: bool
) -> None:
    """Alone, and together with a network; what it shares of item families is kept."""
    both = _with_logistic(release, 0.4, network=network, evaluation={})
    store = sqlite_store(tmp_path)
    try:
        fill_store(store, student_names(60))
        report = measure_here(store, SPLIT_KEY, both)
    finally:
        store.close()
    assert ("auc_stack" in report.figures()) == network
    assert (report.models.dkt is not None) == network
    assert report.models.logistic.families == {"item 1": 0, "item 2": 1}


def test_a_corrupted_logistic_model_is_refused(tmp_path: Path, release: ModelRelease) -> None:
    """It turns everything round, a hundredfold; held as firmly as a release is, the fit can't mend it in time."""
    store = sqlite_store(tmp_path)
    try:
        fill_store(store, student_names(60))
        report = measure_here(
            store, SPLIT_KEY, _with_logistic(release, -40.0, network=False, evaluation={"auc": 0.8})
        )
    finally:
        store.close()
    assert report.rung == "bkt"
    assert "The logistic model" in report.reason


@pytest.mark.parametrize(("evaluation", "rung"), [({"auc": 0.8, POOLED_QUANTILE: 0.7}, "logistic"), ({}, "bkt")])
def test_without_students_to_judge_by_a_measured_release_serves(
    tmp_path: Path, release: ModelRelease, evaluation: dict[str, float], rung: str
) -> None:
    """A new school takes the shared logistic model from the first minute, if the consortium measured it."""
    store = sqlite_store(tmp_path)
    try:
        report = measure_here(store, SPLIT_KEY, _with_logistic(release, 0.4, network=True, evaluation=evaluation))
    finally:
        store.close()
    assert report.rung == rung
    assert "too few" in report.reason
    # What the consortium's students say of sureness holds for its model, and not for the school's own.
    assert report.certainty.source == ("release" if rung == "logistic" else "none")
