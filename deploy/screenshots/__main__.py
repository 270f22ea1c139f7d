"""`python -m deploy.screenshots`: visits a demo that `make demo` serves, and writes docs/screenshots/*.png.

It lives beside the demo since it sees what a visitor of the demo sees: addresses, a password, nothing else.
It needs Playwright (an extra of the developers) and Debian's chromium.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy.screenshots.visits import Visit, see_administrator, see_console, see_student, see_teacher

CHROMIUM = "/usr/bin/chromium"
VIEWPORT_WIDTH, VIEWPORT_HEIGHT = 960, 760
MOST_BYTES, TOO_LARGE = 100_000, 1
PATIENT_MS = 60_000


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 when a picture is too large for the documentation."""
    given = _parsed(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        # The demo's coordinator is its own certificate authority, and nobody installed it here.
        context = browser.new_context(
            viewport={"width": VIEWPORT_WIDTH, "height": VIEWPORT_HEIGHT}, ignore_https_errors=True
        )
        context.set_default_timeout(PATIENT_MS)
        visit = Visit(context.new_page(), given.pages.rstrip("/"), given.console.rstrip("/"), given.out)
        code = see_teacher(visit, given.password)
        see_administrator(visit, given.password)
        see_student(visit, code)
        see_console(visit, given.password)
        browser.close()
    sizes = {path.name: path.stat().st_size for path in sorted(given.out.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{name}: {size / 1000:.0f} kB")
    return TOO_LARGE if max(sizes.values()) > MOST_BYTES else 0


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m deploy.screenshots", description=__doc__)
    parser.add_argument("--pages", default="http://127.0.0.1:8701", help="the school's pages, as the demo prints")
    parser.add_argument("--console", default="https://localhost:8700", help="the operator's console")
    parser.add_argument("--password", required=True, help="of teacher, admin and operator, as the demo prints it")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
