"""What the administrator reads of the fairness check."""

from dataclasses import replace

from client.insight.equity import GroupFigures
from client.insight.equity_audit import EquityAudit
from client.insight.student_shuffles import StudentMean
from local_app.equity_chart import GroupMark, equity_chart, groups_in_words
from local_app.equity_views import equity_view

QUIET = GroupFigures(
    "English",
    60,
    2_000,
    0.71,
    StudentMean(0.002, -0.02, 0.02, 0.4, 0.8),
    0.78,
    gap=-0.04,
    p_gap=0.3,
    abroca=0.012,
    abroca_by_chance=0.02,
    p_abroca=0.5,
    compared=True,
)
LOUD = replace(QUIET, group="<Sami>", bias=StudentMean(0.06, 0.03, 0.09, 0.001, 0.002), gap=0.058, p_gap=0.004)


def test_an_alarm_says_which_group_and_how_much() -> None:
    """In points of a hundred answers; names are escaped in the picture."""
    (view,) = equity_view(EquityAudit("logistic", {"language": (QUIET, LOUD)})).comparisons
    assert view.light == "bad"
    assert view.sentence == "<Sami>: promised more than the others by 6 in 100 answers."
    assert [row.found for row in view.rows] == ["nothing", "promised more than the others by 6 in 100 answers"]
    assert view.chart is not None
    assert "<Sami>" not in view.chart
    assert "&lt;Sami&gt;" in view.chart


def test_quiet_small_and_missing_groups() -> None:
    """Each with its own sentence."""
    small = replace(QUIET, compared=False, abroca=0.0)
    audit = EquityAudit("bkt", {"a": (QUIET, QUIET), "b": (small, small), "c": ()})
    quiet, few, none = equity_view(audit).comparisons
    assert (quiet.light, few.light, none.light) == ("good", "info", "info")
    assert quiet.sentence.startswith("No group is predicted otherwise")
    assert few.sentence.startswith("Too few to compare")
    assert few.rows[0].area == few.rows[0].gap == ""
    assert none.sentence.startswith("Not enough yet")
    assert equity_view(audit).serves == "Checked: the skill tracer (BKT), which serves now."


def test_both_questions_may_alarm() -> None:
    """Order and promise."""
    both = replace(LOUD, p_abroca=0.01)
    (view,) = equity_view(EquityAudit("logistic", {"language": (QUIET, both)})).comparisons
    assert "by 6 in 100 answers, and right and wrong told apart otherwise" in view.sentence


def test_the_picture_says_in_words_what_it_shows() -> None:
    """A square is an alarm, a circle none."""
    marks = [GroupMark("a", 0.001, -0.02, 0.02, alarm=False), GroupMark("b", 0.06, 0.03, 0.09, alarm=True)]
    assert "b: +6.0, between +3.0 and +9.0, unlike the others." in groups_in_words(marks)
    assert equity_chart(marks).count("<circle") == 1
