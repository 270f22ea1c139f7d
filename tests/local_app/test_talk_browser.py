"""Talking an item through in a real browser: by keyboard, with and without script, from the right as well."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.content.items import plain_text
from client.content.key_text import key_text
from client.practice.reasons import ReasonCode
from client.practice.tutor_plan import plan_of
from client.records.offers import StoredOffer, put_offer
from local_app.world import World
from tests.support.browser import axe_violations
from tests.support.practising import BANK
from tests.support.school_pages import CODE, NAMES, SchoolForPages
from tests.support.stores import NOW, in_writer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FAMILY, SEED = "Q8.procedure", 3
ITEM = BANK.generate(FAMILY, SEED)
STEPS = [key_text(ask.target) for ask in plan_of(ITEM).asks]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def either(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page with or without scripts."""
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 900, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def _open_item(page: Page, address: str, world: World, school: SchoolForPages, *, name: str = "Dana") -> None:
    """Signed in, with the item of this file open."""
    student = school.students[NAMES.index(name)]
    offer = StoredOffer(student, FAMILY, SEED, ReasonCode.START, {"skill": "Q8"}, "bkt", NOW)
    in_writer(world.store, lambda c: put_offer(c, offer))
    page.goto(address)
    page.get_by_label("Class code").fill(CODE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/practice")


def _log(page: Page) -> Locator:
    return page.get_by_role("log", name="Talk it through")


def test_an_item_is_talked_through_by_keyboard(
    either: Page, address: str, world: World, school: SchoolForPages
) -> None:
    """Each turn puts the cursor where the next line goes; at the end the answer is the student's own."""
    _open_item(either, address, world, school)
    either.get_by_role("button", name="Talk it through").press("Enter")
    line = either.get_by_label("What do you say?")
    expect(_log(either)).to_contain_text("Read the question again.")
    for place, step in enumerate(STEPS):
        expect(line).to_be_focused()
        line.press_sequentially(step)
        line.press("Enter")
        expect(_log(either).get_by_role("listitem")).to_have_count(2 * place + 3)
    expect(_log(either)).to_contain_text("Type it as your answer and press Check.")
    expect(line).to_have_count(0)
    either.get_by_label("Your answer").fill(key_text(ITEM))
    either.get_by_role("button", name="Check").click()
    expect(either.get_by_role("status")).to_contain_text("Right.")


def test_a_talk_is_free_of_violations_and_survives_a_reload(
    page: Page, address: str, world: World, school: SchoolForPages
) -> None:
    """The lines are the school's, not the page's."""
    _open_item(page, address, world, school)
    page.get_by_role("button", name="Talk it through").click()
    page.get_by_role("button", name="I'm not sure").click()
    expect(_log(page).get_by_role("listitem")).to_have_count(3)
    assert axe_violations(page) == []
    page.reload()
    expect(_log(page).get_by_role("listitem")).to_have_count(3)
    assert plain_text(ITEM.solution[-1]) not in page.content()


def test_the_tutor_speaks_the_students_language(
    page: Page, address: str, world: World, school: SchoolForPages
) -> None:
    """Its own sentences in Arabic, from the right; what belongs to the item as the item is."""
    _open_item(page, address, world, school, name="Eli")
    page.goto(f"{address}/practice/settings")
    page.locator("input[name=language][value=ar]").check()
    page.locator("form.card button").click()
    page.goto(f"{address}/practice")
    page.locator("#talk button").click()
    log = page.get_by_role("log")
    expect(log).to_contain_text("اقرأ السؤال مرة أخرى. ثم ابدأ من هنا:")
    expect(log.locator("p[lang=en]").first).to_contain_text("Are the pieces the same size?")
    assert axe_violations(page) == []
