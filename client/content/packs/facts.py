"""Number facts, skills F1-F12: adding, subtracting, times tables and dividing, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import facts_add, facts_divide, facts_subtract, facts_times


def skills() -> tuple[Skill, ...]:
    """F1 to F12."""
    return (*facts_add.skills(), *facts_subtract.skills(), *facts_times.skills(), *facts_divide.skills())


def families() -> tuple[Family, ...]:
    """The 313 facts."""
    return (
        *facts_add.families(),
        *facts_subtract.families(),
        *facts_times.families(),
        *facts_divide.families(),
    )
