"""What the administrator reads: which model serves, what was spent, who decided, who takes part."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from client.federation.approvals import KnownCampaign
from client.records.approvals import Decided
from client.records.classes import ClassGroup
from client.records.releases import InstalledRelease
from client.records.staff import Role, Staff
from client.records.students import Student
from common.clock import StoppedClock
from common.privacy.ledger import Caps, Entry, Ledger, RoundState
from local_app.admin_views import OWN_MODEL, consent_groups, ledger_view, serving_view, with_names
from tests.support.privacy import count_rounds, mechanism_terms
from tests.support.stores import NOW

RELEASE = InstalledRelease(
    digest="d" * 64,
    path=Path("releases/one"),
    rung="dkt",
    reason="It was better here.",
    figures={"auc_served": 0.71239, "auc_start": None, "auc_local": 0.7, "students": 30, "unknown": 0.5},
    installed_at=NOW,
    active=True,
)


def charge_rounds(path: Path, count: int, *, delta: float = 1e-5) -> None:
    """A real ledger in which each round costs epsilon 1."""
    clock = StoppedClock()
    caps = Caps(epsilon=100.0, epsilon_alone=100.0)
    with Ledger(path, caps=caps, epsilon_of=count_rounds, clock=clock) as ledger:
        for number in range(1, count + 1):
            charged = ledger.charge(
                campaign="c", round=number, ctx=f"ctx-{number}", terms=mechanism_terms(delta=delta)
            )
            assert isinstance(charged, Entry)
            ledger.mark(f"ctx-{number}", RoundState.SENT)
            clock.advance(timedelta(minutes=5))


def test_without_a_release_the_schools_own_model_serves() -> None:
    """And says that it needs nobody."""
    assert serving_view(None).sentence == OWN_MODEL
    assert serving_view(None).release is None


def test_a_release_is_shown_with_the_schools_own_figures() -> None:
    """Those that were measured, by name, to three digits; the rest isn't guessed."""
    view = serving_view(RELEASE)
    assert "shared model" in view.sentence
    assert view.figures == (("this school's own BKT", "0.700"), ("what serves here now", "0.712"))


def test_a_release_that_was_not_better_is_said_to_stand_by() -> None:
    """The gate may install it on another rung."""
    view = serving_view(replace(RELEASE, rung="bkt"))
    assert view.sentence.startswith("A release is installed, but")
    assert OWN_MODEL in view.sentence


def test_a_school_without_a_ledger_has_spent_nothing(tmp_path: Path) -> None:
    """No file is no damage."""
    view = ledger_view(tmp_path / "ledger.jsonl", 8.0)
    assert view.sentence == "Nothing has left this school for training."
    assert (view.rows, view.broken) == ((), "")


def test_each_charge_is_a_row_and_a_step(tmp_path: Path) -> None:
    """What became of a round costs nothing and is no row."""
    charge_rounds(tmp_path / "ledger.jsonl", 3, delta=1e-6)
    view = ledger_view(tmp_path / "ledger.jsonl", 8.0)
    assert view.sentence == "3 rounds were charged. Epsilon spent so far: 3.00 of at most 8."
    assert view.rows[1] == {"at": "2026-09-01 08:05", "round": 2, "epsilon": "2.000", "alone": "2.000"}
    assert [row["epsilon"] for row in view.rows] == ["1.000", "2.000", "3.000"]
    assert view.delta == "1e-06"
    assert "Epsilon spent: 3.00 of 8 after 3 rounds." in view.chart


def test_one_round_was_charged(tmp_path: Path) -> None:
    """In the singular."""
    charge_rounds(tmp_path / "ledger.jsonl", 1)
    assert ledger_view(tmp_path / "ledger.jsonl", 8.0).sentence.startswith("1 round was charged.")


def test_a_damaged_ledger_is_shown_as_damaged(tmp_path: Path) -> None:
    """No figure is drawn from a file that somebody changed."""
    path = tmp_path / "ledger.jsonl"
    charge_rounds(path, 2)
    path.write_text(path.read_text().replace('"round":1', '"round":7', 1))
    view = ledger_view(path, 8.0)
    assert "can't be trusted" in view.sentence
    assert "Line 1" in view.broken
    assert view.rows == ()


def test_the_page_names_whoever_decided() -> None:
    """The records hold the staff id; a decision from the command line keeps its own word."""
    plan = KnownCampaign("d" * 64, "autumn", Decided.APPROVED, "id-of-abe", ("Who: us.",), "b" * 64)
    plans = [plan, replace(plan, by=None), replace(plan, by="command line")]
    shown = with_names(plans, [Staff("id-of-abe", "Mr Abe", Role.ADMINISTRATOR, ())])
    assert [one.by for one in shown] == ["Mr Abe", None, "command line"]
    assert replace(shown[0], by="id-of-abe") == plan


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
