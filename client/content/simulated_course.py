"""What simulated classes practise: times tables and fractions, a part of the built-in bank.

A class practises a part of a bank that reaches from kindergarten to grade 8. Demo, tests and attacks keep to this
part, so that their figures (docs/decisions/0010) don't move whenever a pack teaches something new.
"""

from client.content.bank import ItemBank, built_in_bank, make_bank
from common.skills import SkillMap

_SKILLS = ("F5", "F6", "F7", "F8", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q10")


def simulated_course() -> ItemBank:
    """The skills and families of the course; needs that it doesn't teach count as known."""
    bank = built_in_bank()
    taught = {skill.id: skill for skill in bank.skills()}
    return make_bank(
        [taught[id_] for id_ in _SKILLS], [family for family in bank.families() if family.skills[0] in _SKILLS]
    )


def course_skill_map() -> SkillMap:
    """The rows of a model of the course."""
    return SkillMap("built-in/1", tuple(skill.id for skill in simulated_course().skills()))
