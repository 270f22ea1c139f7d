"""SkillPlaces: where the skills of imported content belong among ours, so that practice knows whom to offer them.

A skill without a place is not practised: nobody said whom it suits.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from common.errors import ErrorCode, FixSettings

_SHIPPED = "oatutor_places.toml"
_Id = Annotated[str, Field(min_length=1, max_length=80)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _After(_Strict):
    needs: Annotated[list[_Id], Field(min_length=1)]
    skills: list[_Id]


class _Places(_Strict):
    same: dict[_Id, list[_Id]] = {}
    after: list[_After] = []


@dataclass(frozen=True, slots=True)
class SkillPlaces:
    """same: imported skill -> the skill of ours as which it is practised. needs: imported skill -> what to have
    first; then it is a skill of its own.
    """

    same: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]

    def place_of(self, skill: str) -> str | None:
        """The skill that answers count for, or None without a place."""
        return self.same.get(skill, skill if skill in self.needs else None)


def shipped_places() -> SkillPlaces:
    """The places that come with Homeroom."""
    return _places(files("client.content.importers").joinpath(_SHIPPED).read_text("utf-8"), _SHIPPED)


def read_places(path: Path) -> SkillPlaces:
    """A school's own file; FixSettings if it isn't one."""
    try:
        return _places(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise FixSettings(ErrorCode.FILE_MISSING, f"{path} can't be read.") from error


def merged(own: SkillPlaces, shipped: SkillPlaces) -> SkillPlaces:
    """A skill that the school placed itself is there, and nowhere else."""
    placed = {*own.same, *own.needs}
    same = {skill: of for skill, of in shipped.same.items() if skill not in placed}
    needs = {skill: what for skill, what in shipped.needs.items() if skill not in placed}
    return SkillPlaces({**same, **own.same}, {**needs, **own.needs})


def _places(text: str, name: str) -> SkillPlaces:
    try:
        found = _Places.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise FixSettings(ErrorCode.BAD_CONTENT, f"{name} isn't a list of places of skills: {error}") from error
    same = [(skill, ours) for ours, skills in found.same.items() for skill in skills]
    needs = [(skill, tuple(group.needs)) for group in found.after for skill in group.skills]
    named = [skill for skill, _ in (*same, *needs)]
    twice = sorted({skill for skill in named if named.count(skill) > 1})
    if twice:
        raise FixSettings(ErrorCode.BAD_CONTENT, f"{name} gives these skills two places: {', '.join(twice)}.")
    return SkillPlaces(dict(same), dict(needs))
