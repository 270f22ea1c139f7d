"""A student's way through practice in a real browser: sign-in, item, hint, answer, why."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import axe_violations, strangers
from tests.support.school_pages import CODE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sign_in(page: Page, address: str, *, name: str) -> None:
    """By class code and name."""
    page.goto(address)
    page.get_by_label("Class code").fill(CODE.lower())
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/practice")


def answer(page: Page, text: str) -> None:
    """Types an answer, or takes the first choice where there are choices."""
    typed = page.get_by_label("Your answer")
    if typed.count():
        typed.fill(text)
    else:
        page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check").click()


def test_a_student_signs_in_answers_and_reads_why(page: Page, address: str) -> None:
    """And nothing is asked from anywhere but the school."""
    outside = strangers(page, address)
    sign_in(page, address, name="Ada")
    page.get_by_text("Why this question?").click()
    expect(page.locator("details.why p").first).to_have_text(re.compile(r"\w+ .*[.?]"))
    answer(page, "123456")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\w"))
    assert outside == []


def test_hints_come_one_rung_at_a_time(page: Page, address: str) -> None:
    """Each press shows one more, and the number left goes down."""
    sign_in(page, address, name="Ben")
    for rung in (1, 2):
        page.get_by_role("button", name=re.compile("Hint")).click()
        expect(page.get_by_text(f"Hint {rung}.")).to_be_visible()
    expect(page.get_by_role("button", name="Hint (2 left)")).to_be_visible()


def test_practice_works_with_the_keyboard_alone(page: Page, address: str) -> None:
    """The answer field has the focus; Enter sends it."""
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Class code").focus()
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Chidi").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/practice")
    focused = page.evaluate("document.activeElement.name")
    assert focused == "response"
    page.keyboard.press("Space" if page.get_by_role("radio").count() else "1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\w"))


@pytest.mark.parametrize("width", [1100, 320])
def test_no_page_of_a_student_breaks_a_rule_of_axe(browser: Browser, address: str, width: int) -> None:
    """WCAG 2.2 AA on a laptop and at 320 pixels."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(address)
    assert axe_violations(page) == []
    page.get_by_label("Class code").fill(CODE)
    page.get_by_role("button", name="Next").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Dana").click()
    page.wait_for_url("**/practice")
    assert axe_violations(page) == []
    page.get_by_role("button", name=re.compile("Hint")).click()
    answer(page, "9999")
    assert axe_violations(page) == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    context.close()


def test_a_wrong_class_code_is_a_sentence(page: Page, address: str) -> None:
    """Not an error page."""
    page.goto(address)
    page.get_by_label("Class code").fill("NOPE")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("No class has this code")
    assert axe_violations(page) == []
