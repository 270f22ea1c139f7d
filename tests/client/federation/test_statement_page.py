"""The page of a statement says all that the statement holds, and nothing smaller than it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from client.federation.privacy_statement import Statement
from client.federation.statement_audit import audit_figures
from client.federation.statement_figures import statement_of
from client.federation.statement_page import StatementView, markdown_page, statement_view
from client.federation.statement_words import NOT_COVERED, TRIED
from common.privacy.ledger import RoundState
from common.privacy.ledger_rows import read_rows
from tests.support.stated import CALCULATOR, NEWER, OLDER, attack_report, sources, stated_school


@pytest.fixture
def statement(tmp_path: Path) -> Statement:
    """Two cohorts, one of which sat a round out; one round was aborted; an audit was given."""
    made = stated_school(tmp_path / "east")
    made.mark(made.charge(1, OLDER, NEWER), RoundState.OPENED, margin=2)
    made.mark(made.charge(2, NEWER), RoundState.OPENED, margin=1)
    made.mark(made.charge(3, NEWER), RoundState.ABORTED)
    given = sources(made.plan, read_rows(made.folder.ledger))
    audit = audit_figures(attack_report(made.plan), made.plan)
    return statement_of(replace(given, audit=audit), CALCULATOR)


def facts(view: StatementView) -> dict[str, str]:
    """All facts of all sections by their names."""
    return {name: text for section in view.sections for name, text in section.facts}


def test_the_page_answers_what_a_privacy_officer_asks(statement: Statement) -> None:
    """Each question has a line whose text comes from the statement."""
    found = facts(statement_view(statement))
    assert found["Unit"].startswith("one student")
    assert found["Neighbours"] == "add or remove one student"
    assert found["Training rounds"].startswith("3 charged of 3 planned; each student drawn with chance 0.25")
    assert found["Measuring round"].startswith("0 charged of 1 planned; every student")
    assert "1 aborted after they were paid" in found["What became of the charges"]
    assert found["Smallest margin"].startswith("1: ")
    assert found["Limits here"].startswith("8 in all and 3 within a year; 60 and 20")
    assert "os.urandom" in found["Noise"]
    assert "lower bounds at most 5.25" in found["Round code"]
    assert "this campaign's figures" in found["Whole campaign"]
    assert found["Gates"] == "The attack report is incomplete."
    assert found["Accountant"] == "a 1: m"


def test_without_an_audit_the_page_says_so(statement: Statement) -> None:
    """It isn't left out."""
    view = statement_view(statement.model_copy(update={"audit": None}))
    assert facts(view)["Audit"] == "no audit given"


def test_figures_are_rounded_up(statement: Statement) -> None:
    """2.0001 is printed as 2.001; a figure that isn't bounded is said to be so."""
    promise = statement.promise.model_copy(update={"epsilon": 2.0001, "epsilon_alone": None})
    view = statement_view(statement.model_copy(update={"promise": promise}))
    assert "epsilon 2.001 at delta 1e-05" in view.headline
    assert "without a bound if every other school" in view.headline


def test_the_markdown_holds_every_section_fact_and_table(statement: Statement) -> None:
    """And the sentence that nothing was tried on real children; it fits a screen."""
    view = statement_view(statement)
    page = markdown_page(view, signed="Signed by east.")
    assert page.startswith(f"# {view.title}\n\n{view.headline}")
    assert TRIED in page
    assert all(f"- {point}" in page for point in NOT_COVERED)
    assert all(text.rstrip(".") in page for text in facts(view).values())
    assert f"| {OLDER} | " in page
    assert page.endswith("Signed by east.\n")
    assert page.count("\n") < 75
    assert "anonymised" not in page
