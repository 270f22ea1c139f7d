"""The served policy on simulated students: `client.practice.policy.decide`, called with all of them at once."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.practice.records import SECONDS_A_DAY, Answers, Records
from benchmarks.practice.worlds import BEFORE, SKILLS
from client.practice.mastery import PROVEN_DAYS, PROVEN_RUN
from client.practice.policy import (
    DEFAULT_SETTINGS,
    NONE,
    SET_SIZE,
    PolicySettings,
    Rule,
    Situation,
    decide,
)

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEEDS = np.zeros((SKILLS, SKILLS))
NEEDS[np.flatnonzero(BEFORE >= 0), BEFORE[BEFORE >= 0]] = 1.0


class Served:
    """What a desk keeps beside the mastery rows, as arrays. spacing: whether what was shown comes back on later
    days, to be confirmed and re-checked. re_checks: whether mastered skills do.

    rule, last (n,): what chose the last item, and its skill.
    """

    def __init__(
        self,
        students: int,
        seed: int,
        *,
        settings: PolicySettings = DEFAULT_SETTINGS,
        spacing: bool = True,
        re_checks: bool = True,
    ) -> None:
        self._settings, self._spacing, self._seed = settings, spacing, seed
        self._re_checks = spacing and re_checks
        self._in_work, self.last = np.full(students, NONE), np.full(students, NONE)
        self._failures_running = np.zeros(students, np.int64)
        self._in_set = np.zeros((students, len(Rule)), np.int64)
        self.rule = np.zeros(students, np.int64)
        self._items = 0
        self._allowed = np.ones((students, SKILLS), np.bool_)

    def begin(self, skill: Indices) -> None:
        """Each student is at a skill already."""
        self._in_work = skill.copy()

    def allow(self, allowed: Bools) -> None:
        """(n, SKILLS): what a teacher leaves open."""
        self._allowed = allowed

    def choose(self, records: Records, at_seconds: float) -> Indices:
        """What the pages would offer."""
        decision = decide(NEEDS, self.situation(records, at_seconds), self._settings)
        self.rule = decision.rule
        return decision.skill

    def situation(self, records: Records, at_seconds: float) -> Situation:
        """The rows as the policy takes them."""
        day, n = int(at_seconds // SECONDS_A_DAY), len(self.last)
        due = records.due(day)
        return Situation(
            known=records.known,
            chance=records.chance(),
            learn=records.population.p_learn,
            mastered=records.mastered,
            resting=records.rest_until > at_seconds,
            enough=records.enough(day),
            due=due & self._re_checks,
            unconfirmed=records.unconfirmed(day) & self._spacing,
            proven=(records.streak >= PROVEN_RUN) & (at_seconds - records.last_at <= PROVEN_DAYS * SECONDS_A_DAY),
            failures=records.stumbles(),
            idle=at_seconds - records.last_at,
            allowed=self._allowed,
            in_work=self._in_work,
            last=self.last,
            failures_running=self._failures_running,
            in_set=self._in_set,
            seed=np.arange(n, dtype=np.uint64) * np.uint64(1_000_003) + np.uint64(self._seed + self._items),
        )

    def hear(self, answers: Answers) -> None:
        """Moves the place in the set, and the run of failures."""
        rule = self.rule
        self._items += 1
        if self._items % SET_SIZE == 0:
            self._in_set[:] = 0
        else:
            self._in_set[np.arange(len(rule)), rule] += 1
        calm = answers.right | (rule == Rule.WARM_UP)
        self._failures_running = np.where(calm, 0, self._failures_running + 1)
        review_failed = ((rule == Rule.CONFIRM) | (rule == Rule.RE_CHECK)) & ~answers.right
        work = (rule == Rule.FRONTIER) | (rule == Rule.EARLY) | review_failed
        self._in_work = np.where(work, answers.skill, self._in_work)
        self.last = answers.skill

    def declared(self, records: Records) -> Bools:
        """By the mastery rule."""
        return records.mastered
