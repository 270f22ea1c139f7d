"""How sure the school may be about a skill, in words; a probability is never shown in their place."""

from enum import StrEnum

from client.records.mastery import SkillMastery

LEAST_ANSWERS = 3
UNSURE_FROM, UNSURE_TO = 0.2, 0.8


class Doubt(StrEnum):
    """From least to most that can be said."""

    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    UNSURE = "unsure"
    LIKELY = "likely"
    LIKELY_NOT = "likely_not"
    SECURE = "secure"


def doubt_of(state: SkillMastery | None) -> Doubt:
    """secure: mastered, and a re-check was passed since. unsure: the answers point both ways."""
    if state is None or state.attempts < LEAST_ANSWERS:
        return Doubt.NOT_ENOUGH_EVIDENCE
    if state.mastered_at is not None and state.check_step > 0:
        return Doubt.SECURE
    if UNSURE_FROM < state.p_known < UNSURE_TO:
        return Doubt.UNSURE
    return Doubt.LIKELY if state.p_known >= UNSURE_TO else Doubt.LIKELY_NOT
