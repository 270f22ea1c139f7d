"""Debian's chromium driven by Playwright, and axe's WCAG rules over a page; nothing is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium(*more_flags: str) -> Iterator[Browser]:
    """A fresh browser with an empty profile; skips with the reason when chromium isn't there."""
    if not shutil.which(CHROMIUM):
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *more_flags])
        try:
            yield browser
        finally:
            browser.close()


def strangers(page: Page, own: str) -> list[str]:
    """Collects every request of `page` that doesn't go to `own`; read it when the test is over."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if not request.url.startswith(own) else None)
    return found


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands: rule, impact and the first element."""
    results: dict[str, Any] = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
    return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:200]}" for v in results["violations"]]


def screenshot(page: Page, folder: Path, name: str) -> Path:
    """The whole page as a PNG, to look at."""
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
