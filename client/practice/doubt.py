"""How sure the school may be about a skill, in words; a probability is never shown in their place."""

from collections.abc import Mapping
from enum import StrEnum

from client.content.phrases import Phrase, mark
from client.records.mastery import SkillMastery
from common.models.conformal import NEVER_SURE, Conformal

LEAST_ANSWERS = 3
UNSURE_FROM, UNSURE_TO = 0.2, 0.8


class Doubt(StrEnum):
    """From least to most that can be said."""

    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    UNSURE = "unsure"
    LIKELY = "likely"
    LIKELY_NOT = "likely_not"
    SECURE = "secure"


_OF_PREDICTION = {
    "not_enough_evidence": Doubt.NOT_ENOUGH_EVIDENCE,
    "unsure": Doubt.UNSURE,
    "likely_right": Doubt.LIKELY,
    "likely_wrong": Doubt.LIKELY_NOT,
}
_FOR_STUDENT: Mapping[Doubt, str] = {
    Doubt.NOT_ENOUGH_EVIDENCE: mark("%(Name)s: there are too few answers to say anything yet."),
    Doubt.UNSURE: mark("%(Name)s: we are not sure yet. Some answers say yes, some say no."),
    Doubt.LIKELY: mark("%(Name)s: you can probably do this."),
    Doubt.LIKELY_NOT: mark("%(Name)s: this probably needs more practice."),
    Doubt.SECURE: mark("%(Name)s: you can do this, and you still could later."),
}


def doubt_of(state: SkillMastery | None, certainty: Conformal = NEVER_SURE, *, chance: float = 0.5) -> Doubt:
    """What may be said of a skill. chance: predicted P(right) of its next item.

    secure: mastered, and a re-check was passed since. The rest rests on a prediction where this school or its
    release has measured how far predictions can be trusted, else on P(known).
    """
    if state is None or state.attempts < LEAST_ANSWERS:
        return Doubt.NOT_ENOUGH_EVIDENCE
    if state.mastered_at is not None and state.check_step > 0:
        return Doubt.SECURE
    if certainty.source != "none":
        return _OF_PREDICTION[certainty.word(chance, answers=state.attempts, on_these_skills=state.attempts)]
    if UNSURE_FROM < state.p_known < UNSURE_TO:
        return Doubt.UNSURE
    return Doubt.LIKELY if state.p_known >= UNSURE_TO else Doubt.LIKELY_NOT


def phrase_of(doubt: Doubt, name: str) -> Phrase:
    """The same as a sentence for the student. name: the skill's, in words."""
    return Phrase(_FOR_STUDENT[doubt], {"Name": name[:1].upper() + name[1:]})
