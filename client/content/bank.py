"""ItemBank: every family and skill that this school can offer, and the one way to draw an item."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from client.content import grader
from client.content.items import Family, Item, Line, Problem, Skill
from client.content.packs import expressions, facts, fractions, integers, lines, place_value, ratios
from common.errors import ErrorCode, FixSettings

_TWIN_TRIES = 50
_ITEMS_KEPT = 2_000


@dataclass(frozen=True)
class ItemBank:
    """Families and skills by id. A family of an imported log is simply not in it."""

    _families: Mapping[str, Family]
    _skills: Mapping[str, Skill]
    # An item is drawn when it is offered and asked for again when it is answered.
    _drawn: Callable[[str, int], Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_drawn", lru_cache(_ITEMS_KEPT)(self._draw))

    def families(self) -> tuple[Family, ...]:
        """All families, in pack order."""
        return tuple(self._families.values())

    def skills(self) -> tuple[Skill, ...]:
        """All skills, each after the skills it needs."""
        return tuple(self._skills.values())

    def family(self, family_id: str) -> Family | None:
        """One family, or None when no pack of this school has it."""
        return self._families.get(family_id)

    def skill(self, skill_id: str) -> Skill | None:
        """One skill, or None when no pack of this school has it."""
        return self._skills.get(skill_id)

    def families_of(self, skill_id: str) -> tuple[Family, ...]:
        """The families that exercise a skill."""
        return tuple(family for family in self._families.values() if skill_id in family.skills)

    def prerequisites(self, skill_id: str) -> tuple[str, ...]:
        """The skills of this bank to have first; a needed skill that no pack teaches is taken as known."""
        skill = self._skills.get(skill_id)
        return () if skill is None else tuple(need for need in skill.needs if need in self._skills)

    def generate(self, family_id: str, seed: int) -> Item:
        """The item of a family and a seed: always the same one, on every machine."""
        return self._drawn(family_id, seed)

    def _draw(self, family_id: str, seed: int) -> Item:
        family = self._families.get(family_id)
        if family is None:
            raise FixSettings(ErrorCode.BAD_CONTENT, f"No pack of this school has the item family {family_id}.")
        return draw_item(family, seed)

    def grade(self, item: Item, response: str) -> grader.Grade:
        """Exact; never raises."""
        return grader.grade(item, response)

    def simulated_items(self) -> tuple[tuple[str, tuple[str, ...], float], ...]:
        """(family id, skills, difficulty) of every family, for the student simulator."""
        return tuple((family.id, family.skills, family.difficulty) for family in self._families.values())


def make_bank(skills: Iterable[Skill], families: Iterable[Family]) -> ItemBank:
    """A bank, checked: FixSettings if an id appears twice or a family exercises an unknown skill."""
    skill_list, family_list = list(skills), list(families)
    by_skill = {skill.id: skill for skill in skill_list}
    by_family = {family.id: family for family in family_list}
    if len(by_skill) != len(skill_list) or len(by_family) != len(family_list):
        raise FixSettings(ErrorCode.BAD_CONTENT, "Two skills or two item families have the same id.")
    strangers = {skill for family in family_list for skill in family.skills} - set(by_skill)
    if strangers:
        raise FixSettings(
            ErrorCode.BAD_CONTENT, f"Item families name skills that no pack has: {sorted(strangers)}."
        )
    return ItemBank(by_family, _after_their_needs(by_skill))


def built_in_bank() -> ItemBank:
    """The packs that come with Homeroom."""
    packs = (facts, place_value, fractions, integers, expressions, ratios, lines)
    skills = [skill for pack in packs for skill in pack.skills()]
    return make_bank(skills, [family for pack in packs for family in pack.families()])


def draw_item(family: Family, seed: int) -> Item:
    """Pure: the problem of the seed, with a twin of other numbers solved on the fourth rung unless it is fixed."""
    problem = family.draw(_source(family, seed, "problem"))
    hints: tuple[tuple[Line, ...], ...] = tuple((hint,) for hint in problem.hints)
    if not family.fixed:
        twin = _twin(family, seed, problem)
        hints = (*hints, (("Here is one like it. ", *twin.stem), *twin.solution))
    return Item(
        family=family.id,
        version=family.version,
        seed=seed,
        skills=family.skills,
        facet=family.kind,
        grade=family.grade,
        stem=problem.stem,
        simple=problem.simple or problem.stem,
        kind=problem.kind,
        answer=problem.answer,
        form=problem.form,
        distractors=problem.distractors,
        choices=problem.choices,
        units=problem.units,
        letters=problem.letters,
        form_misconception=problem.form_misconception,
        hints=hints,
        steps=problem.steps,
        expected_seconds=family.expected_seconds,
        difficulty=family.difficulty,
        features=problem.features,
    )


def _twin(family: Family, seed: int, problem: Problem) -> Problem:
    draw = family.draw_twin or family.draw
    for attempt in range(_TWIN_TRIES):
        twin = draw(_source(family, seed, f"twin {attempt}"))
        # The solution too: the same words about other numbers would name the same child as the answer.
        if twin.stem != problem.stem and twin.answer != problem.answer and twin.solution != problem.solution:
            return twin
    raise FixSettings(
        ErrorCode.BAD_CONTENT, f"The item family {family.id} draws the same numbers again and again."
    )


def _source(family: Family, seed: int, purpose: str) -> Random:
    # SHA-256, because hash() differs from process to process.
    named = f"homeroom-item/{family.version}|{family.id}|{seed}|{purpose}"
    digest = hashlib.sha256(named.encode()).digest()
    return Random(int.from_bytes(digest, "big"))  # noqa: S311 - items are public, only sameness matters


def _after_their_needs(skills: Mapping[str, Skill]) -> dict[str, Skill]:
    """Skills ordered so that needs come first; FixSettings when they go round in a circle."""
    ordered: dict[str, Skill] = {}
    waiting = dict(skills)
    while waiting:
        ready = [s for s in waiting.values() if all(n in ordered or n not in skills for n in s.needs)]
        if not ready:
            raise FixSettings(
                ErrorCode.BAD_CONTENT, f"These skills need each other in a circle: {sorted(waiting)}."
            )
        ordered |= {skill.id: skill for skill in ready}
        waiting = {id_: skill for id_, skill in waiting.items() if id_ not in ordered}
    return ordered
