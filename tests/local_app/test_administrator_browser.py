"""The administrator decides in a real browser: a training plan, the ledger's picture, a step back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from client.federation.approvals import approve
from client.records.approvals import is_approved, note_campaign
from client.records.releases import InstalledRelease, active_release, record_release
from client.records.training_pause import is_paused
from common.clock import SystemClock
from common.privacy.accounting import epsilon_of
from common.privacy.ledger import Caps, Charge, Entry, Ledger, RoundState
from local_app.world import World
from tests.support.browser import axe_violations, strangers
from tests.support.plans import campaign_plan, privacy_terms
from tests.support.privacy import mechanism_terms
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
    outside = strangers(abe, address)
    charge_three_rounds(school.folder.ledger)
    look(abe)
    expect(abe.get_by_text("3 rounds were charged. Most was paid by students added in 2025/26")).to_be_visible()
    pictures = abe.get_by_role("region", name="Privacy ledger").get_by_role("img")
    expect(pictures).to_have_count(2)
    figures = re.search(r"2025/26: ([\d.]+) of 3 within a year", pictures.first.get_attribute("aria-label") or "")
    assert figures
    cohorts = abe.get_by_role("region", name="Table of cohorts")
    expect(cohorts.get_by_role("row", name="2025/26")).to_contain_text(figures[1])
    expect(cohorts.get_by_role("row", name="2026/27")).to_contain_text("sat out")
    abe.get_by_text("Every charge").click()
    table = abe.get_by_role("region", name="Table of charges")
    expect(table.get_by_role("row").last).to_contain_text("2025/26, 2026/27")
    expect(table.get_by_role("row").last).to_contain_text("opened, 1 more than needed")
    assert axe_violations(abe) == []
    assert outside == []


def charge_three_rounds(path: Path) -> None:
    """Both cohorts pay for the first two, the older one for the third alone; figures are the real accountant's."""
    clock = SystemClock()
    with Ledger(path, caps=Caps(60.0, 60.0), epsilon_of=epsilon_of, clock=clock) as ledger:
        for number, cohorts in enumerate((("2025/26", "2026/27"), ("2025/26", "2026/27"), ("2025/26",)), start=1):
            terms = mechanism_terms(honest_schools=3, noise_multiplier=2.0)
            charged = ledger.charge(Charge("c", number, f"x{number}", terms, frozenset(cohorts)))
            assert isinstance(charged, Entry)
        ledger.mark("x1", RoundState.OPENED, margin=1)


def test_training_is_stopped_by_one_press_and_goes_on_by_another(abe: Page, world: World) -> None:
    """The page says who did it, and what it means."""
    look(abe)
    expect(abe.get_by_text("Training is on.")).to_be_visible()
    abe.get_by_role("button", name="Stop training at once").click()
    expect(abe.get_by_role("status")).to_contain_text("Nothing leaves for it from now on")
    expect(abe.get_by_text("Training is paused, by Mr Abe")).to_be_visible()
    assert in_reader(world.store, is_paused)
    assert axe_violations(abe) == []
    abe.get_by_role("button", name="Let training go on").click()
    expect(abe.get_by_role("status")).to_contain_text("goes on with the next round")
    assert not in_reader(world.store, is_paused)


def test_a_second_plan_is_read_beside_the_first(abe: Page, world: World) -> None:
    """What weakens privacy stands first, in words as well as in colour."""
    first = campaign_plan(campaign="spring", rounds=5)
    second = campaign_plan(
        campaign="summer", rounds=6, epsilon=4.0, privacy=privacy_terms(noise_multiplier=1.2, sampling_rate=0.2)
    )
    for plan in (first, second):
        in_writer(world.store, lambda c, p=plan: note_campaign(c, p.digest, p.to_bytes(), now=NOW))  # type: ignore[misc]
    in_writer(world.store, lambda c: approve(c, first.digest, by="Mr Abe", now=SystemClock().now()))
    look(abe)
    table = abe.get_by_role("region", name="What summer changes")
    rows = table.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Epsilon of all rounds")
    expect(rows.nth(1)).to_contain_text("less privacy")
    expect(table.get_by_role("row", name="Rounds 5 6")).to_contain_text("about privacy")
    expect(rows.last).to_contain_text("Chance that a student is drawn")
    expect(rows.last).to_contain_text("more privacy")
    assert axe_violations(abe) == []


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
    expect(abe.get_by_text("This school's own skill tracer")).to_be_visible()
    assert in_reader(world.store, active_release) is None


def test_an_error_page_is_free_of_violations_and_leads_back(abe: Page, address: str) -> None:
    """A class that isn't there."""
    abe.goto(f"{address}/teacher/class/nowhere")
    expect(abe.get_by_role("alert")).to_be_visible()
    assert axe_violations(abe) == []
    abe.get_by_role("link", name="Start page").click()
    expect(abe.get_by_role("heading", name="Your classes")).to_be_visible()
