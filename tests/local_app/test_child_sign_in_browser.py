"""A young child signs in alone: class, name and three pictures by keyboard, or a badge; and likes the pages so."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from client.records.display_settings import CHOICES
from local_app.display_views import GROUPS
from local_app.main import create_app
from tests.support.browser import axe_violations, strangers
from tests.support.school_pages import CODE, PASSWORD, SchoolForPages, make_school
from tests.support.served import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PIN, OTHER_PIN = ("fish", "moon", "cat"), ("cat", "moon", "fish")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """A school that asks for pictures, as all do unless they say otherwise."""
    return make_school(tmp_path_factory.mktemp("pictures") / "hill", sign_in="pictures")


@pytest.fixture(scope="module")
def address(school: SchoolForPages) -> Iterator[str]:
    """Its pages."""
    app: FastAPI = create_app(school.folder)
    with served(app) as url:
        yield url


def say_who(page: Page, address: str, name: str) -> None:
    """Class code, unless the device knows the class, and name."""
    page.goto(address)
    if page.get_by_label("Class code").count():
        page.get_by_label("Class code").fill(CODE)
        page.keyboard.press("Enter")
    press(page, name)
    page.wait_for_url("**/sign-in/student")


def press(page: Page, name: str) -> None:
    """With the keyboard alone."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def give(page: Page, pictures: tuple[str, ...]) -> None:
    """One after the other; each leads to a page that says how many are chosen."""
    for number, word in enumerate(pictures, start=1):
        press(page, word)
        if number < len(pictures):
            expect(page.get_by_text(f"{number} of 3 chosen.")).to_be_attached()


def first_time(page: Page, address: str, name: str, pictures: tuple[str, ...] = PIN) -> None:
    """Chooses pictures, sees them once more, and is in."""
    say_who(page, address, name)
    give(page, pictures)
    expect(page.get_by_role("heading", name=f"Remember your pictures, {name}")).to_be_visible()
    press(page, "Keep these and start")
    page.wait_for_url("**/practice")


def sign_out(page: Page) -> None:
    """Back at the names, since the device knows the class."""
    press(page, "Sign out")
    expect(page.get_by_role("heading", name="Class 5: who are you?")).to_be_visible()


def test_a_child_chooses_pictures_and_needs_them_from_then_on(page: Page, address: str) -> None:
    """By keyboard; another order is turned away, the right one lets in, and nothing is fetched from elsewhere."""
    outside = strangers(page, address)
    first_time(page, address, "Ada")
    sign_out(page)
    press(page, "Ada")
    give(page, OTHER_PIN)
    expect(page.get_by_role("alert")).to_contain_text("Those aren't your pictures.")
    give(page, PIN)
    page.wait_for_url("**/practice")
    assert outside == []


def test_the_pictures_are_never_on_the_page_that_asks_for_them(page: Page, address: str) -> None:
    """Who looks over a shoulder sees how many were chosen, not which."""
    first_time(page, address, "Ben")
    sign_out(page)
    press(page, "Ben")
    press(page, PIN[0])
    expect(page.locator("ol.chosen li.done")).to_have_count(1)
    assert page.locator("ol.chosen").inner_text().strip() == ""


def test_the_same_picture_twice_starts_again(page: Page, address: str) -> None:
    """With a sentence."""
    say_who(page, address, "Chidi")
    give(page, ("sun", "sun", "cat"))
    expect(page.get_by_role("alert")).to_have_text("Take three different pictures.")
    expect(page.get_by_text("0 of 3 chosen.")).to_be_attached()


def test_a_teacher_lets_a_child_start_anew(page: Page, browser: Browser, address: str) -> None:
    """Old pictures and the open sign-in end at once."""
    first_time(page, address, "Dana")
    staff = _teacher(browser, address)
    staff.get_by_role("link", name="Sign-in and badges").click()
    assert axe_violations(staff) == []
    row = staff.get_by_role("row").filter(has_text="Dana")
    expect(row).to_contain_text("chosen")
    staff.get_by_role("button", name="Start anew: Dana").click()
    expect(staff.get_by_role("row").filter(has_text="Dana")).to_contain_text("not chosen yet")
    page.goto(f"{address}/practice")
    press(page, "Dana")
    expect(page.get_by_role("heading", name="Choose three pictures, Dana")).to_be_visible()
    staff.context.close()


def test_a_badge_signs_its_child_in(page: Page, browser: Browser, address: str) -> None:
    """The code on the printed sheet holds an address of this school; a made-up one is turned away."""
    staff = _teacher(browser, address)
    staff.get_by_role("link", name="Sign-in and badges").click()
    staff.get_by_role("button", name="Make badges to print").click()
    expect(staff.get_by_role("img", name="QR code that signs Eli in")).to_be_visible()
    assert axe_violations(staff) == []
    assert staff.evaluate("[...document.images].every(picture => picture.naturalWidth > 50)")
    staff.context.close()
    page.goto(f"{address}/badge/made-up")
    assert axe_violations(page) == []
    press(page, "Start")
    expect(page.get_by_role("alert")).to_contain_text("This badge doesn't work any more.")


@pytest.mark.parametrize("width", [1100, 320])
def test_no_page_of_the_sign_in_breaks_a_rule_of_axe(browser: Browser, address: str, width: int) -> None:
    """WCAG 2.2 AA at both widths, the choice and its last look included, also from right to left."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="ar")
    page = context.new_page()
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert axe_violations(page) == []
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    say_who(page, address, "Fatima")
    assert axe_violations(page) == []
    give(page, PIN)
    expect(page.get_by_role("heading", name=re.compile("Remember"))).to_be_visible()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


def test_every_setting_is_kept(page: Page, address: str) -> None:
    """Each value once; the page that comes back shows it, and so does the practice page.

    What axe says of every page in every setting is asked in `tests/journeys/test_every_setting.py`.
    """
    first_time(page, address, "Goran")
    most = max(len(values) for values in CHOICES.values())
    for place in range(most):
        page.goto(f"{address}/practice/settings")
        chosen = {group.name: list(group.options)[min(place, len(group.options) - 1)] for group in GROUPS}
        for name, value in chosen.items():
            page.locator(f'input[name="{name}"][value="{value}"]').check()
        page.locator("form.card button").click()
        expect(page.locator(".note.good")).to_be_visible()
        page.goto(f"{address}/practice")
        page.wait_for_url("**/practice")
        classes = page.locator("html").get_attribute("class") or ""
        assert f"tint-{chosen['tint']}" in classes


def _teacher(browser: Browser, address: str) -> Page:
    staff = browser.new_context().new_page()
    staff.goto(f"{address}/staff")
    staff.get_by_label("Name").fill("Ms Reed")
    staff.get_by_label("Password").fill(PASSWORD)
    staff.keyboard.press("Enter")
    staff.get_by_role("link", name="Class 5").click()
    return staff
