"""One served school per test module, and one browser per session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from local_app.main import create_app
from tests.support.browser import chromium
from tests.support.school_pages import SchoolForPages, make_school
from tests.support.served import served


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> SchoolForPages:
    """A class of twelve, a teacher and an administrator."""
    return make_school(tmp_path_factory.mktemp("school") / "hill")


@pytest.fixture(scope="module")
def address(school: SchoolForPages) -> Iterator[str]:
    """The school's pages on a free port."""
    with served(create_app(school.folder)) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
