"""A network's start that has learnt what a logistic model knows: from simulated students who answer as it says.

Post-processing: the logistic model was paid for, its students are invented, so this costs no privacy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays
from common.models.dkt import train_without_privacy
from common.models.encoding import NO_SKILL, EncodedHistory
from common.models.logistic import sigmoid, skill_part
from common.models.logistic_features import (
    NO_PAST,
    SKILL_STEP,
    STEP,
    Answered,
    Floats,
    Past,
    advance_past,
    columns,
)
from common.models.starting_students import generic_items, starting_students
from common.models.warm_start import warm_start
from common.skills import SkillMap

STEPS = 90
ABILITY_SPREAD = 0.5  # logits; what the logistic model can't know of a student before the first answer


@dataclass(frozen=True, slots=True, eq=False)
class _Crowd:
    """What n students have done so far; its arrays change. overall (5, n) and by_skill (5, n, rows): as `Past`.

    last (n, 4): skill rows of the newest attempt; last_correct (n,): its answer.
    """

    overall: Floats
    by_skill: Floats
    last: NDArray[np.int32]
    last_correct: NDArray[np.bool_]


def distilled(
    logistic: Arrays,
    skill_map: SkillMap,
    hidden: int,
    *,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> Arrays:
    """All six arrays of a DKT for the skill map's rows. logistic: its arrays for the same rows.

    The same arguments give the same bytes on the same machine. About as long as two warm starts.
    """
    rng = np.random.default_rng(seed)
    start = warm_start(skill_map, hidden, seed)
    beta = np.asarray(logistic["beta"], np.float32)
    start["b_out"][:] += beta - beta.mean()
    students = starting_students(skill_map, generic_items(skill_map, rng), rng)
    answering = answering_like(logistic, students, rng)
    return train_without_privacy(start, answering, {}, steps=STEPS, seed=seed, progress=progress)


def answering_like(
    logistic: Arrays, students: Sequence[EncodedHistory], rng: np.random.Generator
) -> list[EncodedHistory]:
    """The same attempts with answers drawn from the logistic model, by students of differing ability; no times."""
    longest_first = sorted(students, key=len, reverse=True)
    drawn = _draw(logistic, longest_first, rng)
    return [
        replace(one, correct=drawn[: len(one), n].copy(), at_seconds=np.full(len(one), np.nan))
        for n, one in enumerate(longest_first)
    ]


def _draw(logistic: Arrays, students: Sequence[EncodedHistory], rng: np.random.Generator) -> NDArray[np.bool_]:
    """(T, n) answers; all students advance together, those with the longest histories first."""
    lengths = np.array([len(one) for one in students])
    ability = rng.normal(0, ABILITY_SPREAD, len(students))
    crowd = _newcomers(len(students), len(logistic["beta"]))
    drawn = np.zeros((int(lengths.max(initial=0)), len(students)), np.bool_)
    for t in range(len(drawn)):
        m = int(np.searchsorted(-lengths, -t))
        asked = np.stack([one.skill_rows[t] for one in students[:m]])
        chance = sigmoid(_logits(logistic, crowd, asked) + ability[:m])
        drawn[t, :m] = rng.random(m) < chance
        _remember(crowd, asked, drawn[t, :m])
    return drawn


def _newcomers(count: int, rows: int) -> _Crowd:
    nothing = np.array(NO_PAST)
    return _Crowd(
        np.tile(nothing[:, None], count),
        np.tile(nothing[:, None, None], (count, rows)),
        np.full((count, 4), NO_SKILL, np.int32),
        np.zeros(count, np.bool_),
    )


def _logits(logistic: Arrays, crowd: _Crowd, asked: NDArray[np.int32]) -> Floats:
    """(m,) of the first m students, from what they have done so far. asked: (m, 4) skill rows."""
    m = len(asked)
    student, slot = np.nonzero(asked != NO_SKILL)
    same = (np.sort(asked, 1) == np.sort(crowd.last[:m], 1)).all(1)
    table = columns(
        Past(*crowd.overall[:, :m]),
        Past(*crowd.by_skill[:, student, asked[student, slot]]),
        student,
        repeat=same * (crowd.last_correct[:m] - 0.5),
        now=np.full(m, np.nan),
    )
    total = float(logistic["bias"][0]) + table @ np.asarray(logistic["slopes"], np.float64)
    return np.asarray(total + skill_part(logistic["beta"], asked), np.float64)


def _remember(crowd: _Crowd, asked: NDArray[np.int32], right: NDArray[np.bool_]) -> None:
    m = len(asked)
    student, slot = np.nonzero(asked != NO_SKILL)
    skill, unknown = asked[student, slot], np.full(m, np.nan)
    whole = Answered(right, np.ones(m), unknown)
    crowd.overall[:, :m] = advance_past(crowd.overall[:, :m], whole, STEP)
    each = Answered(right[student], np.ones(len(student)), unknown[student])
    crowd.by_skill[:, student, skill] = advance_past(crowd.by_skill[:, student, skill], each, SKILL_STEP)
    crowd.last[:m], crowd.last_correct[:m] = asked, right
