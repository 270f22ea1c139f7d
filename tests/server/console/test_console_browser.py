"""The console in a real browser: WCAG rules, no request elsewhere, and progress that moves by itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser

from common.clock import SystemClock
from common.envelope import peek_kind
from common.exchange import REQUEST, open_request
from server.app import create_app
from server.campaign import run_campaign
from server.coordinator import Coordinator
from server.gate import Upstream
from server.init_coordinator import init_coordinator
from server.operators import add_operator
from server.serve import open_port, web_settings
from server.settings import CoordinatorFolder
from tests.support.browser import axe_violations, chromium, strangers
from tests.support.coordinators import add_test_campaign, enrol_schools, settings, three_schools
from tests.support.masked_campaigns import masked_world
from tests.support.memory_transport import MemoryTransport, SteppedTime

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long enough sentence"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One chromium for all."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """Three enrolled schools and an operator, Ada."""
    made = init_coordinator(CoordinatorFolder(tmp_path), settings(), SystemClock())
    enrol_schools(made, three_schools(made))
    add_operator(made, "Ada", PASSWORD)
    yield made
    made.close()


@contextmanager
def _served(coordinator: Coordinator) -> Iterator[str]:
    """The coordinator's own web server on a free port, in a thread."""
    nowhere = Upstream(lambda: "127.0.0.1:1", httpx.AsyncClient)
    app = create_app(coordinator, upstream=nowhere, on_enrol=lambda _: None)
    with open_port("127.0.0.1", 0) as port:
        server = uvicorn.Server(web_settings(coordinator, app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            yield f"https://127.0.0.1:{port.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_pages_pass_the_wcag_rules_and_progress_moves(coordinator: Coordinator, browser: Browser) -> None:
    """Sign in by keyboard, look at every page, watch two rounds come in without reloading."""
    schools = three_schools(coordinator)
    plan = add_test_campaign(coordinator, schools, rounds=2)
    go_on = threading.Event()

    def waiting(message: bytes) -> bytes:
        if peek_kind(message) == REQUEST:
            request = open_request(message, coordinator_key=coordinator.identity.public_key)
            if request.plan.round == 2:
                go_on.wait(60)
        return schools["west"](message)

    transport = MemoryTransport({**schools, "west": waiting})
    campaign = threading.Thread(
        target=run_campaign,
        args=(transport, coordinator, plan.digest),
        kwargs={"pace": SteppedTime().pace()},
    )
    with _served(coordinator) as address:
        context = browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        elsewhere = strangers(page, address)
        page.goto(f"{address}/campaigns/{plan.digest}")
        assert axe_violations(page) == []
        page.get_by_label("Name").fill("Ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        campaign.start()
        for path in ("/", "/schools", "/releases", f"/campaigns/{plan.digest}"):
            page.goto(f"{address}{path}")
            assert axe_violations(page) == [], path
        page.get_by_text("Rounds done: 1 of 2").wait_for()
        go_on.set()
        page.get_by_text("Rounds done: 2 of 2").wait_for()
        page.get_by_text("Finished: the model is released").wait_for()
        assert axe_violations(page) == []
        campaign.join()
        page.goto(f"{address}/releases")
        assert axe_violations(page) == []
        assert elsewhere == []
        context.close()


def test_a_masked_campaign_s_page_passes_the_wcag_rules(tmp_path: Path, browser: Browser) -> None:
    """With the picture of each round, figures and confirmations; the pictures are drawn, by own files alone."""
    with masked_world(tmp_path / "masked", rounds=1) as world:
        add_operator(world.coordinator, "Ada", PASSWORD)
        world.schools["birch"].silent = {"unmask"}
        world.run()
        with _served(world.coordinator) as address:
            context = browser.new_context(ignore_https_errors=True)
            page = context.new_page()
            elsewhere = strangers(page, address)
            page.goto(f"{address}/campaigns/{world.plan.digest}")
            page.get_by_label("Name").fill("Ada")
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/campaigns/{world.plan.digest}")
            page.get_by_text("Helped to open it").first.wait_for()
            assert axe_violations(page) == []
            picture = page.get_by_role("img", name="Schools in round 2")
            box = picture.bounding_box()
            assert box is not None
            assert box["width"] > 300
            fill = page.locator(".bars .fill").first.evaluate("e => getComputedStyle(e).fill")
            assert fill == "rgb(31, 78, 140)"
            assert elsewhere == []
            context.close()
