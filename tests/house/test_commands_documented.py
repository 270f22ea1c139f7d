"""What can be typed or set is documented: every command, every setting, and the units' first lines work."""

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from client import cli as school_cli
from client.settings import PolicySettings, TutorSettings, WebSettings
from client.settings import Settings as SchoolSettings
from common.skills import SkillMap
from server import cli as coordinator_cli
from server.settings import Settings as CoordinatorSettings

ROOT = Path(__file__).resolve().parents[2]
SCHOOL = (ROOT / "docs" / "operate-school.md").read_text()
CONSORTIUM = (ROOT / "docs" / "operate-consortium.md").read_text()
# Read in pages that say what to type; each must be a command that exists.
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.service")]


def _verbs(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Commands in full: "plan draft", "serve"."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield ""
    for action in below:
        for name, inner in action.choices.items():
            yield from (f"{name} {rest}".strip() for rest in _verbs(inner))


SCHOOL_VERBS = sorted(_verbs(school_cli.parser()))
COORDINATOR_VERBS = sorted(_verbs(coordinator_cli._parser()))


def _defaults(*models: type[BaseModel]) -> list[tuple[str, object]]:
    return [(name, field.default) for model in models for name, field in model.model_fields.items()]


def test_the_parsers_have_commands() -> None:
    """Else the tests below would test nothing."""
    assert set(SCHOOL_VERBS) == set(school_cli.COMMANDS)
    assert {"init", "plan draft", "campaign start", "release withdraw"} <= set(COORDINATOR_VERBS)


@pytest.mark.parametrize("verb", SCHOOL_VERBS)
def test_every_command_of_a_school_is_documented(verb: str) -> None:
    """As it is typed."""
    assert re.search(rf"homeroom-school {verb}\b", SCHOOL)


@pytest.mark.parametrize("verb", COORDINATOR_VERBS)
def test_every_command_of_the_coordinator_is_documented(verb: str) -> None:
    """As it is typed."""
    assert re.search(rf"homeroom-coordinator {verb}\b", CONSORTIUM)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_command_that_does_not_exist(page: Path) -> None:
    """A command is a program's name and a verb in small letters."""
    typed = re.findall(r"`(homeroom-(?:school|coordinator)) ([a-z-]+(?: [a-z]+)?)", page.read_text())
    for program, words in typed:
        verbs = SCHOOL_VERBS if program == "homeroom-school" else COORDINATOR_VERBS
        assert words in verbs or words.split()[0] in {v.split()[0] for v in verbs}, f"{program} {words}"


@pytest.mark.parametrize(
    ("name", "default"), _defaults(SchoolSettings, PolicySettings, WebSettings, TutorSettings), ids=str
)
def test_every_setting_of_a_school_is_documented(name: str, default: object) -> None:
    """In the table of school.toml, with its default."""
    if name not in {"policy", "web", "tutor"}:
        _assert_row(SCHOOL, name, default)
    else:
        assert f"`[{name}]`" in SCHOOL


@pytest.mark.parametrize(("name", "default"), _defaults(CoordinatorSettings), ids=str)
def test_every_setting_of_the_coordinator_is_documented(name: str, default: object) -> None:
    """In the table of coordinator.toml, with its default."""
    _assert_row(CONSORTIUM, name, default)


def _assert_row(page: str, name: str, default: object) -> None:
    rows = [line.split("|")[1:4] for line in page.splitlines() if line.startswith("|") and f"`{name}`" in line]
    assert len(rows) == 1, name
    names, defaults = rows[0][0].split(","), rows[0][1].split(",")
    if isinstance(default, bool):
        assert defaults[0].strip() == str(default).lower()
    elif isinstance(default, int | float):
        place = [one.strip(" `") for one in names].index(name)
        assert float(defaults[place]) == default, name
    elif isinstance(default, str) and name == "host":
        assert defaults[0].strip() == default


def test_the_command_that_writes_the_skills_works(tmp_path: Path) -> None:
    """It is to be copied from the page, so it is copied from the page here."""
    line = next(line for line in CONSORTIUM.splitlines() if "skills.json" in line and "python -c" in line)
    arguments = shlex.split(line)
    subprocess.run([sys.executable, *arguments[1:]], cwd=tmp_path, check=True, env={"PYTHONPATH": str(ROOT)})
    assert SkillMap.from_bytes((tmp_path / "skills.json").read_bytes()).rows > 10


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy").rglob("*.service")), ids=lambda unit: unit.name)
def test_units_start_commands_that_exist_and_start_again(unit: Path) -> None:
    """Whatever ended them."""
    text = unit.read_text()
    assert "Restart=always\nRestartSec=10\n" in text
    started = re.search(r"^ExecStart=/opt/homeroom/\.venv/bin/(\S+) (.+)$", text, re.MULTILINE)
    assert started
    parsers = {"homeroom-school": school_cli.parser, "homeroom-coordinator": coordinator_cli._parser}
    parsers[started[1]]().parse_args(shlex.split(started[2]))
