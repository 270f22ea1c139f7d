"""What the administrator reads: who decided, who takes part."""

from dataclasses import replace

from client.federation.approvals import KnownCampaign
from client.records.approvals import Decided
from client.records.classes import ClassGroup
from client.records.staff import Role, Staff
from client.records.students import Student
from client.records.training_pause import TrainingPause
from local_app.admin_views import consent_groups, named, with_names
from tests.support.stores import NOW


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
