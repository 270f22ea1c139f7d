"""What the administrator reads: which model serves, who decided, who takes part."""

from dataclasses import replace
from pathlib import Path

from client.federation.approvals import KnownCampaign
from client.records.approvals import Decided
from client.records.classes import ClassGroup
from client.records.releases import InstalledRelease
from client.records.staff import Role, Staff
from client.records.students import Student
from client.records.training_pause import TrainingPause
from local_app.admin_views import OWN_MODEL, consent_groups, named, serving_view, with_names
from tests.support.stores import NOW

RELEASE = InstalledRelease(
    digest="d" * 64,
    path=Path("releases/one"),
    rung="stack",
    reason="It was better here.",
    figures={"auc_served": 0.71239, "auc_start": None, "auc_local": 0.7, "students": 30, "unknown": 0.5},
    installed_at=NOW,
    active=True,
)


def test_without_a_release_the_schools_own_model_serves() -> None:
    """And says that it needs nobody."""
    assert serving_view(None).sentence == OWN_MODEL
    assert serving_view(None).release is None


def test_a_release_is_shown_with_the_schools_own_figures() -> None:
    """Those that were measured, by name, to three digits; the rest isn't guessed."""
    view = serving_view(RELEASE)
    assert "shared network" in view.sentence
    assert view.figures == (("this school's own BKT", "0.700"), ("what serves here now", "0.712"))


def test_a_release_that_was_not_better_is_said_to_stand_by() -> None:
    """The gate may install it on another rung."""
    view = serving_view(replace(RELEASE, rung="bkt"))
    assert view.sentence.startswith("A release is installed, but")
    assert OWN_MODEL in view.sentence


def test_the_page_names_whoever_decided() -> None:
    """The records hold the staff id; a decision from the command line keeps its own word."""
    plan = KnownCampaign("d" * 64, "autumn", Decided.APPROVED, "id-of-abe", ("Who: us.",), "b" * 64)
    plans = [plan, replace(plan, by=None), replace(plan, by="command line")]
    shown = with_names(plans, [Staff("id-of-abe", "Mr Abe", Role.ADMINISTRATOR, ())])
    assert [one.by for one in shown] == ["Mr Abe", None, "command line"]
    assert replace(shown[0], by="id-of-abe") == plan


def test_the_page_names_whoever_set_the_switch() -> None:
    """From the page it is a staff id, from the command line a name."""
    staff = [Staff("id-of-abe", "Mr Abe", Role.ADMINISTRATOR, ())]
    assert named(None, staff) is None
    for by in ("id-of-abe", "Mr Abe"):
        assert named(TrainingPause(True, by, NOW), staff) == TrainingPause(True, "Mr Abe", NOW)


def test_consent_is_listed_by_class_with_each_students_decision() -> None:
    """Also of a student whose name was erased."""
    ada = Student("s1", "c1", "Ada", "🦉", True)
    erased = replace(ada, id="s2", display_name=None)
    (group,) = consent_groups([(ClassGroup("c1", "Class 5", "OWLS42"), [ada, erased])], {"s2"})
    assert group.name == "Class 5"
    assert [(row.id, row.name, row.granted) for row in group.students] == [
        ("s1", "Ada", False),
        ("s2", "name removed", True),
    ]
