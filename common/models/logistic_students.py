"""Students who answer as a logistic model says: what a release knows, as histories to learn from at no cost.

Everything here is post-processing of a model that was released: it may be used as often as anybody likes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays
from common.interactions import MAX_SKILLS
from common.models.encoding import NO_SKILL, EncodedHistory, item_difficulties
from common.models.logistic import skill_part
from common.models.logistic_features import NO_PAST, SKILL_STEP, STEP, Answered, Past, advance_past, columns
from common.models.odds import sigmoid

Floats = NDArray[np.float64]


def answer_as(
    arrays: Arrays,
    paths: Sequence[EncodedHistory],
    *,
    difficulty: Mapping[str, float],
    ability_spread: float,
    rng: np.random.Generator,
) -> list[EncodedHistory]:
    """The same students at the same items at the same times, with answers drawn from the model.

    arrays: bias, slopes, beta. difficulty: offset by item, added to the logit. ability_spread: standard deviation
    of what a student brings along and no column tells.
    """
    order = sorted(range(len(paths)), key=lambda i: -len(paths[i]))
    ordered = [paths[i] for i in order]
    ability = rng.normal(0, ability_spread, len(ordered))
    right = _answers(arrays, ordered, ability, difficulty=difficulty, rng=rng)
    made = {
        i: replace(path, correct=right[k, : len(path)])
        for k, (i, path) in enumerate(zip(order, ordered, strict=True))
    }
    return [made[i] for i in range(len(paths))]


def _answers(
    arrays: Arrays,
    paths: Sequence[EncodedHistory],
    ability: Floats,
    *,
    difficulty: Mapping[str, float],
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """(S, T) answers, all students advancing together; the longest histories come first."""
    students, rows = len(paths), len(arrays["beta"])
    lengths = np.array([len(path) for path in paths])
    skills, offset, times = _tables(paths, difficulty)
    overall = np.tile(np.array(NO_PAST)[:, None], students)
    by_skill = np.tile(np.array(NO_PAST)[:, None], students * rows)
    right = np.zeros(skills.shape[:2], np.bool_)
    for t in range(skills.shape[1]):
        m = int(np.searchsorted(-lengths, -t))  # students whose history goes on
        asked, now = skills[:m, t], times[:m, t]
        attempt, slot = np.nonzero(asked >= 0)
        cell = attempt * rows + asked[attempt, slot]
        again = (np.sort(asked) == np.sort(skills[:m, t - 1])).all(1) if t else np.zeros(m, np.bool_)
        repeat = again * (right[:m, t - 1] - 0.5)
        table = columns(Past(*overall[:, :m]), Past(*by_skill[:, cell]), attempt, repeat=repeat, now=now)
        logit = float(arrays["bias"][0]) + table @ arrays["slopes"].astype(np.float64)
        logit += skill_part(arrays["beta"], asked) + offset[:m, t] + ability[:m]
        right[:m, t] = rng.random(m) < sigmoid(logit)
        weight = np.ones(m)
        overall[:, :m] = advance_past(overall[:, :m], Answered(right[:m, t], weight, now), STEP)
        some = Answered(right[attempt, t], weight[attempt], now[attempt])
        by_skill[:, cell] = advance_past(by_skill[:, cell], some, SKILL_STEP)
    return right


def _tables(
    paths: Sequence[EncodedHistory], difficulty: Mapping[str, float]
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """(S, T, 4) skill rows, (S, T) offsets and times, padded at the end."""
    shape = (len(paths), max(map(len, paths), default=0))
    skills = np.full((*shape, MAX_SKILLS), NO_SKILL, np.int32)
    offset, times = np.zeros(shape), np.full(shape, np.nan)
    for k, path in enumerate(paths):
        skills[k, : len(path)] = path.skill_rows
        offset[k, : len(path)] = item_difficulties(path, difficulty)
        times[k, : len(path)] = path.at_seconds
    return skills, offset, times
