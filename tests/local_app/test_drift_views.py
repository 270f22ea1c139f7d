"""What the administrator reads of the drift monitor: a light, a picture that says the same in words, a table."""

from datetime import timedelta
from typing import Any

from client.records.insight_checks import InsightCheck
from local_app.drift_chart import LookMark, drift_chart, drift_in_words
from local_app.drift_views import drift_view
from tests.support.stores import NOW


def look(week: int, **found: Any) -> InsightCheck:
    """A weekly look."""
    usual = {
        "verdict": "fine",
        "sentence": "All is well.",
        "rung": "logistic",
        "students": 30,
        "answers": 900,
        "dropped_to": None,
        "counts": True,
        "error": 0.021,
        "against_bkt": [-0.02, -0.03, -0.01],
        "bias": [0.004, -0.01, 0.02],
        "shifts": {"skills": {"index": 0.3, "alarms": True}},
    }
    return InsightCheck("drift", NOW + timedelta(days=7 * week), {**usual, **found})


def test_nobody_has_looked_yet() -> None:
    """And the page says when that changes."""
    view = drift_view([], can_step_back=False)
    assert view.word == "Not looked yet"
    assert (view.chart, view.rows) == (None, ())


def test_the_newest_look_is_the_light_and_every_look_a_row() -> None:
    """A step down is told with both models."""
    dropped = look(1, verdict="worse", sentence="It was worse.", dropped_to="bkt", against_bkt=[0.1, 0.05, 0.2])
    view = drift_view([dropped, look(0)], can_step_back=True)
    assert (view.light, view.sentence, view.can_step_back) == ("bad", "It was worse.", True)
    assert view.rows[0].model == "logistic model, then skill tracer (BKT)"
    assert view.rows[1].against == "-0.020 (-0.030 to -0.010)"
    assert view.rows[1].bias == "+0.4 (-1.0 to +2.0)"
    assert view.rows[1].moved == "which skills"
    assert view.chart is not None
    assert view.chart.count("<circle") == 1


def test_a_look_at_too_little_is_a_row_without_figures() -> None:
    """And no mark in the picture."""
    few = InsightCheck(
        "drift",
        NOW,
        {
            "verdict": "not enough yet",
            "sentence": "Not enough yet.",
            "rung": "bkt",
            "students": 9,
            "answers": 100,
            "dropped_to": None,
            "counts": True,
        },
    )
    view = drift_view([few], can_step_back=False)
    assert view.chart is None
    assert (view.rows[0].against, view.rows[0].bias, view.rows[0].error) == ("", "", "")


def test_the_picture_says_in_words_what_it_shows() -> None:
    """Worse is above the line and square, better below it and round."""
    marks = [LookMark("01 Sep", -0.02, -0.03, -0.01, worse=False), LookMark("08 Sep", 0.1, 0.05, 0.2, worse=True)]
    words = drift_in_words(marks)
    assert "01 Sep: 0.020 better." in words
    assert "08 Sep: 0.100 worse, and not by chance." in words
    assert words in drift_chart(marks)
