"""How surely a shown skill is held: the run of right answers, the days, and how far the student's predictions came
true.

The model alone is too hopeful for students who forget or learn in small steps, and nothing about one skill tells
them apart early. Their other answers do: whoever is right less often than predicted is asked more before a skill
counts as mastered, whoever is right more often is asked less. Six constants, so that a teacher can follow them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from client.records.mastery import SkillMastery

Number = TypeVar("Number", float, NDArray[np.float64])

HELD_FOR_SURE = 0.94
HELD_LOGIT = math.log(HELD_FOR_SURE / (1.0 - HELD_FOR_SURE))
# Fitted on simulated students of three families (docs/decisions/0007), who are no children.
_CONSTANT, _RUN, _DAYS, _SURPRISE = -3.7, 1.1, 2.3, 23.0
_SHRUNK_BY = 4  # answers as predicted that are added to the student's own

LONG_RUN, SHORT_RUN = 3, 2
# A third right answer in a row that comes as it should says nothing new.
_THIRDS, _THIRDS_SHRUNK_BY, _AS_THEY_SHOULD = 3, 2, 0.02


@dataclass(frozen=True, slots=True)
class Track:
    """Of one student, over all skills. surprise: right answers less the P(right) that BKT gave them.

    thirds: answers after two right ones running on the skill; thirds_surprise: the same of them.
    """

    answers: int = 0
    surprise: float = 0.0
    thirds: int = 0
    thirds_surprise: float = 0.0


def track_of(states: Iterable[SkillMastery], *, but: str = "") -> Track:
    """Added up over a student's skills. but: a skill to leave out."""
    answers, surprise, thirds, thirds_surprise = 0, 0.0, 0, 0.0
    for state in states:
        if state.skill != but:
            answers += state.attempts
            surprise += state.surprise
            thirds += state.thirds
            thirds_surprise += state.thirds_surprise
    return Track(answers, surprise, thirds, thirds_surprise)


def is_held(state: SkillMastery, track: Track) -> bool:
    """Of simulated skills with such a record nineteen in twenty were held. No right answer lately: no."""
    mean = mean_surprise(track.surprise, float(track.answers))
    if state.streak == 0 or state.days_correct == 0:
        return False
    return held_logit(math.log(state.streak), math.log(state.days_correct), surprise=mean) >= HELD_LOGIT


def held_logit(log_run: Number, log_days: Number, *, surprise: Number) -> Number:
    """Before the logistic function, for numbers or for arrays of one shape. surprise: as `mean_surprise`."""
    return _CONSTANT + _RUN * log_run + _DAYS * log_days + _SURPRISE * surprise


def mean_surprise(surprise: Number, answers: Number) -> Number:
    """In (-1, 1), near 0 for a student who gave few answers."""
    return surprise / (answers + _SHRUNK_BY)


def enough_run(track: Track) -> int:
    """How many right answers running are enough for a day: two, once third ones came as predicted or better."""
    return SHORT_RUN if bool(thirds_come(float(track.thirds), track.thirds_surprise)) else LONG_RUN


def thirds_come(thirds: Number, surprise: Number) -> bool | NDArray[np.bool_]:
    """Whether they are known to."""
    mean = surprise / (thirds + _THIRDS_SHRUNK_BY)
    return (thirds >= _THIRDS) & (mean >= _AS_THEY_SHOULD)
