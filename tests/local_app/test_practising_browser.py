"""Practising in a real browser: right, wrong and solved, every kind of item, reload, and no script at all."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from client.content.figures import Figure
from client.content.items import AnswerKind, Item
from client.practice.reasons import ReasonCode
from client.records.interactions import recent
from client.records.offers import StoredOffer, open_offer, put_offer
from local_app.world import World, world_at
from tests.support.browser import axe_violations
from tests.support.practising import BANK, right_response, wrong_response
from tests.support.school_pages import CODE, NAMES, SchoolForPages
from tests.support.stores import NOW, in_reader, in_writer

# Kinds that no built-in pack asks for.
ONLY_IMPORTED = {AnswerKind.TEXT, AnswerKind.ALGEBRAIC, AnswerKind.SET}
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


class Practice:
    """One student at the browser, with the database beside it."""

    def __init__(self, page: Page, world: World, student: str) -> None:
        self.page, self.world, self.student = page, world, student

    def item(self) -> Item:
        """The open one, key included."""
        offer = in_reader(self.world.store, lambda c: open_offer(c, self.student))
        assert offer is not None
        return BANK.generate(offer.item, offer.item_seed)

    def count(self) -> int:
        """How many answers are kept."""
        return len(in_reader(self.world.store, lambda c: recent(c, self.student, count=999)))

    def put(self, family: str, seed: int, *, hints: int = 0) -> Item:
        """Opens this item, with so many hints seen, and shows it."""
        facts = {"skill": BANK.generate(family, seed).skills[0]}
        offer = StoredOffer(self.student, family, seed, ReasonCode.START, facts, "bkt", NOW, hints)
        in_writer(self.world.store, lambda c: put_offer(c, offer))
        self.page.goto(self.page.url)
        return self.item()

    def answer(self, response: str) -> None:
        """Types it, or takes the choice, and presses Check."""
        typed = self.page.get_by_label("Your answer")
        if typed.count():
            typed.fill(response)
        else:
            self.page.locator(f'input[type=radio][value="{response}"]').check()
        self.page.get_by_role("button", name="Check").click()


def sign_in(page: Page, address: str, *, name: str) -> None:
    """By class code and name."""
    page.goto(address)
    page.get_by_label("Class code").fill(CODE)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/practice")


@pytest.fixture
def ben(page: Page, address: str, world: World, school: SchoolForPages) -> Practice:
    """Ben, signed in."""
    sign_in(page, address, name="Ben")
    return Practice(page, world, school.students[NAMES.index("Ben")])


@pytest.fixture(scope="module")
def gallery(browser: Browser, address: str, app: FastAPI, school: SchoolForPages) -> Iterator[Practice]:
    """Goran, signed in once, to whom every kind of item is shown."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, address, name="Goran")
    yield Practice(page, world_at(app), school.students[NAMES.index("Goran")])
    context.close()


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    """A page of a browser in which scripts are switched off."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_a_right_answer_brings_the_next_item(ben: Practice) -> None:
    """With a word of praise, and the old question is gone."""
    first = ben.put("Q1.procedure", 3)
    ben.answer(right_response(first))
    expect(ben.page.get_by_role("status")).to_contain_text("Right.")
    second = ben.item()
    assert (second.family, second.seed) != (first.family, first.seed)
    expect(ben.page.locator("form.answer input[name=offer]")).to_have_value(f"{second.family}~{second.seed}")
    assert axe_violations(ben.page) == []


def test_after_a_wrong_answer_the_item_stays_and_next_one_shows_how_it_goes(ben: Practice) -> None:
    """Every step of the worked solution, beside a fresh item."""
    first = ben.put("Q8.procedure", 5)
    ben.answer(wrong_response(first))
    expect(ben.page.get_by_role("status")).to_contain_text("Not yet.")
    assert ben.item() == first
    ben.page.get_by_role("button", name="Next one").click()
    status = ben.page.get_by_role("status")
    expect(status).to_contain_text("Here is how it goes.")
    expect(status.get_by_role("listitem")).to_have_count(len(first.solution))
    assert ben.item() != first
    assert axe_violations(ben.page) == []


def test_a_reload_after_an_answer_counts_it_once(ben: Practice) -> None:
    """The browser sends the same form again."""
    ben.answer(right_response(ben.item()))
    expect(ben.page.get_by_role("status")).to_contain_text("Right.")
    before, open_item = ben.count(), ben.item()
    with ben.page.expect_request(lambda request: request.method == "POST"):
        ben.page.reload()
    expect(ben.page.get_by_role("status")).to_contain_text("Right.")
    assert (ben.count(), ben.item()) == (before, open_item)


def kinds_of_items() -> dict[str, tuple[str, int]]:
    """A family and a seed for each look that an item can have."""
    found: dict[str, tuple[str, int]] = {}
    for family in BANK.families():
        item = BANK.generate(family.id, 1)
        figure = " with a figure" if any(isinstance(part, Figure) for part in item.stem) else ""
        marked = any(not isinstance(part, str) for choice in item.choices for part in choice.label)
        maths = " of mathematics" if marked else ""
        found.setdefault(f"{item.kind}, {item.form}{figure}{maths}", (family.id, 1))
    return found


def test_every_kind_of_item_is_there_to_look_at() -> None:
    """So that the next test misses none. Imported content has a few more."""
    words = " | ".join(kinds_of_items())
    for kind in set(AnswerKind) - ONLY_IMPORTED:
        assert f"{kind}, " in words
    assert "choice, any with a figure" in words
    assert "choice, any of mathematics" in words


@pytest.mark.parametrize("kind", kinds_of_items())
def test_every_kind_of_item_is_free_of_violations(gallery: Practice, kind: str) -> None:
    """With all its hints, and nothing that the content security policy blocks."""
    blocked: list[str] = []
    gallery.page.on("console", lambda message: blocked.append(message.text))
    item = gallery.put(*kinds_of_items()[kind], hints=4)
    expect(gallery.page.get_by_text(re.compile(r"Hint \d\."))).to_have_count(len(item.hints))
    expect(gallery.page.get_by_role("button", name=re.compile("Hint"))).to_have_count(0)
    assert axe_violations(gallery.page) == []
    assert blocked == []


def test_everything_works_without_scripts(
    without_script: Page, address: str, world: World, school: SchoolForPages
) -> None:
    """Signing in, a hint, answering wrongly and rightly, moving on, signing out."""
    sign_in(without_script, address, name="Chidi")
    chidi = Practice(without_script, world, school.students[NAMES.index("Chidi")])
    without_script.get_by_role("button", name=re.compile("Hint")).click()
    expect(without_script.get_by_text("Hint 1.")).to_be_visible()
    chidi.answer(wrong_response(chidi.item()))
    expect(without_script.get_by_role("status")).to_contain_text("Not yet.")
    without_script.get_by_role("button", name="Next one").click()
    chidi.answer(right_response(chidi.item()))
    expect(without_script.get_by_role("status")).to_contain_text("Right.")
    assert chidi.count() == 2
    without_script.get_by_role("button", name="Sign out").click()
    expect(without_script.get_by_role("heading", name="Class 5: who are you?")).to_be_visible()
