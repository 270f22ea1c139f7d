"""Integers, order of operations and powers, skills N1-N7: four families per skill, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import (
    integers_add,
    integers_compare,
    integers_multiply,
    integers_order,
    integers_powers,
)

_SKILLS = (
    Skill("N1", "ordering numbers below zero", "6", ("V2", "Q2")),
    Skill("N2", "adding numbers below zero", "6–7", ("N1", "F4")),
    Skill("N3", "subtracting numbers below zero", "7", ("N2",)),
    Skill("N4", "multiplying and dividing numbers below zero", "7", ("N2", "F11")),
    Skill("N5", "the order of operations", "5", ("F7", "F9", "F4")),
    Skill("N6", "brackets", "5–6", ("N5",)),
    Skill("N7", "powers and roots", "6–8", ("N4", "N6")),
)


def skills() -> tuple[Skill, ...]:
    """N1 to N7."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 28 families."""
    return (
        *integers_compare.families(),
        *integers_add.families(),
        *integers_multiply.families(),
        *integers_order.families(),
        *integers_powers.families(),
    )
