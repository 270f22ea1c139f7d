"""The school's own bank: built-in packs, and imported content of the school's folder on skills with a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from client.content.bank import ItemBank, built_in_bank, make_bank
from client.content.content_format_files import ContentFile, read_content
from client.content.content_format_items import family_of, skill_of
from client.content.items import Family, Skill
from client.content.skill_places import SkillPlaces, merged, read_places, shipped_places
from common.errors import ErrorCode, FixSettings
from common.interactions import MAX_SKILLS

PLACES_FILE = "skill-places.toml"
_FILES = "*.content.jsonl"


@dataclass(frozen=True, slots=True)
class SchoolContent:
    """imported: steps that are in the bank. without_place: skills that nobody placed, whose steps are left out."""

    bank: ItemBank
    imported: int
    without_place: tuple[str, ...]


def school_content(folder: Path) -> SchoolContent:
    """folder: the school's content folder, which may be missing. FixSettings for a file that isn't sound."""
    paths = sorted(folder.glob(_FILES)) if folder.is_dir() else []
    if not paths:
        return SchoolContent(built_in_bank(), 0, ())
    own = folder / PLACES_FILE
    places = merged(read_places(own), shipped_places()) if own.exists() else shipped_places()
    return placed_content(built_in_bank(), [read_content(path) for path in paths], places)


def placed_content(bank: ItemBank, contents: Sequence[ContentFile], places: SkillPlaces) -> SchoolContent:
    """The bank with every step that exercises a skill with a place; FixSettings if a place isn't there."""
    found = {skill.id: skill_of(skill) for content in contents for skill in content.skills}
    _check_places(bank, places, found)
    families = [one for content in contents for one in _placed(content, places)]
    used = {skill for family in families for skill in family.skills}
    own = [replace(skill, needs=places.needs[skill.id]) for skill in found.values() if skill.id in used]
    strangers = tuple(sorted(skill for skill in found if places.place_of(skill) is None))
    served = make_bank([*bank.skills(), *own], [*bank.families(), *families])
    return SchoolContent(served, len(families), strangers)


def _placed(content: ContentFile, places: SkillPlaces) -> Iterable[Family]:
    for family in map(family_of, content.steps):
        skills = dict.fromkeys(place for skill in family.skills if (place := places.place_of(skill)))
        if skills:
            yield replace(family, skills=tuple(skills)[:MAX_SKILLS])


def _check_places(bank: ItemBank, places: SkillPlaces, found: dict[str, Skill]) -> None:
    known = {skill.id for skill in bank.skills()}
    named = {
        *places.same.values(),
        *(need for skill, needs in places.needs.items() if skill in found for need in needs),
    }
    missing = sorted(named - known - set(found))
    if missing:
        raise FixSettings(ErrorCode.BAD_CONTENT, f"Skills are placed at skills that aren't there: {missing}.")
