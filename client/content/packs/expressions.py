"""Expressions, equations and inequalities, skills E1-E9: four families per skill, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import (
    equations_brackets,
    equations_linear,
    equations_one_step,
    expressions_evaluate,
    expressions_terms,
    inequalities,
)

_SKILLS = (
    Skill("E1", "putting numbers in for letters", "6", ("N6",)),
    Skill("E2", "like terms", "6–7", ("E1", "N2")),
    Skill("E3", "multiplying out brackets", "6–7", ("E2", "N4")),
    Skill("E4", "equations with plus or minus", "6", ("E1",)),
    Skill("E5", "equations with times or divided by", "6", ("E4", "F11")),
    Skill("E6", "equations of two steps", "7", ("E5", "N3")),
    Skill("E7", "equations with the unknown on both sides", "8", ("E2", "E6")),
    Skill("E8", "equations with brackets or fractions", "8", ("E3", "E7", "Q10")),
    Skill("E9", "inequalities", "6–8", ("E6",)),
)


def skills() -> tuple[Skill, ...]:
    """E1 to E9."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 36 families."""
    return (
        *expressions_evaluate.families(),
        *expressions_terms.families(),
        *equations_one_step.families(),
        *equations_linear.families(),
        *equations_brackets.families(),
        *inequalities.families(),
    )
