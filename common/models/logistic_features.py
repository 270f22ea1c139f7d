"""The 15 columns of the logistic rung: what a student's earlier attempts say before the next one.

Two ways to the same numbers: tables of whole histories, where all students advance together by position, and a
small state that practice carries from answer to answer (`common.models.logistic_state`). Column c is named
`COLUMNS[c]`; those of `TIME_COLUMNS` are 0 where a time is unknown, so that a log without times has them absent.

Evidence weight w counts an attempt as w attempts, and moves a running share by w of its step. "Skill" means
each of the attempt's skill rows; a mean is over them. Source: Gervet et al. 2020 (Best-LR) with recency.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.models.encoding import EncodedHistory

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

COLUMNS = (
    "log wins",
    "log fails",
    "mean log wins on skill",
    "mean log fails on skill",
    "running share right",
    "running share right on skill",
    "last answer, if it had the same skills",
    "share of skills never met",
    "first attempt",
    "log seconds since a skill",
    "no skill ever met",
    "more than a day since a skill",
    "more than a week since a skill",
    "log seconds since anything",
    "more than an hour since anything",
)
WIDTH = len(COLUMNS)
TIME_COLUMNS = range(9, 15)

START_SHARE = 0.7  # about the share right in the logs the columns were chosen on
STEP, SKILL_STEP = 0.1, 0.3  # one minus the decay of a running share
NO_PAST = (0.0, 0.0, START_SHARE, 0.0, -np.inf)  # the fields of `Past` before anything
HOUR, DAY, WEEK = 3600.0, 86400.0, 7 * 86400.0
LOG_SCALE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What came before an attempt, in one sequence: weighted wins and fails, running share, attempts, last time.

    (N,) each, all of a student or all on one skill. at_seconds is -inf before the first known time.
    """

    wins: Floats
    fails: Floats
    share: Floats
    met: Floats
    at_seconds: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """Answers to n attempts, (n,) each, or to one. at_seconds: nan when unknown."""

    correct: NDArray[np.bool_] | bool
    weight: Floats | float
    at_seconds: Floats | float


def feature_table(history: EncodedHistory) -> Floats:
    """(T, 15) columns before each attempt of one history."""
    return feature_tables([history])


def feature_tables(histories: Sequence[EncodedHistory]) -> Floats:
    """(N, 15) columns before each attempt of all histories, one after the other."""
    if not any(len(history) for history in histories):
        return np.zeros((0, WIDTH))
    skills = np.concatenate([history.skill_rows for history in histories])
    student = np.repeat(np.arange(len(histories)), [len(history) for history in histories])
    answered = Answered(
        np.concatenate([history.correct for history in histories]),
        np.concatenate([history.weight for history in histories]).astype(np.float64),
        np.concatenate([history.at_seconds for history in histories]),
    )
    attempt, slot = np.nonzero(skills >= 0)
    row = skills[attempt, slot].astype(np.int64)
    sequence = student[attempt] * (int(skills.max()) + 1) + row
    overall = _before(student, answered, STEP)
    by_skill = _before(sequence, _some(answered, attempt), SKILL_STEP)
    repeat = _last_of_same_skills(skills, student, np.asarray(answered.correct))
    return columns(overall, by_skill, attempt, repeat=repeat, now=np.asarray(answered.at_seconds))


def columns(overall: Past, by_skill: Past, attempt: Indices, *, repeat: Floats, now: Floats) -> Floats:
    """(N, 15) from what came before N attempts and, for M (attempt, skill) pairs, on that skill.

    attempt: (M,) which attempt a pair belongs to, rising, each at least once. repeat: (N,) column 7 as it is.
    now: (N,) seconds, nan when unknown.
    """
    count = len(now)
    starts = np.flatnonzero(np.diff(attempt, prepend=-1))
    pairs = np.bincount(attempt, minlength=count)

    def mean(values: Floats) -> Floats:
        return np.bincount(attempt, values, count) / pairs

    table = np.empty((count, WIDTH))
    table[:, 0], table[:, 1] = np.log1p(overall.wins), np.log1p(overall.fails)
    table[:, 2], table[:, 3] = mean(np.log1p(by_skill.wins)), mean(np.log1p(by_skill.fails))
    table[:, 4], table[:, 5] = overall.share - START_SHARE, mean(by_skill.share) - START_SHARE
    table[:, 6] = repeat
    table[:, 7] = mean((by_skill.met == 0).astype(np.float64))
    table[:, 8] = overall.met == 0
    last_of_skill = np.maximum.reduceat(by_skill.at_seconds, starts)
    met_any = np.maximum.reduceat(by_skill.met, starts) > 0
    table[:, 9:] = _time_columns(now, last_of_skill, overall.at_seconds, met_any=met_any)
    return table


def _time_columns(now: Floats, last_of_skill: Floats, last: Floats, *, met_any: NDArray[np.bool_]) -> Floats:
    """(N, 6); a gap is known only if both its ends are."""
    table = np.zeros((len(now), 6))
    timed = ~np.isnan(now)
    table[:, 1] = timed & ~met_any
    for column, since in ((0, last_of_skill), (4, last)):
        known = timed & np.isfinite(since)
        gap = np.maximum(now[known] - since[known], 0.0)
        table[known, column] = LOG_SCALE * np.log1p(gap)
        if column == 0:
            table[known, 2], table[known, 3] = gap > DAY, gap > WEEK
        else:
            table[known, 5] = gap > HOUR
    return table


def _before(sequence: Indices, answered: Answered, step: float) -> Past:
    """What came before each entry in its own sequence; entries of a sequence stand in the order of time.

    All sequences advance together, position by position, the longest first: a position concerns a prefix.
    """
    order = np.argsort(sequence, kind="stable")
    starts = np.flatnonzero(np.diff(sequence[order], prepend=-1))
    lengths = np.diff(starts, append=len(order))
    longest = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[longest], lengths[longest]
    reach = np.searchsorted(-lengths, -np.arange(int(lengths[0])), side="left")
    found = np.empty((5, len(order)))
    past = np.tile(np.array(NO_PAST)[:, None], len(starts))
    for position, count in enumerate(reach.tolist()):
        here = order[starts[:count] + position]
        past = past[:, :count]
        found[:, here] = past
        past = advance_past(past, _some(answered, here), step)
    return Past(*found)


def advance_past(past: Floats, answered: Answered, step: Floats | float) -> Floats:
    """(5, n) `Past` after one more attempt in each of n sequences. step: (n,) or one, of the running share."""
    wins, fails, share, met, last = past
    right, weight = np.asarray(answered.correct, np.float64), answered.weight
    after = np.empty_like(past)
    after[0], after[1] = wins + weight * right, fails + weight * (1 - right)
    after[2] = share + step * weight * (right - share)
    after[3] = met + 1
    np.fmax(last, answered.at_seconds, out=after[4])
    return after


def _some(answered: Answered, rows: Indices) -> Answered:
    columns = (answered.correct, answered.weight, answered.at_seconds)
    return Answered(*(np.asarray(column)[rows] for column in columns))


def _last_of_same_skills(skills: NDArray[np.int32], student: Indices, correct: NDArray[np.bool_]) -> Floats:
    """(N,) the student's answer just before, minus .5, if it had the same set of skills, else 0."""
    ordered = np.sort(skills, axis=1)
    same = np.zeros(len(skills))
    again = (ordered[1:] == ordered[:-1]).all(1) & (student[1:] == student[:-1])
    same[1:] = again * (correct[:-1] - 0.5)
    return same
