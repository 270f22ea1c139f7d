"""Visits of the demo's people, each with pictures on the way: student, teacher, administrator, operator."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from client.content.bank import ItemBank, built_in_bank
from client.content.key_text import key_text

STUDENT, PICTURES = "Student 1", ("sun", "cat", "bee")
SET_ITEMS = 5
# Of a set, so that its page has something to show.
WRONG_AT = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """page: one for all people, one after the other. pages, console: addresses without a slash at the end."""

    page: Page
    pages: str
    console: str
    out: Path

    def picture(self, name: str) -> None:
        """What can be seen without scrolling."""
        self.page.wait_for_load_state()
        self.page.screenshot(path=self.out / f"{name}.png")

    def scroll_to(self, selector: str) -> None:
        """So that this stands at the top."""
        self.page.locator(selector).evaluate("element => element.scrollIntoView()")

    def press(self, name: str) -> None:
        """A button or link, and the page that follows."""
        page = self.page
        found = page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        )
        with page.expect_navigation():
            found.first.click()


def see_teacher(visit: Visit, password: str) -> str:
    """Who needs help in a class, and the class by skill; returns its code."""
    page = visit.page
    page.goto(f"{visit.pages}/staff")
    page.get_by_label("Sign-in name").fill("teacher")
    page.get_by_label("Password").fill(password)
    visit.press("Sign in")
    with page.expect_navigation():
        page.locator("main a").first.click()
    visit.picture("teacher")
    visit.scroll_to("#skills")
    visit.picture("class-by-skill")
    visit.press("Sign-in and badges")
    code = re.search(r"Class code: (\w+)", page.locator("main").inner_text())
    visit.press("Sign out")
    return code[1] if code else ""


def see_administrator(visit: Visit, password: str) -> None:
    """Which model serves, and the privacy ledger."""
    page = visit.page
    page.goto(f"{visit.pages}/staff")
    page.get_by_label("Sign-in name").fill("admin")
    page.get_by_label("Password").fill(password)
    visit.press("Sign in")
    visit.press("Model and privacy")
    visit.scroll_to("#ledger")
    visit.picture("ledger")
    visit.press("Sign out")


def see_student(visit: Visit, code: str) -> None:
    """Signing in by pictures, practice, the end of a set, and practice without the server."""
    page, bank = visit.page, built_in_bank()
    page.goto(visit.pages)
    page.get_by_label("Class code").fill(code)
    visit.press("Next")
    visit.press(STUDENT)
    visit.picture("sign-in")
    for name in (*PICTURES, "Keep these and start"):
        visit.press(name)
    visit.picture("practice")
    for place in range(SET_ITEMS):
        _answer(page, bank, right=place != WRONG_AT)
        if place == WRONG_AT:
            visit.press("Next one")
    page.evaluate("document.activeElement.blur()")
    visit.picture("end-of-set")
    with page.expect_navigation():
        page.locator(".next button").first.click()
    page.wait_for_selector("html[data-offline=ready]")
    page.context.set_offline(True)
    page.goto(f"{visit.pages}/practice")
    page.locator("#item").wait_for()
    visit.picture("offline")
    page.context.set_offline(False)


def see_console(visit: Visit, password: str) -> None:
    """The operator's overview."""
    page = visit.page
    page.goto(f"{visit.console}/sign-in")
    page.get_by_label("Name").fill("operator")
    page.get_by_label("Password").fill(password)
    visit.press("Sign in")
    visit.picture("console")


def _answer(page: Page, bank: ItemBank, *, right: bool) -> None:
    """As a student would who knows the key, or who doesn't."""
    family, _, seed = page.locator("form.answer input[name=offer]").input_value().partition("~")
    item = bank.generate(family, int(seed))
    if item.choices:
        wrong = next(choice.id for choice in item.choices if choice.id != item.answer)
        page.locator(f'form.answer input[value="{item.answer if right else wrong}"]').check()
    else:
        page.locator("#response").fill(key_text(item) if right else "98765")
    with page.expect_navigation():
        page.locator("form.answer button").first.click()
