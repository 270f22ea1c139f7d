"""Place value and decimals, skills V1-V9: four families per skill, collected from their files."""

from client.content.items import Family, Skill
from client.content.packs import decimals, whole_add, whole_divide, whole_multiply, whole_place, whole_round

_SKILLS = (
    Skill("V1", "what digits are worth", "1–3", ("F1",)),
    Skill("V2", "comparing whole numbers", "2–4", ("V1",)),
    Skill("V3", "rounding", "3–4", ("V2",)),
    Skill("V4", "adding larger numbers", "2–4", ("F2", "V1")),
    Skill("V5", "taking away larger numbers", "2–4", ("F4", "V4")),
    Skill("V6", "multiplying larger numbers", "4–5", ("F7", "V4")),
    Skill("V7", "dividing with a remainder", "4–6", ("F11", "V5")),
    Skill("V8", "comparing decimals", "4–5", ("V2",)),
    Skill("V9", "calculating with decimals", "5–6", ("V6", "V7", "V8")),
)


def skills() -> tuple[Skill, ...]:
    """V1 to V9."""
    return _SKILLS


def families() -> tuple[Family, ...]:
    """The 36 families."""
    return (
        *whole_place.families(),
        *whole_round.families(),
        *whole_add.families(),
        *whole_multiply.families(),
        *whole_divide.families(),
        *decimals.families(),
    )
