"""Answers of invented schools with a model that is good, worn out or off, for tests of the drift monitor."""

from dataclasses import dataclass

import numpy as np

from client.insight.replayed import Floats, ReplayedAnswers
from common.models.ladder import BKT, LOGISTIC
from common.models.odds import sigmoid

SKILLS = ("halves", "thirds", "quarters", "fifths")
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Window:
    """What a window of answers is like. served, bkt: noise of each model's logits; off: added to what happens.

    mix: weights of the skills. ids: of the first student, so that two windows may share students or not.
    """

    students: int = 40
    answers: int = 25
    served: float = 0.3
    bkt: float = 0.7
    off: float = 0.0
    mix: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)


def window(kind: Window, *, seed: int) -> ReplayedAnswers:
    """Each student has an ability of their own, which both models know in part."""
    rng = np.random.default_rng(seed)
    n = kind.students * kind.answers
    student = np.repeat(np.arange(kind.students), kind.answers)
    ability = rng.normal(0.5, 0.9, kind.students)[student]
    true = ability + rng.normal(0, 0.7, n)
    known = true - rng.normal(0, 0.3, kind.students)[student]

    def said(noise: float) -> Floats:
        # Shrunken, as a fitted model's logits are, so that noise makes a model worse and not too sure.
        heard = known + rng.normal(0, noise, n)
        spread = 0.81 + 0.49
        return sigmoid(0.5 + (heard - 0.5) * spread / (spread + noise**2 + 0.09))

    mix = np.array(kind.mix) / sum(kind.mix)
    return ReplayedAnswers(
        correct=rng.random(n) < sigmoid(true + kind.off),
        student=student,
        items=tuple(f"item {number}" for number in rng.integers(0, 20, n)),
        skill=rng.choice(len(SKILLS), n, p=mix),
        at_seconds=np.sort(rng.random(n)) * DAY_SECONDS,
        gap_seconds=rng.lognormal(4, 2, n),
        chances={LOGISTIC: said(kind.served), BKT: said(kind.bkt)},
        students=tuple(f"s{number}" for number in range(kind.students)),
        skills=SKILLS,
    )
