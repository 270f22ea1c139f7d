"""The pages on what the school finds out about its own models, in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from client.records.insight_checks import add_check
from client.records.interactions import bulk_import
from client.records.inventory import Purpose
from client.records.student_groups import set_groups
from common.interactions import History, Interaction
from local_app.world import World
from tests.local_app.test_drift_views import look
from tests.local_app.test_item_views import CHECK
from tests.support.browser import axe_violations
from tests.support.school_pages import PASSWORD
from tests.support.stores import NOW, class_of_students, consent_to, in_writer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def abe(page: Page, address: str) -> Page:
    """Mr Abe, signed in."""
    page.goto(f"{address}/staff")
    page.get_by_label("Sign-in name").fill("Mr Abe")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/teacher")
    return page


def test_the_drift_monitor_is_a_light_a_picture_and_a_table(abe: Page, world: World) -> None:
    """Also on a narrow screen; whoever can't see the picture hears the same."""
    for week in range(6):
        check = look(week) if week < 5 else look(week, verdict="worse", against_bkt=[0.03, 0.01, 0.05])
        in_writer(world.store, lambda c, check=check: add_check(c, check))  # type: ignore[misc]
    abe.get_by_role("link", name="Does it hold?").click()
    expect(abe.get_by_role("heading", name="Does the model still hold?")).to_be_visible()
    picture = abe.get_by_role("region", name="Picture: what serves against the skill tracer").get_by_role("img")
    assert "0.030 worse, and not by chance" in (picture.get_attribute("aria-label") or "")
    expect(abe.get_by_role("region", name="Table of looks").get_by_role("row")).to_have_count(7)
    assert axe_violations(abe) == []
    abe.set_viewport_size({"width": 320, "height": 700})
    assert axe_violations(abe) == []
    assert abe.evaluate("document.documentElement.scrollWidth") <= 320
    abe.get_by_role("button", name="Look now").click()
    expect(abe.get_by_role("status")).to_contain_text("What it found stands below")


def test_items_are_a_picture_cards_and_a_table(abe: Page, world: World) -> None:
    """A card is worked by keyboard or mouse; also on a narrow screen."""
    in_writer(world.store, lambda c: add_check(c, CHECK))
    abe.get_by_role("link", name="Items").click()
    expect(abe.get_by_role("heading", name="Are the items sound?")).to_be_visible()
    picture = abe.get_by_role("region", name="Picture: right answers").get_by_role("img")
    assert "1 probably a wrong key" in (picture.get_attribute("aria-label") or "")
    assert axe_violations(abe) == []
    abe.get_by_role("button", name="(Q8.procedure) out of practice").click()
    expect(abe.get_by_role("status")).to_contain_text("Nobody is offered it")
    expect(abe.get_by_text("Paused by Mr Abe")).to_be_visible()
    assert axe_violations(abe) == []
    abe.set_viewport_size({"width": 320, "height": 700})
    assert axe_violations(abe) == []
    assert abe.evaluate("document.documentElement.scrollWidth") <= 320


def test_fairness_is_a_picture_and_a_table_for_each_comparison(abe: Page, world: World, address: str) -> None:
    """Thirty students whose answers come out as promised, and thirty whose don't; also on a narrow screen."""
    students = class_of_students(world.store, [f"Student {number}" for number in range(60)], code="EQUITY")
    consent_to(world.store, students, Purpose.PRACTICE)
    rng = np.random.default_rng(1)

    def history(number: int) -> History:
        right = 0.35 if number < 30 else 0.75
        return History(
            students[number],
            tuple(Interaction("Q8.procedure", ("Q8",), bool(rng.random() < right), float(t)) for t in range(20)),
        )

    labels = {
        one: {"language at home": "Sami" if number < 30 else "Finnish"} for number, one in enumerate(students)
    }
    in_writer(world.store, lambda c: bulk_import(c, [history(number) for number in range(60)]))
    in_writer(world.store, lambda c: set_groups(c, world.store.vault, labels, by="abe", now=NOW))
    abe.get_by_role("link", name="Is it fair?").click()
    expect(abe.get_by_role("heading", name="By language at home")).to_be_visible()
    picture = abe.get_by_role("region", name="Picture: promises by language at home").get_by_role("img")
    assert "Sami:" in (picture.get_attribute("aria-label") or "")
    expect(abe.get_by_role("region", name="Table by language at home").get_by_role("row")).to_have_count(3)
    assert axe_violations(abe) == []
    abe.set_viewport_size({"width": 320, "height": 700})
    assert axe_violations(abe) == []
    assert abe.evaluate("document.documentElement.scrollWidth") <= 320
