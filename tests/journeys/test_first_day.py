"""A child's first day in a real browser: from class code to finished set by keyboard alone, in every setting."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from client.content.items import Item
from client.practice.policy import SET_SIZE
from local_app.main import create_app
from tests.support.browser import axe_violations, chromium, strangers
from tests.support.page_forms import item_of
from tests.support.practising import right_response, wrong_response
from tests.support.school_pages import CODE, SchoolForPages, make_school
from tests.support.served import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PATIENT_MS = 30_000
MOST_TABS = 60
PIN = ("fish", "moon", "cat")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """Children who have never been here, and who sign in with pictures."""
    return make_school(tmp_path_factory.mktemp("first-day") / "hill", sign_in="pictures", first_day=True)


@pytest.fixture(scope="module")
def address(school: SchoolForPages) -> Iterator[str]:
    """Its pages."""
    app: FastAPI = create_app(school.folder)
    with served(app) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh profile whose mouse is never used."""
    context = browser.new_context(viewport={"width": 900, "height": 800})
    context.set_default_timeout(PATIENT_MS)
    yield context.new_page()
    context.close()


def tab_to(page: Page, name: str) -> None:
    """Tab after Tab until the button or link with this name has the focus."""
    wanted = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    wanted.wait_for()
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} can't be reached with the keyboard")


def press(page: Page, name: str) -> None:
    """Goes there by Tab, presses Enter, and waits for the page that follows."""
    tab_to(page, name)
    enter(page)


def enter(page: Page) -> None:
    """Enter, and the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_item(page: Page) -> Item:
    """The item that the page shows, key included."""
    return item_of(page.locator("input[name=offer]").first.input_value())


def answer(page: Page, *, right: bool) -> None:
    """Types where the cursor is, or walks to a choice with the arrows; then Enter."""
    item = open_item(page)
    response = right_response(item) if right else wrong_response(item)
    if item.choices:
        for _ in [choice.id for choice in item.choices]:
            if page.evaluate("document.activeElement.value") == response:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
    else:
        page.keyboard.type(response)
    enter(page)


def sign_in(page: Page, address: str, name: str) -> None:
    """Class code, name, three pictures, and the same once more to remember them."""
    page.goto(address)
    tab_to_field(page, "Class code")
    page.keyboard.type(CODE)
    enter(page)
    for button in (name, *PIN, "Keep these and start"):
        press(page, button)


def tab_to_field(page: Page, label: str) -> None:
    """The same for a text field."""
    field = page.get_by_label(label)
    for _ in range(MOST_TABS):
        if field.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} can't be reached with the keyboard")


def find_out(page: Page) -> int:
    """The diagnostic, some of it known and some not; returns how many were asked."""
    press(page, "Start")
    asked = 0
    while page.locator("button[name=unknown]").count():
        expect(page.locator("progress")).to_have_attribute("value", str(asked))
        if asked % 3 == 2:
            press(page, "I don't know this yet")
        else:
            answer(page, right=asked % 3 == 0)
        asked += 1
    return asked


def practise(page: Page) -> None:
    """A set: one item with a hint, one wrong and explained and left, the others right."""
    for done in range(SET_SIZE):
        expect(page.get_by_text(f"{done} of {SET_SIZE} done in this set.")).to_be_visible()
        if done == 0:
            press(page, "Hint")
            expect(page.get_by_text("Hint 1.")).to_be_visible()
        if done == 1:
            answer(page, right=False)
            expect(page.get_by_role("status")).to_contain_text("Not yet.")
            tab_to_summary(page, "More help")
            page.keyboard.press("Enter")
            press(page, "Show it another way")
            expect(page.get_by_role("status")).to_contain_text("Another way to see it.")
            press(page, "Next one")
        else:
            answer(page, right=True)


def tab_to_summary(page: Page, words: str) -> None:
    """The same for what can be opened."""
    summary = page.locator("summary", has_text=words)
    for _ in range(MOST_TABS):
        if summary.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} can't be reached with the keyboard")


def test_a_first_day_by_keyboard_alone(page: Page, address: str) -> None:
    """Class code, pictures, what is known already, a set of five, what went well, a break, and the next set."""
    outside = strangers(page, address)
    sign_in(page, address, "Ben")
    expect(page.get_by_role("heading", name="Hello, Ben!")).to_be_focused()
    assert 6 <= find_out(page) <= 12
    expect(page.get_by_role("heading", name="Thank you! Now we know where you can begin.")).to_be_focused()
    press(page, "Go on")
    practise(page)
    expect(page.get_by_role("heading", name="Set done!")).to_be_focused()
    expect(page.get_by_role("heading", name="What went well")).to_be_visible()
    expect(page.get_by_text("Days you have practised: 1.")).to_be_visible()
    assert 2 <= page.locator(".next button").count() <= 3
    assert axe_violations(page) == []
    press(page, "Go on")
    expect(page.get_by_text(f"0 of {SET_SIZE} done in this set.")).to_be_visible()
    tab_to_summary(page, "Why this question?")
    page.keyboard.press("Enter")
    expect(page.locator("details.why p")).to_have_count(2)
    assert outside == []
