"""The ledger on the page: each cohort against its limits, each charge with its outcome, and damage as damage."""

import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest

from client.settings import PolicySettings
from common.clock import StoppedClock
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import Caps, Charge, Cost, Entry, Ledger, RoundState
from local_app.ledger_views import NOTHING_LEFT, LedgerView, installed_accountant, ledger_view
from tests.support.privacy import count_rounds, mechanism_terms
from tests.support.stores import NOW

OLDER, NEWER = "2025/26", "2026/27"
BOTH = (OLDER, NEWER)


def charge_rounds(path: Path, *payers: tuple[str, ...], delta: float = 1e-5) -> None:
    """A real ledger in which each round costs epsilon 1 and lasts five minutes."""
    clock = StoppedClock()
    with Ledger(path, caps=Caps(100.0, 100.0), epsilon_of=count_rounds, clock=clock) as ledger:
        for number, cohorts in enumerate(payers, start=1):
            terms = mechanism_terms(delta=delta)
            charged = ledger.charge(Charge("c", number, f"ctx-{number}", terms, frozenset(cohorts)))
            assert isinstance(charged, Entry)
            ledger.mark(f"ctx-{number}", RoundState.SENT)
            clock.advance(timedelta(minutes=5))


def seen(path: Path, *, days: int = 0, exact: bool = True) -> LedgerView:
    """The view, with the accountant that counts rounds or without any."""
    now = NOW + timedelta(days=days)
    return ledger_view(path, PolicySettings(), now=now, epsilon_of=count_rounds if exact else None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is, or will be."""
    return tmp_path / "ledger.jsonl"


def test_a_school_without_a_ledger_has_spent_nothing(path: Path) -> None:
    """No file is no damage; the limits are there before the first charge."""
    limits = "epsilon 3 within a year and 8 in all, and 20 and 60 if every other school colluded."
    assert seen(path) == LedgerView(f"{NOTHING_LEFT} Its limits are {limits}")


def test_each_cohort_is_shown_with_what_it_paid(path: Path) -> None:
    """Who wasn't drawn from in the newest round sat it out."""
    charge_rounds(path, BOTH, (OLDER,), BOTH, (OLDER,))
    view = seen(path)
    assert [(row.cohort, row.year, row.lifetime, row.newest_round) for row in view.cohorts] == [
        (OLDER, Cost(4.0, 4.0), Cost(4.0, 4.0), "took part"),
        (NEWER, Cost(2.0, 2.0), Cost(2.0, 2.0), "sat out"),
    ]
    assert view.sentence == (
        "4 rounds were charged. Most was paid by students added in 2025/26: epsilon 4.00 of at most 3 within a "
        "year, 4.00 of at most 8 in all."
    )
    assert view.caps == ("3", "8", "20", "60")


def test_a_year_later_only_the_lifetime_is_spent(path: Path) -> None:
    """365 days, to the minute."""
    charge_rounds(path, (NEWER,), (NEWER,))
    assert seen(path, days=364).cohorts[0].year == Cost(2.0, 2.0)
    late = seen(path, days=366).cohorts[0]
    assert (late.year, late.lifetime) == (Cost(0.0, 0.0), Cost(2.0, 2.0))


def test_both_pictures_say_what_the_table_says(path: Path) -> None:
    """One for each assumption, each against its own limits."""
    charge_rounds(path, BOTH, (NEWER,))
    plan, alone = seen(path).charts
    assert "Under the plan&#39;s assumption. 2025/26: 1.00 of 3 within a year, 1.00 of 8 in all." in plan
    assert "If every other school colluded." in alone
    assert "2026/27: 2.00 of 20 within a year, 2.00 of 60 in all." in alone


def test_each_charge_is_a_row_with_what_became_of_it(path: Path) -> None:
    """Newest first; a state costs nothing and is no row of its own."""
    charge_rounds(path, BOTH, (NEWER,), (NEWER,), delta=1e-6)
    with Ledger(path, caps=Caps(9, 9), epsilon_of=count_rounds, clock=StoppedClock()) as ledger:
        ledger.mark("ctx-1", RoundState.OPENED, margin=2)
        ledger.mark("ctx-2", RoundState.ABORTED)
        ledger.charge(Charge("c", 4, "ctx-4", mechanism_terms(), frozenset(BOTH), round_kind="evaluate"))
    view = seen(path)
    assert [row.outcome for row in view.rows] == ["charged", "sent", "aborted", "opened, 2 more than needed"]
    assert [row.round for row in view.rows] == [4, 3, 2, 1]
    assert [row.kind for row in view.rows] == ["measuring", "training", "training", "training"]
    oldest = view.rows[-1]
    assert (oldest.at, oldest.cohorts, oldest.relied_on) == ("2026-09-01 08:00", "2025/26, 2026/27", "1 of 1")
    assert [row.epsilon for row in view.rows] == ["4.000", "3.000", "2.000", "1.000"]
    assert view.delta == "1e-06"


def test_a_round_that_was_charged_twice_tells_what_came_of_each(path: Path) -> None:
    """The first charge paid for nothing: the school was killed before it could answer."""
    with Ledger(path, caps=Caps(9, 9), epsilon_of=count_rounds, clock=StoppedClock()) as ledger:
        for _ in range(2):
            ledger.charge(Charge("c", 1, "ctx-1", mechanism_terms(), frozenset(BOTH)))
        ledger.mark("ctx-1", RoundState.SENT)
    assert [row.outcome for row in seen(path).rows] == ["sent", "charged"]


def test_without_the_accountant_upper_bounds_are_shown_and_called_so(path: Path) -> None:
    """A school that was installed for practice alone still sees what its ledger says."""
    charge_rounds(path, BOTH, (OLDER,), BOTH)
    view, exact = seen(path, exact=False), seen(path)
    assert "isn't installed" in view.note
    assert exact.note == ""
    for bound, known in zip(view.cohorts, exact.cohorts, strict=True):
        assert bound.lifetime.epsilon >= known.lifetime.epsilon
        assert bound.year.epsilon >= known.year.epsilon
    assert view.cohorts[1].lifetime == Cost(3.0, 3.0)


def test_the_accountant_is_the_one_that_charges(monkeypatch: pytest.MonkeyPatch) -> None:
    """If it is installed at all."""
    assert installed_accountant() is epsilon_of
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert installed_accountant() is None


def test_a_damaged_ledger_is_shown_as_damaged(path: Path) -> None:
    """No figure is drawn from a file that somebody changed."""
    charge_rounds(path, BOTH, BOTH)
    path.write_text(path.read_text().replace('"round":1', '"round":7', 1))
    view = seen(path)
    assert "can't be trusted" in view.sentence
    assert "Line 1" in view.broken
    assert (view.rows, view.charts, view.cohorts) == ((), (), ())
