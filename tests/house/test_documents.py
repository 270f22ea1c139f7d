"""Documents that the code promises: a page per error code, decisions numbered without gaps, true links."""

import re
import tomllib
from pathlib import Path

import pytest

from common.errors import ErrorCode
from common.refusals import RefusalCode

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("code", list(ErrorCode), ids=str)
def test_every_error_code_has_a_page(code: ErrorCode) -> None:
    """docs/errors/<code>.md says what happened and what to do."""
    text = (ROOT / "docs" / "errors" / f"{code}.md").read_text()
    assert text.startswith(f"# {code}")
    assert "What to do" in text


@pytest.mark.parametrize("code", list(RefusalCode), ids=str)
def test_every_refusal_is_explained(code: RefusalCode) -> None:
    """docs/errors/refusals.md has a row for each refusal."""
    assert f"`{code}`" in (ROOT / "docs" / "errors" / "refusals.md").read_text()


def test_no_page_without_a_code() -> None:
    """A page whose code is gone would mislead."""
    pages = {p.stem for p in (ROOT / "docs" / "errors").glob("*.md")} - {"refusals", "README"}
    assert pages == {str(code) for code in ErrorCode}


def test_decisions_are_numbered_without_gaps() -> None:
    """docs/decisions/NNNN-name.md, from 0001."""
    numbers = sorted(int(p.name[:4]) for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_links_between_documents_lead_somewhere() -> None:
    """Relative links in Markdown point to files that exist."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name} -> {target}"


def test_every_dependency_has_its_reason() -> None:
    """docs/decisions/0001 names each dependency of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        re.split(r"[\[=<>]", requirement)[0]
        for group in (project["dependencies"], *extras.values())
        for requirement in group
    }
    text = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()
    assert [name for name in sorted(wanted) if f"`{name}`" not in text] == []
