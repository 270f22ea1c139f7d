"""Every page of a student in every display setting and language; words made easy, explained, and read aloud."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from client.content.items import plain_text
from client.records.display_settings import CHOICES, DisplaySettings, save_display
from local_app.main import create_app
from local_app.world import World, world_at
from tests.support.browser import axe_violations, chromium
from tests.support.page_forms import item_of
from tests.support.places import asked_once, at_item, become, between_sets, placed
from tests.support.practising import BANK, wrong_response
from tests.support.school_pages import NAMES, SchoolForPages, make_school
from tests.support.served import served
from tests.support.stores import NOW, in_writer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PATIENT_MS = 30_000
FAMILY, SEED = "Q8.word_problem", 3
PLACES = ("Ben", "Chidi", "Dana", "Eli", "Fatima")
OTHER_PAGES = ("/practice/settings", "/practice/break", "/practice/what-leaves")
NARROW, WIDE = {"width": 320, "height": 800}, {"width": 1000, "height": 800}


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """Children who have never been here."""
    return make_school(tmp_path_factory.mktemp("settings") / "hill", first_day=True)


@pytest.fixture(scope="module")
def app(school: SchoolForPages) -> FastAPI:
    """Its pages, not started."""
    return create_app(school.folder)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """Where they are served."""
    with served(app) as url:
        yield url


@pytest.fixture(scope="module")
def world(app: FastAPI, address: str, school: SchoolForPages) -> World:
    """Ben is new, Chidi within the diagnostic, Dana past it, Eli at an item, Fatima between two sets."""
    opened = world_at(app)
    who = dict(zip(NAMES, school.students, strict=True))
    asked_once(opened, who["Chidi"])
    placed(opened, who["Dana"])
    at_item(opened, who["Eli"], family=FAMILY, seed=SEED, hints=4)
    between_sets(opened, who["Fatima"])
    return opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh profile; the page that works without the server has tests of its own."""
    context = browser.new_context(viewport=WIDE, service_workers="block")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENT_MS)
    yield context.new_page()
    context.close()


def settings_at(place: int) -> dict[str, Any]:
    """One value of each setting; over all places each value at least once."""
    chosen: dict[str, Any] = {name: values[min(place, len(values) - 1)] for name, values in CHOICES.items()}
    return chosen | {"speech": place % 2 == 1, "glossary": place % 2 == 1}


def like(world: World, student: str, **chosen: Any) -> None:
    """The student's settings, without the page for them."""
    in_writer(world.store, lambda c: save_display(c, student, DisplaySettings(**chosen), now=NOW))


@pytest.mark.parametrize("place", range(max(map(len, CHOICES.values()))))
def test_no_setting_breaks_a_rule_of_axe_on_any_page(
    page: Page, address: str, world: World, school: SchoolForPages, place: int
) -> None:
    """Welcome, diagnostic, choice, item with hints and feedback, end of set with its break card, and the rest."""
    chosen = settings_at(place)
    page.set_viewport_size(NARROW if place % 2 else WIDE)  # type: ignore[arg-type]
    for name in PLACES:
        student = school.students[NAMES.index(name)]
        like(world, student, **chosen)
        become(page.context, world, address, student=student)
        check_page(page, f"{address}/practice", chosen, try_once=name == "Eli")
    for path in OTHER_PAGES:
        check_page(page, address + path, chosen)


def check_page(page: Page, url: str, chosen: dict[str, Any], *, try_once: bool = False) -> None:
    """In its language and direction, without violation, and no wider than the screen."""
    page.goto(url)
    if try_once:
        response = wrong_response(item_of(page.locator("input[name=offer]").first.input_value()))
        page.locator("#response").fill(response)
        with page.expect_navigation():
            page.locator("form.answer button").first.click()
        expect(page.locator("#feedback .note")).to_be_visible(timeout=PATIENT_MS)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    html = page.locator("html")
    expect(html).to_have_attribute("lang", chosen["language"])
    expect(html).to_have_attribute("dir", "rtl" if chosen["language"] == "ar" else "ltr")
    assert axe_violations(page) == [], (url, chosen)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), url


def test_who_wants_no_movement_sees_none(page: Page, address: str, world: World, school: SchoolForPages) -> None:
    """Nothing on the page is animated or fades, whatever the device prefers."""
    student = school.students[NAMES.index("Eli")]
    like(world, student, motion="less")
    become(page.context, world, address, student=student)
    page.goto(f"{address}/practice")
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].filter(one => {
             const style = getComputedStyle(one);
             return style.transitionDuration !== "0s" || style.animationName !== "none";
           }).length"""
    )
    assert moving == 0


def test_simple_wording_and_maths_words_are_there_for_who_wants_them(
    page: Page, address: str, world: World, school: SchoolForPages
) -> None:
    """The same item in easier words, with what its words mean."""
    student, item = school.students[NAMES.index("Eli")], BANK.generate(FAMILY, SEED)
    assert plain_text(item.simple) != plain_text(item.stem)
    become(page.context, world, address, student=student)
    for wording, line in (("usual", item.stem), ("simple", item.simple)):
        like(world, student, wording=wording, glossary=wording == "simple")
        page.goto(f"{address}/practice")
        first = next(part for part in line if isinstance(part, str) and part.strip())
        expect(page.locator("#stem")).to_contain_text(first.strip())
    like(world, student, wording="simple", glossary=True)
    at_item(world, student, family="Q4.procedure", seed=SEED)
    page.goto(f"{address}/practice")
    page.locator("summary", has_text="Maths words").click()
    expect(page.locator(".words dd").first).to_be_visible()


# A browser with these voices; what is said is written down.
SPEECH = """
const voices = %s;
class Speech extends EventTarget {
  getVoices() { return voices; }
  speak(one) { window.said = [...(window.said || []), [one.voice.name, one.text]]; }
  cancel() {}
}
Object.defineProperty(window, "speechSynthesis", { value: new Speech() });
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
};
"""
LOCAL = {"name": "here", "lang": "en-GB", "localService": True}
REMOTE = {"name": "elsewhere", "lang": "en-US", "localService": False}
OTHER = {"name": "aquí", "lang": "es-ES", "localService": True}


@pytest.mark.parametrize(("voices", "shown"), [([], False), ([REMOTE, OTHER], False), ([REMOTE, LOCAL], True)])
def test_only_a_voice_of_the_device_itself_reads_aloud(
    browser: Browser, address: str, world: World, school: SchoolForPages, voices: list[Any], shown: bool
) -> None:
    """A voice from elsewhere would hear the item; without a local one there is no button."""
    student = school.students[NAMES.index("Goran")]
    at_item(world, student, family="Q8.procedure", seed=SEED)
    like(world, student, speech=True)
    context = browser.new_context(service_workers="block")
    context.add_init_script(SPEECH % json.dumps(voices))
    become(context, world, address, student=student)
    page = context.new_page()
    page.goto(f"{address}/practice")
    button = page.locator("#aloud")
    if shown:
        button.click(timeout=PATIENT_MS)
        said = page.evaluate("window.said")
        assert said[0] == ["here", plain_text(BANK.generate("Q8.procedure", SEED).stem)]
        expect(button).to_have_text("Stop reading")
    else:
        expect(button).to_be_hidden(timeout=PATIENT_MS)
    context.close()
