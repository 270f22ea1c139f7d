"""What the administrator reads of the models: which one serves, why, and all figures in words and a picture."""

from dataclasses import replace
from pathlib import Path

from client.records.releases import InstalledRelease
from client.records.serving_now import ServingNow
from local_app.serving_views import OWN_MODEL, serving_view
from tests.support.stores import NOW

RELEASE = InstalledRelease("d" * 64, Path("releases/one"), "stack", "It was better here.", {}, NOW, active=True)
FOUND = ServingNow(
    rung="stack",
    reason="It was better here.",
    figures={
        "auc_local": 0.7,
        "auc_logistic": 0.75,
        "auc_stack": 0.76239,
        "auc_model": 0.71,
        "gate_log_loss_bkt": 0.55,
        "gate_log_loss_stack": 0.51,
        "gate_share_better_stack": 0.97,
        "decided_served": 0.61,
        "coverage_served": 0.898,
    },
    measured_at=NOW,
    release=RELEASE,
)


def test_before_anything_was_measured_the_skill_tracer_serves() -> None:
    """And says that it needs nobody."""
    view = serving_view(None)
    assert view.sentence == OWN_MODEL
    assert (view.release, view.chart, view.rungs) == (None, None, ())


def test_every_rung_is_shown_with_its_figures_lowest_first() -> None:
    """Those that were measured; what wasn't is left empty, not guessed."""
    view = serving_view(FOUND)
    assert "shared network" in view.sentence
    shown = [(row.name, row.tells_apart, row.surprise, row.sure_share, row.serves) for row in view.rungs]
    assert shown == [
        ("Network as released", "71.0 %", "", "", False),
        ("Skill tracer", "70.0 %", "0.550", "", False),
        ("Logistic model", "75.0 %", "", "", False),
        ("Stack with network", "76.2 %", "0.510", "97.0 %", True),
    ]
    assert "61.0 %" in view.certainty
    assert "89.8 %" in view.certainty


def test_the_picture_says_the_same_in_words() -> None:
    """Only the rungs of the ladder, and which of them serves."""
    chart = str(serving_view(FOUND).chart)
    assert "Stack with network: 76.2 %, which serves." in chart
    assert "Logistic model: 75.0 %." in chart
    assert "Network as released" not in chart


def test_a_release_that_was_not_better_is_said_to_stand_by() -> None:
    """The gate may install it on another rung; a school alone has no release to speak of."""
    view = serving_view(replace(FOUND, rung="bkt"))
    assert view.sentence.startswith("A release is installed, but")
    assert serving_view(replace(FOUND, rung="bkt", release=None)).sentence == OWN_MODEL
    assert serving_view(replace(FOUND, rung="logistic", release=None)).sentence.startswith("The logistic model")


def test_a_model_that_is_never_sure_says_so() -> None:
    """And nothing is said where nothing was measured."""
    unsure = replace(FOUND, figures={**FOUND.figures, "decided_served": 0.0})
    assert "never says" in serving_view(unsure).certainty
    assert serving_view(replace(FOUND, figures={})).certainty == ""
    assert serving_view(replace(FOUND, figures={})).chart is None
