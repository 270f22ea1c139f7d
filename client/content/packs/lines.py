"""Coordinates and straight lines, skills L1-L6: four families per skill, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import (
    lines_equations,
    lines_points,
    lines_slope,
)

_SKILLS = (
    Skill("L1", "points on a grid", "5–6", ("N1",)),
    Skill("L2", "rules of tables", "6–7", ("E1", "L1")),
    Skill("L3", "the slope from two points", "8", ("L1", "N4", "Q4")),
    Skill("L4", "the slope from a graph", "8", ("L3",)),
    Skill("L5", "equations of lines", "8", ("E4", "L2", "L4")),
    Skill("L6", "where two lines meet", "8", ("E7", "L5")),
)


def skills() -> tuple[Skill, ...]:
    """L1 to L6."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 24 families."""
    return (
        *lines_points.families(),
        *lines_slope.families(),
        *lines_equations.families(),
    )
