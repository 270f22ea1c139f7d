"""One school per test module, its pages in this process or served, and one browser per module."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from common.clock import StoppedClock
from local_app.main import create_app
from local_app.world import World, world_at
from tests.support.asgi_browser import AsgiBrowser
from tests.support.browser import chromium
from tests.support.school_pages import SchoolForPages, make_school
from tests.support.served import served


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """A class of twelve, a teacher and an administrator."""
    return make_school(tmp_path_factory.mktemp("school") / "hill")


@pytest.fixture(scope="module")
def app(school: SchoolForPages) -> FastAPI:
    """The school's pages, not started."""
    return create_app(school.folder)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The school's pages on a free port."""
    with served(app) as url:
        yield url


@pytest.fixture
def world(app: FastAPI, address: str) -> World:
    """What the served pages share: the open store and the desk."""
    return world_at(app)


@pytest.fixture
def clock() -> StoppedClock:
    """The time of `visit`."""
    return StoppedClock()


@pytest.fixture
def own_app(school: SchoolForPages, clock: StoppedClock) -> FastAPI:
    """The school's pages for one test, at a time that the test decides."""
    return create_app(school.folder, clock=clock)


@pytest.fixture
def visit(own_app: FastAPI) -> Iterator[AsgiBrowser]:
    """Somebody who hasn't signed in, without sockets."""
    with AsgiBrowser(own_app) as visitor:
        yield visitor


@pytest.fixture
def own_world(own_app: FastAPI, visit: AsgiBrowser) -> World:
    """What the pages of `visit` share."""
    return world_at(own_app)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Closed with the module: while it runs, this thread can run no other event loop."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
