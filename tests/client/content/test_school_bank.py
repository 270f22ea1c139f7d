"""A school's own bank: the built-in packs, and imported items on skills that have a place."""

import json
from pathlib import Path

import pytest

from client.cli import main
from client.content.bank import built_in_bank, make_bank
from client.content.content_format_files import read_content
from client.content.school_bank import PLACES_FILE, placed_content, school_content
from client.content.skill_places import SkillPlaces, merged, read_places, shipped_places
from common.errors import FixSettings
from tests.support.invented_course import choice, problem, step

SKILL = "oatutor.open_brackets"
OWN = SkillPlaces({}, {SKILL: ("E3",)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with a file of two steps, made by the command."""
    course = tmp_path / "course.jsonl"
    course.write_text(json.dumps(problem(step(), {**choice("$$x$$", "y", answer="y"), "id": "p1b"})))
    assert main(["import-content", str(course), "--out", str(tmp_path / "content")]) == 0
    return tmp_path / "content"


def _place(folder: Path, text: str) -> None:
    (folder / PLACES_FILE).write_text(text)


def test_without_a_folder_the_built_in_packs_are_the_bank(tmp_path: Path) -> None:
    """As in a school that imported nothing."""
    found = school_content(tmp_path / "none")
    assert [one.id for one in found.bank.families()] == [one.id for one in built_in_bank().families()]
    assert found.imported == 0


def test_a_skill_without_a_place_is_not_practised(folder: Path) -> None:
    """Nobody said whom it suits, so it reaches nobody, and its name is known."""
    found = school_content(folder)
    assert (found.imported, found.without_place) == (0, (SKILL,))
    assert found.bank.skill(SKILL) is None


def test_a_placed_skill_comes_after_what_it_needs(folder: Path) -> None:
    """Every seed gives the same item, and no twin of it is shown."""
    _place(folder, f'[[after]]\nneeds = ["E3"]\nskills = ["{SKILL}"]\n')
    bank = school_content(folder).bank
    assert bank.prerequisites(SKILL) == ("E3",)
    assert [family.id for family in bank.families_of(SKILL)] == ["oatutor.p1a", "oatutor.p1b"]
    first, second = (bank.generate("oatutor.p1a", seed) for seed in (1, 2))
    assert first.stem == second.stem
    assert len(first.hints) == 1
    assert bank.grade(first, "4x + 12").solved


def test_items_of_a_skill_that_is_ours_join_its_families(folder: Path) -> None:
    """Their answers count for it, and no other skill appears."""
    _place(folder, f'[same]\nE3 = ["{SKILL}"]\n')
    bank = school_content(folder).bank
    assert bank.skill(SKILL) is None
    assert [family.id for family in bank.families_of("E3")][-2:] == ["oatutor.p1a", "oatutor.p1b"]
    assert bank.generate("oatutor.p1a", 1).skills == ("E3",)


@pytest.mark.parametrize(
    "text",
    [
        f'[same]\nE99 = ["{SKILL}"]\n',
        f'[[after]]\nneeds = ["E99"]\nskills = ["{SKILL}"]\n',
        f'[same]\nE3 = ["{SKILL}"]\n[[after]]\nneeds = ["E3"]\nskills = ["{SKILL}"]\n',
        f'[[after]]\nneeds = []\nskills = ["{SKILL}"]\n',
        "[elsewhere]\n",
        "[same\n",
    ],
)
def test_a_place_that_is_none_is_refused(folder: Path, text: str) -> None:
    """With a sentence, before anybody practises."""
    _place(folder, text)
    with pytest.raises(FixSettings, match=r"place|placed|aren't there"):
        school_content(folder)


def test_the_same_file_twice_is_refused(folder: Path) -> None:
    """Its items would have the same ids."""
    found = read_content(folder / "course.content.jsonl")
    with pytest.raises(FixSettings, match="same id"):
        placed_content(make_bank(built_in_bank().skills(), []), [found, found], OWN)


def test_a_schools_own_place_comes_before_the_shipped_one(folder: Path) -> None:
    """Also when it makes a skill of its own of what was the same as ours."""
    shipped = SkillPlaces({SKILL: "E3", "other": "E2"}, {})
    both = merged(OWN, shipped)
    assert (both.place_of(SKILL), both.place_of("other"), both.place_of("third")) == (SKILL, "E2", None)


def test_the_shipped_places_are_sound() -> None:
    """Each leads to skills of ours."""
    known = {skill.id for skill in built_in_bank().skills()}
    places = shipped_places()
    assert {*places.same.values(), *(need for needs in places.needs.values() for need in needs)} <= known
    assert len(places.same) + len(places.needs) == 187


def test_places_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    """As a file that isn't there."""
    with pytest.raises(FixSettings, match="can't be read"):
        read_places(tmp_path / "none.toml")
