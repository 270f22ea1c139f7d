"""Pages that say which test shows a promise, or which file keeps it, name tests and files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("cannot.md", "threat-model.md", "sharp-edges.md")


@pytest.mark.parametrize("page", PAGES)
def test_files_and_tests_that_a_page_names_exist(page: str) -> None:
    """A renamed test would leave a promise that nobody can check."""
    text = (ROOT / "docs" / page).read_text()
    named = re.findall(r"\b((?:tests|common|client|server)/[\w/]+\.py)(?:::(\w+))?", text)
    assert named
    for path, function in named:
        source = (ROOT / path).read_text()
        assert not function or f"def {function}(" in source, f"{path}::{function}"


def test_a_test_that_a_page_names_alone_exists() -> None:
    """Also where its file stands elsewhere in the sentence."""
    sources = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    for page in PAGES:
        for function in re.findall(r"`(test_\w+)`", (ROOT / "docs" / page).read_text()):
            assert f"def {function}(" in sources, function


def test_nine_lines_have_their_tests() -> None:
    """One line for each thing that the coordinator can't do."""
    rows = re.findall(r"^\| (\d) \|.*`tests/", (ROOT / "docs" / "cannot.md").read_text(), re.MULTILINE)
    assert rows == [str(number) for number in range(1, 10)]
