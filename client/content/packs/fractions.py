"""Fractions, skills Q1-Q11: four families per skill, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import (
    fractions_add,
    fractions_compare,
    fractions_divide,
    fractions_equal,
    fractions_multiply,
    fractions_parts,
    fractions_subtract,
)

_SKILLS = (
    Skill("Q1", "parts of a whole and of a set", "2–3", ("F3",)),
    Skill("Q2", "fractions on a number line", "3", ("Q1",)),
    Skill("Q3", "equal fractions", "3–4", ("Q1", "F6")),
    Skill("Q4", "simplest form", "4–5", ("Q3", "F10")),
    Skill("Q5", "comparing fractions", "4", ("Q2", "Q3")),
    Skill("Q6", "mixed numbers", "4", ("Q2", "F10")),
    Skill("Q7", "fractions with the same bottom", "4", ("Q2",)),
    Skill("Q8", "adding fractions with different bottoms", "5", ("Q3", "Q7")),
    Skill("Q9", "taking away fractions and mixed numbers", "5", ("Q6", "Q8")),
    Skill("Q10", "multiplying fractions", "5–6", ("Q4", "F7")),
    Skill("Q11", "dividing fractions", "6", ("Q10",)),
)


def skills() -> tuple[Skill, ...]:
    """Q1 to Q11."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 44 families."""
    return (
        *fractions_parts.families(),
        *fractions_equal.families(),
        *fractions_compare.families(),
        *fractions_add.families(),
        *fractions_subtract.families(),
        *fractions_multiply.families(),
        *fractions_divide.families(),
    )
