"""Ratios and percents, skills P1-P7: four families per skill, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import (
    percents,
    percents_change,
    percents_whole,
    ratio_rates,
    ratio_tables,
)

_SKILLS = (
    Skill("P1", "equal ratios", "6", ("Q3",)),
    Skill("P2", "rates for one", "6", ("P1", "V9")),
    Skill("P3", "proportions", "7", ("P2", "E5")),
    Skill("P4", "fractions, decimals and percents", "6", ("Q3", "V8")),
    Skill("P5", "the percent of a number", "6", ("P4", "V9")),
    Skill("P6", "finding the whole or the percent", "7", ("P5", "E5")),
    Skill("P7", "percent change", "7", ("P6",)),
)


def skills() -> tuple[Skill, ...]:
    """P1 to P7."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 28 families."""
    return (
        *ratio_tables.families(),
        *ratio_rates.families(),
        *percents.families(),
        *percents_whole.families(),
        *percents_change.families(),
    )
