"""The pictures of the documentation: small, each shown once, and none shown that isn't there."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
SHOWN = re.findall(r"!\[([^\]]+)\]\((screenshots/[a-z-]+\.png)\)", (DOCS / "pictures.md").read_text())


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    """With words for who can't see it."""
    kept = sorted(str(path.relative_to(DOCS)) for path in (DOCS / "screenshots").iterdir())
    assert sorted(path for _, path in SHOWN) == kept
    assert all(len(words) > 20 for words, _ in SHOWN)


def test_pictures_are_small() -> None:
    """Below 100 kB each."""
    assert all((DOCS / path).stat().st_size < 100_000 for _, path in SHOWN)
