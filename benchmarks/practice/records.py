"""Records: what a school would have stored of n simulated students, kept as arrays.

The array twin of `client.practice.mastery.after_answer` and of BKT's update; a test holds both against the served
code, answer by answer. All (n, SKILLS) unless said otherwise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.worlds import SKILLS
from client.practice.holding import HELD_LOGIT, LONG_RUN, SHORT_RUN, held_logit, mean_surprise, thirds_come
from client.practice.mastery import (
    CHECK_DAYS,
    CHECK_ITEMS,
    CONFIRM_AFTER_DAYS,
    CONFIRM_RUN,
    EXIT_ANYWAY,
    EXIT_ATTEMPTS,
    EXIT_P,
    MASTERED_CORRECT,
    MASTERED_DAYS,
    MASTERED_FAMILIES,
    MASTERED_P,
    MASTERED_RUN,
    REST_DAYS,
    THIRD_AFTER,
)
from common.models.bkt import BktParameters

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

SECONDS_A_DAY, SECONDS_AN_ITEM = 86_400.0, 60.0
NO_DAY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One item each, (n,): what was asked, how it went, who was asked at all, and when (one time for all)."""

    skill: Indices
    facet: Indices
    right: Bools
    active: Bools
    at_seconds: float

    @property
    def day(self) -> int:
        """Since the first one."""
        return int(self.at_seconds // SECONDS_A_DAY)


class Records:
    """Everything starts unmet, with the population's P(known)."""

    def __init__(self, population: BktParameters, students: int) -> None:
        shape = (students, SKILLS)
        self.population, self.row = population, np.arange(students)
        self.known = np.tile(population.p_init, (students, 1))
        self.attempts, self.tries, self.right = (np.zeros(shape, np.int64) for _ in range(3))
        self.streak, self.failures = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.recent = np.zeros((*shape, 3), np.int64)
        self.correct, self.days_correct = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.last_correct_day = np.full(shape, NO_DAY)
        self.facets = np.zeros(shape, np.int64)  # bits of those shown
        self.run_today, self.enough_run = np.zeros(shape, np.int64), np.full(shape, LONG_RUN)
        self.track = np.zeros((4, students))  # as `Track`: answers, surprise, thirds, surprise of these
        self.mastered, self.check_step, self.check_right = (
            np.zeros(shape, np.bool_),
            *np.zeros((2, *shape), np.int64),
        )
        self.due_day = np.full(shape, NO_DAY)
        self.rest_until, self.last_at = np.full(shape, -np.inf), np.full(shape, -np.inf)

    def observe(self, answers: Answers) -> None:
        """Takes one answer of each active student in."""
        rows = np.flatnonzero(answers.active)
        skill, right = answers.skill[rows], answers.right[rows]
        at = (rows, skill)
        self._track(at, right)
        self._learn_about(at, right)
        self._count(at, right, facet=answers.facet[rows], day=answers.day)
        self.last_at[at] = answers.at_seconds
        self._keep_or_open(at, right, day=answers.day)
        new = self._meets_rule(at) & ~self.mastered[at]
        self.due_day[at] = np.where(new, answers.day + _gap(self.check_step[at]), self.due_day[at])
        self.check_right[at] = np.where(new, 0, self.check_right[at])
        self.rest_until[at] = np.where(new, -np.inf, self.rest_until[at])
        self.mastered[at] |= new
        self._give_up(at, at_seconds=answers.at_seconds)

    def due(self, day: int) -> Bools:
        """Re-checks that have come."""
        return self.mastered & (self.due_day <= day)

    def enough(self, day: int) -> Bools:
        """As `is_enough_today`."""
        least = np.where(self.days_correct > 1, CONFIRM_RUN, 1)
        return np.asarray(self._shown() & (self.last_correct_day == day) & (self.run_today >= least), np.bool_)

    def unconfirmed(self, day: int) -> Bools:
        """As `needs_confirming`."""
        earlier = (self.last_correct_day != NO_DAY) & (self.last_correct_day <= day - CONFIRM_AFTER_DAYS)
        today = (self.last_correct_day == day) & (self.days_correct > 1)
        going_on = today & (self.run_today > 0) & (self.run_today < CONFIRM_RUN)
        return np.asarray(self._shown() & (earlier | going_on), np.bool_)

    def stumbles(self) -> Indices:
        """As `stumbles`."""
        wrong = np.minimum(self.tries, 3) - self.recent.sum(-1)
        return np.where(self.failures > 0, wrong, 0)

    def chance(self) -> Floats:
        """P(right) by BKT."""
        return self.known * (1 - self.population.p_slip) + (1 - self.known) * self.population.p_guess

    def _shown(self) -> Bools:
        likely = (self.known >= MASTERED_P) | (self.streak >= self.enough_run)
        return np.asarray(~self.mastered & likely, np.bool_)

    def _track(self, at: tuple[Indices, Indices], right: Bools) -> None:
        rows, skill = at
        guess, slip = self.population.p_guess[skill], self.population.p_slip[skill]
        surprise = right - (self.known[at] * (1 - slip) + (1 - self.known[at]) * guess)
        third = self.streak[at] == THIRD_AFTER
        self.track[:, rows] += np.stack([np.ones(len(rows)), surprise, third, surprise * third])
        come = thirds_come(self.track[2, rows], self.track[3, rows])
        self.enough_run[at] = np.where(come, SHORT_RUN, LONG_RUN)

    def _learn_about(self, at: tuple[Indices, Indices], right: Bools) -> None:
        known, skill = self.known[at], at[1]
        guess, slip = self.population.p_guess[skill], self.population.p_slip[skill]
        learn, forget = self.population.p_learn[skill], self.population.p_forget[skill]
        if_known, if_not = np.where(right, 1 - slip, slip), np.where(right, guess, 1 - guess)
        after = known * if_known / (known * if_known + (1 - known) * if_not)
        self.known[at] = after * (1 - forget) + (1 - after) * learn

    def _count(self, at: tuple[Indices, Indices], right: Bools, *, facet: Indices, day: int) -> None:
        self.attempts[at] += 1
        self.tries[at] += 1
        self.right[at] += right
        self.recent[at] = np.concatenate([self.recent[at][:, 1:], right[:, None]], axis=1)
        self.streak[at] = np.where(right, self.streak[at] + 1, 0)
        self.failures[at] = np.where(right, 0, self.failures[at] + 1)
        self.correct[at] += right
        running = np.where(self.last_correct_day[at] == day, self.run_today[at], 0)
        self.run_today[at] = np.where(right, running + 1, 0)
        self.days_correct[at] += right & (self.last_correct_day[at] != day)
        self.last_correct_day[at] = np.where(right, day, self.last_correct_day[at])
        self.facets[at] |= np.where(right, 1 << facet, 0)

    def _keep_or_open(self, at: tuple[Indices, Indices], right: Bools, *, day: int) -> None:
        before = self.mastered[at]
        due = before & (self.due_day[at] <= day)
        softly = before & ~due & (self.known[at] < MASTERED_P)
        failed = due & ~right
        half = due & right & (self.check_right[at] + 1 < CHECK_ITEMS)
        passed = due & right & ~half
        self.check_step[at] += passed
        self.due_day[at] = np.where(passed, day + _gap(self.check_step[at]), self.due_day[at])
        self.check_right[at] = np.where(passed, 0, self.check_right[at] + half)
        self.mastered[at] &= ~(softly | failed)
        self.tries[at] = np.where(softly, 0, self.tries[at])
        self._reopen(at, failed)

    def _reopen(self, at: tuple[Indices, Indices], failed: Bools) -> None:
        for array in (self.check_step, self.check_right, self.days_correct, self.facets, self.run_today):
            array[at] = np.where(failed, 0, array[at])
        self._afresh(at, failed)
        for day in (self.due_day, self.last_correct_day):
            day[at] = np.where(failed, NO_DAY, day[at])

    def _afresh(self, at: tuple[Indices, Indices], which: Bools) -> None:
        self.tries[at] = np.where(which, 0, self.tries[at])
        self.right[at] = np.where(which, 0, self.right[at])
        self.recent[at] = np.where(which[:, None], 0, self.recent[at])

    def _meets_rule(self, at: tuple[Indices, Indices]) -> Bools:
        surprise = mean_surprise(self.track[1, at[0]], self.track[0, at[0]])
        log_run, log_days = (np.log(np.maximum(one[at], 1)) for one in (self.streak, self.days_correct))
        held = held_logit(log_run, log_days, surprise=surprise)
        return np.asarray(
            (self.known[at] >= MASTERED_P)
            & (self.correct[at] >= MASTERED_CORRECT)
            & (self.streak[at] >= MASTERED_RUN)
            & (self.days_correct[at] >= MASTERED_DAYS)
            & (np.bitwise_count(self.facets[at]) >= MASTERED_FAMILIES)
            & (held >= HELD_LOGIT),
            np.bool_,
        )

    def _give_up(self, at: tuple[Indices, Indices], *, at_seconds: float) -> None:
        tries = self.tries[at]
        long = (tries >= EXIT_ANYWAY) | ((tries >= EXIT_ATTEMPTS) & (self.known[at] < EXIT_P))
        gone = ~self.mastered[at] & long
        self.rest_until[at] = np.where(gone, at_seconds + REST_DAYS * SECONDS_A_DAY, self.rest_until[at])
        self._afresh(at, gone)


def _gap(step: Indices) -> Indices:
    return np.array(CHECK_DAYS)[np.minimum(step, len(CHECK_DAYS) - 1)]
