"""The administrator decides in a real browser: a training plan, the ledger's picture, a step back."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from client.records.approvals import is_approved, note_campaign
from client.records.releases import InstalledRelease, active_release, record_release
from common.clock import StoppedClock
from common.privacy.ledger import Caps, Entry, Ledger
from local_app.world import World
from tests.support.browser import axe_violations, strangers
from tests.support.plans import campaign_plan
from tests.support.privacy import count_rounds, mechanism_terms
from tests.support.school_pages import PASSWORD, SchoolForPages
from tests.support.stores import NOW, in_reader, in_writer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def abe(page: Page, address: str) -> Page:
    """Mr Abe, signed in, before the page on model and privacy is opened."""
    page.goto(f"{address}/staff")
    page.get_by_label("Sign-in name").fill("Mr Abe")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/teacher")
    return page


def look(page: Page) -> None:
    """Opens the page on model and privacy."""
    page.get_by_role("link", name="Model and privacy").click()
    expect(page.get_by_role("heading", name="Model and privacy")).to_be_visible()


def test_a_plan_is_approved_and_withdrawn(abe: Page, world: World) -> None:
    """In plain words, exactly that plan, with the name of whoever decided."""
    plan = campaign_plan()
    in_writer(world.store, lambda c: note_campaign(c, plan.digest, plan.to_bytes(), now=NOW))
    look(abe)
    expect(abe.get_by_text("autumn: waiting for your decision")).to_be_visible()
    expect(abe.get_by_text("The coordinator sends no code.")).to_be_visible()
    assert axe_violations(abe) == []
    abe.get_by_role("button", name="Approve exactly this plan").click()
    expect(abe.get_by_role("status")).to_contain_text("takes part from the next round")
    expect(abe.get_by_text("decided by Mr Abe")).to_be_visible()
    assert in_reader(world.store, lambda c: is_approved(c, plan.digest))
    abe.get_by_role("button", name="Withdraw approval").click()
    expect(abe.get_by_role("status")).to_contain_text("takes no part")
    assert not in_reader(world.store, lambda c: is_approved(c, plan.digest))
    assert axe_violations(abe) == []


def test_the_ledger_is_a_picture_a_sentence_and_a_table(abe: Page, school: SchoolForPages, address: str) -> None:
    """Which say the same."""
    outside, clock = strangers(abe, address), StoppedClock()
    with Ledger(school.folder.ledger, caps=Caps(8.0, 8.0), epsilon_of=count_rounds, clock=clock) as ledger:
        for number in (1, 2, 3):
            clock.advance(timedelta(minutes=5))
            charged = ledger.charge(campaign="c", round=number, ctx=f"x{number}", terms=mechanism_terms())
            assert isinstance(charged, Entry)
    look(abe)
    expect(abe.get_by_text("3 rounds were charged. Epsilon spent so far: 3.00 of at most 8.")).to_be_visible()
    expect(abe.get_by_role("img", name="Epsilon spent: 3.00 of 8 after 3 rounds.")).to_be_visible()
    abe.get_by_text("Every charge").click()
    table = abe.get_by_role("region", name="Table of charges")
    expect(table.get_by_role("row").last).to_contain_text("2026-09-01 08:15")
    expect(table.get_by_role("row").last).to_contain_text("3.000")
    assert axe_violations(abe) == []
    assert outside == []


def test_a_step_back_leads_to_the_release_before_and_then_to_the_schools_own_model(
    abe: Page, world: World
) -> None:
    """One press each; the page says what serves."""
    for days, reason in ((0, "It was first."), (1, "It was better.")):
        release = InstalledRelease(
            digest=f"{days}" * 64,
            path=Path("none"),
            rung="bkt",
            reason=reason,
            figures={"auc_local": 0.7, "auc_served": 0.71},
            installed_at=NOW + timedelta(days=days),
            active=True,
        )
        in_writer(world.store, lambda c, r=release: record_release(c, r))  # type: ignore[misc]
    look(abe)
    expect(abe.get_by_text("It was better.")).to_be_visible()
    assert axe_violations(abe) == []
    abe.get_by_role("button", name="Go back one step").click()
    expect(abe.get_by_text("It was first.")).to_be_visible()
    abe.get_by_role("button", name="Go back one step").click()
    expect(abe.get_by_role("button", name="Go back one step")).to_have_count(0)
    expect(abe.get_by_text("This school's own model")).to_be_visible()
    assert in_reader(world.store, active_release) is None


def test_an_error_page_is_free_of_violations_and_leads_back(abe: Page, address: str) -> None:
    """A class that isn't there."""
    abe.goto(f"{address}/teacher/class/nowhere")
    expect(abe.get_by_role("alert")).to_be_visible()
    assert axe_violations(abe) == []
    abe.get_by_role("link", name="Start page").click()
    expect(abe.get_by_role("heading", name="Your classes")).to_be_visible()
