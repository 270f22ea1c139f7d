"""What a teacher and an administrator see and do, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe_violations, strangers
from tests.support.school_pages import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sign_in(page: Page, address: str, *, name: str) -> None:
    """With name and password."""
    page.goto(f"{address}/staff")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/teacher")


def test_a_teacher_sees_the_class_by_skill_in_words(page: Page, address: str) -> None:
    """Names and words, no probability, nothing from elsewhere."""
    outside = strangers(page, address)
    sign_in(page, address, name="Ms Reed")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Class 5").click()
    expect(page.get_by_role("heading", name="Class by skill")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Ada")).to_be_visible()
    expect(page.get_by_text("not enough evidence").first).to_be_visible()
    assert axe_violations(page) == []
    assert outside == []


def test_the_administrator_sees_the_model_the_ledger_and_refusals(page: Page, address: str) -> None:
    """Before anything was trained: the school's own model, nothing spent."""
    sign_in(page, address, name="Mr Abe")
    page.get_by_role("link", name="Model and privacy").click()
    expect(page.get_by_text("This school's own skill tracer")).to_be_visible()
    expect(page.get_by_text("Nothing has left this school for training.")).to_be_visible()
    expect(page.get_by_text("Its limits are epsilon 3 within a year and 8 in all")).to_be_visible()
    assert axe_violations(page) == []


def test_consent_is_one_switch_per_student(page: Page, address: str) -> None:
    """On and off again, and the count follows."""
    sign_in(page, address, name="Mr Abe")
    page.get_by_role("link", name="Consent").click()
    expect(page.get_by_text("0 of 12 students take part.")).to_be_visible()
    page.get_by_role("button", name="Allow training for Ada").click()
    expect(page.get_by_text("1 of 12 students take part.")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Stop training for Ada").click()
    expect(page.get_by_text("0 of 12 students take part.")).to_be_visible()


def test_a_wrong_password_says_the_same_for_every_name(page: Page, address: str) -> None:
    """Nobody learns which names exist."""
    sentences = set()
    for name in ("Ms Reed", "Nobody"):
        page.goto(f"{address}/staff")
        page.get_by_label("Sign-in name").fill(name)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        sentences.add(page.get_by_role("alert").inner_text())
    assert len(sentences) == 1
    assert axe_violations(page) == []
