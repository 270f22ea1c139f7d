"""Wheel-spinning: how likely it is that a skill won't show three right answers in a row within ten attempts.

Definition by Beck and Gong (2013). A logistic rule on five plain numbers, so that a teacher can follow it:
attempts, right answers, the last three, and how often the skill makes students spin. Its six coefficients were
fitted on a public tutor's log. Five answers say little of a student who learns in small steps, so a seventh counts
how far predictions of the student's other answers came true (`client.practice.holding`); it and the limit were
chosen on simulated students. It calls for a needed skill and a teacher; it is no label on a student.
"""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])

IN_A_ROW, WITHIN = 3, 10
SPIN_RATE = 0.13  # of all decided pairs of student and skill in that log
SPINS_ABOVE = 0.86

_CONSTANT, _TRIES, _RIGHT, _RATE = -0.382, 0.663, -0.418, 0.747
_LAST = (-0.138, -0.83, -1.454)  # the newest last
_SURPRISE = -6.0


def spin_risk(right: int, recent: str, *, tries: int, surprise: float = 0.0) -> float:
    """In (0, 1). recent: the last three answers as "0" and "1", the newest last. tries: attempts so far.

    surprise: as `mean_surprise` of the student's other skills.
    """
    last = tuple(float(one) for one in recent.rjust(IN_A_ROW, "0"))
    return 1.0 / (1.0 + math.exp(-spin_logit(float(tries), float(right), last=last, surprise=surprise)))


def spin_logit(
    tries: Number, right: Number, *, last: tuple[Number, ...], surprise: Number, rate: float = SPIN_RATE
) -> Number:
    """The same before the logistic function, for numbers or for arrays of one shape."""
    recent = sum(weight * one for weight, one in zip(_LAST, last, strict=True))
    of_skill = _RATE * math.log(rate / (1.0 - rate))
    return _CONSTANT + of_skill + _TRIES * tries + _RIGHT * right + _SURPRISE * surprise + recent
