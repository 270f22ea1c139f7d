"""A set goes on without the server in a real browser, and every answer arrives once when it is back."""

import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from client.records.interactions import StoredInteraction, recent
from client.records.store import open_school_store
from client.settings import load_settings
from tests.support.browser import axe_violations, chromium
from tests.support.ports import free_port
from tests.support.school_pages import CODE, NAMES, SchoolForPages, make_school
from tests.support.school_server import server
from tests.support.stores import in_reader

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
ARRIVED_MS = 20_000


@dataclass(slots=True)
class Consulting:
    """A school whose server comes and goes, always at the same address."""

    school: SchoolForPages
    address: str
    stack: ExitStack = field(default_factory=ExitStack)
    process: "subprocess.Popen[bytes] | None" = None

    def come(self) -> None:
        """Starts the server."""
        self.process = self.stack.enter_context(server(self.school.folder.path, self.address))

    def go(self) -> None:
        """Kills it, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kept(self, name: str) -> list[StoredInteraction]:
        """A student's answers, oldest first."""
        student = self.school.students[NAMES.index(name)]
        store = open_school_store(self.school.folder, load_settings(self.school.folder))
        try:
            return in_reader(store, lambda c: recent(c, student, count=999))[::-1]
        finally:
            store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium("--host-resolver-rules=MAP school.test 127.0.0.1") as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh profile, so that no other test's work lies on the device."""
    context = browser.new_context(viewport={"width": 900, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """A class of twelve."""
    return make_school(tmp_path_factory.mktemp("offline") / "hill")


@pytest.fixture
def school(where: SchoolForPages) -> Iterator[Consulting]:
    """Its server, up."""
    made = Consulting(where, f"http://127.0.0.1:{free_port()}")
    with made.stack:
        made.come()
        yield made


def sign_in(page: Page, school: Consulting, name: str) -> None:
    """By keyboard, until the device has its work for the time without the server."""
    page.goto(school.address)
    page.get_by_label("Class code").fill(CODE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/practice")
    page.wait_for_selector("html[data-offline=ready]")


def answer(page: Page, text: str = "98765") -> None:
    """By keyboard alone: a typed answer or the first choice, and Enter."""
    typed = page.get_by_label("Your answer")
    if typed.count():
        typed.focus()
        page.keyboard.type(text)
    else:
        page.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")


def answer_offline(page: Page) -> None:
    """One item of the package, and on to the next one."""
    place = page.locator("#item").get_attribute("data-place") or ""
    answer(page)
    expect(page.locator("#next")).to_be_visible()
    expect(page.locator("#feedback")).to_be_visible()
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#item")).not_to_have_attribute("data-place", place)
    expect(page.locator("#feedback")).to_be_hidden()


def press_twice(page: Page) -> None:
    """Two presses of Check before anything can happen in between."""
    typed = page.get_by_label("Your answer")
    if typed.count():
        typed.fill("98765")
    else:
        page.get_by_role("radio").first.check()
    page.evaluate("() => { const b = document.querySelector('form.answer button'); b.click(); b.click(); }")


def cut_off(page: Page, school: Consulting) -> None:
    """The server goes while an answer is on its way; the device's own page comes instead of an error."""
    school.go()
    answer(page)
    expect(page.locator("#offline-note")).to_be_visible()
    expect(page.locator("#item")).to_be_visible()


def come_back(page: Page, school: Consulting) -> None:
    """The page notices by itself."""
    school.come()
    expect(page.locator("#waiting")).to_have_text("All your answers have arrived.", timeout=ARRIVED_MS)
    expect(page.locator("#back")).to_be_visible()


def check_each_once(rows: list[StoredInteraction], *, count: int) -> None:
    """Numbers without gaps, no device number and no item twice."""
    assert [row.seq for row in rows] == list(range(1, count + 1))
    assert max(Counter(row.client_uuid for row in rows).values()) == 1
    assert max(Counter((row.item, row.item_seed) for row in rows).values()) == 1


def test_a_set_is_finished_without_the_server_and_arrives_once(page: Page, school: Consulting) -> None:
    """One answer before, one on its way, three after, a reload in between: five in all, in this order."""
    sign_in(page, school, "Ben")
    answer(page)
    expect(page.get_by_role("status").first).to_contain_text(re.compile(r"\w"))
    page.get_by_role("button", name="Next one").click()
    page.wait_for_selector("html[data-offline=ready]")
    cut_off(page, school)
    assert axe_violations(page) == []
    answer_offline(page)
    page.reload()
    expect(page.locator("#item")).to_be_visible()
    answer_offline(page)
    answer_offline(page)
    expect(page.locator("#waiting")).to_have_text("Answers waiting: 4")
    come_back(page, school)
    rows = school.kept("Ben")
    check_each_once(rows, count=5)
    assert [row.offline for row in rows] == [False, False, True, True, True]
    page.locator("#back").click()
    page.wait_for_url("**/practice")
    page.wait_for_selector("html[data-offline=ready]")
    assert school.kept("Ben") == rows


def test_two_tabs_send_each_answer_once(page: Page, school: Consulting) -> None:
    """Both see the server come back and both send."""
    sign_in(page, school, "Chidi")
    other = page.context.new_page()
    other.goto(f"{school.address}/practice")
    other.wait_for_selector("html[data-offline=ready]")
    cut_off(page, school)
    other.reload()
    expect(other.locator("#item")).to_be_visible()
    page.bring_to_front()
    answer_offline(page)
    answer_offline(page)
    come_back(page, school)
    expect(other.locator("#waiting")).not_to_contain_text("waiting", timeout=ARRIVED_MS)
    check_each_once(school.kept("Chidi"), count=3)


def test_a_double_press_is_one_answer(page: Page, school: Consulting) -> None:
    """At the server and without it: the second press finds the first one's number."""
    sign_in(page, school, "Dana")
    press_twice(page)
    expect(page.get_by_role("status").first).to_contain_text(re.compile(r"\w"))
    assert len(school.kept("Dana")) == 1
    page.get_by_role("button", name="Next one").click()
    page.wait_for_selector("html[data-offline=ready]")
    cut_off(page, school)
    press_twice(page)
    expect(page.locator("#waiting")).to_have_text("Answers waiting: 2")
    come_back(page, school)
    check_each_once(school.kept("Dana"), count=3)


def test_signing_out_leaves_nothing_of_the_work(page: Page, school: Consulting) -> None:
    """Neither package nor page; the next student on the device starts afresh."""
    sign_in(page, school, "Eli")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{school.address}/")
    left = page.evaluate(
        """async () => {
          const { keptPackage } = await import("/static/offline/keep.js");
          return [await keptPackage(), await caches.keys()];
        }"""
    )
    assert left in ([None, []], [None, [None]])


def test_without_a_certificate_the_page_says_what_it_can_t_do(page: Page, school: Consulting) -> None:
    """Plain http under a name of the network: no service worker, a sentence, and practice as usual."""
    page.goto(school.address.replace("127.0.0.1", "school.test"))
    page.get_by_label("Class code").fill(CODE)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Fatima").click()
    page.wait_for_url("**/practice")
    expect(page.locator("#no-offline")).to_be_visible()
    answer(page)
    expect(page.get_by_role("status").first).to_contain_text(re.compile(r"\w"))
    assert len(school.kept("Fatima")) == 1
