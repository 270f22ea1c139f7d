"""What all number facts share: a family of one fact, the ways to ask for it, and slips as distractors."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from random import Random

from client.content import mathml as m
from client.content.items import Distractor, Family, FamilyKind, Line, Problem, Skill

NUDGE: Line = ("Which near fact do you know?",)
Draw = Callable[[Random], Problem]
Fact = tuple[int, int]
DrawFact = Callable[[str, Fact, Random], Problem]


@dataclass(frozen=True, slots=True)
class FactSkill:
    """A skill of facts with what its families have in common."""

    skill: Skill
    expected_seconds: float
    difficulty: float


def fact_family(of: FactSkill, name: str, *, draw: Draw, draw_twin: Draw) -> Family:
    """One fact. name: what comes after the skill in its id."""
    return Family(
        id=f"{of.skill.id}:{name}",
        skills=(of.skill.id,),
        kind=FamilyKind.FACT,
        grade=of.skill.grade,
        expected_seconds=of.expected_seconds,
        difficulty=of.difficulty,
        draw=draw,
        draw_twin=draw_twin,
    )


def fact_families(
    skills: Sequence[FactSkill],
    facts_of: Callable[[str], Iterable[Fact]],
    *,
    name: Callable[[Fact], str],
    draw: DrawFact,
    draw_twin: DrawFact,
) -> tuple[Family, ...]:
    """A family for each fact of each skill, in this order. facts_of: by skill id. name: of a fact in its id."""
    return tuple(
        fact_family(
            of,
            name(fact),
            draw=partial(draw, of.skill.id, fact),
            draw_twin=partial(draw_twin, of.skill.id, fact),
        )
        for of in skills
        for fact in facts_of(of.skill.id)
    )


def asked(random: Random, *parts: m.Expression | str) -> Line:
    """parts = ?, or now and then ? = parts."""
    side = m.row(*parts)
    return (m.row(side, "=", m.blank()) if random.random() < 0.75 else m.row(m.blank(), "=", side),)


def fact_slips(key: int | Fraction, wrong: Sequence[tuple[str, int | Fraction]]) -> tuple[Distractor, ...]:
    """The likely wrong values, each once and none equal to the key or below zero; rules in the order of trust."""
    found: dict[int | Fraction, str] = {}
    for misconception, value in wrong:
        if value != key and value >= 0:
            found.setdefault(value, misconception)
    return tuple(Distractor(misconception, Fraction(value)) for value, misconception in found.items())
