"""The policy: which skill each student practises next and by which rule, for one student or thousands at once.

A pure function of what is stored and a seed: pages call it with one row, the simulator with thousands, and each
row is decided as if it were alone. Order of rules: re-checks that are due; what was shown and never confirmed; a
needed skill that failures point to; an easy one after failures; the skill in work until it is enough; then the
start that is most likely to teach. Source of rules and figures: docs/decisions/0007-practice-policy.md.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

NONE = -1
SET_SIZE = 5
_NEVER = -1e9
_IN_WORK = 1e3  # above every promise, so that what is begun is finished


class Rule(IntEnum):
    """What chose; the order is no rank."""

    FRONTIER = 0
    RE_CHECK = 1
    REPAIR = 2
    WARM_UP = 3
    EARLY = 4
    KEEP_FRESH = 5
    CONFIRM = 6


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """ready: P(known) from which a needed skill counts as there. easy: predicted chance of a warm-up.

    The rest are counts: failures running before a repair and before a warm-up, and what a set of five holds at
    most; reviews are re-checks and what is to be confirmed, together.
    """

    ready: float = 0.6
    easy: float = 0.75
    failures_before_repair: int = 2
    failures_before_warm_up: int = 3
    re_checks_a_set: int = 2
    repairs_a_set: int = 3
    reviews_a_set: int = 3
    warm_ups_a_set: int = 1


DEFAULT_SETTINGS = PolicySettings()


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What n students have shown in K skills; arrays are (n, K) unless said otherwise.

    known: P(known). chance: predicted P(right) of the skill's next item. learn (K,): P(learning) at an item.
    mastered, resting (left alone by the exit rule), enough (for today), due (a re-check), unconfirmed (shown on an
    earlier day only), proven (right without aid lately): what the mastery rows say. failures: wrong ones
    among its last three answers, 0 after a right one. idle: seconds since its last answer, infinite before the
    first. allowed: what the teacher leaves open. in_work, last (n,): the skill that the policy is at, and the one
    answered last; NONE at first. failures_running (n,): over all skills. in_set (n, len(Rule)): what this set has
    had. seed (n,): uint64.
    """

    known: Floats
    chance: Floats
    learn: Floats
    mastered: Bools
    resting: Bools
    enough: Bools
    due: Bools
    unconfirmed: Bools
    proven: Bools
    failures: Indices
    idle: Floats
    allowed: Bools
    in_work: Indices
    last: Indices
    failures_running: Indices
    in_set: Indices
    seed: NDArray[np.uint64] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """skill, rule: (n,) int64. open_: (n, K), the frontier that was chosen from."""

    skill: Indices
    rule: Indices
    open_: Bools


def decide(needs: Floats, now: Situation, settings: PolicySettings = DEFAULT_SETTINGS) -> Decision:
    """A skill and a rule for each student. needs (K, K): 1.0 where the row's skill needs the column's."""
    ready = needs_met(needs, now, settings)
    closed = now.mastered | now.resting | now.enough
    open_ = ready & ~closed & now.allowed
    lot = lots(now.seed, now.known.shape[1])
    skill, found = _best(open_, _promise(now) + _IN_WORK * _one(now.in_work, now.known.shape[1]), lot)
    rule = np.where(found, Rule.FRONTIER, Rule.KEEP_FRESH)
    skill, rule = _where_nothing_is_open(now, ready, lot, found=found, skill=skill, rule=rule)
    others = ready & ~_one(skill, now.known.shape[1])
    for code, candidates, score in (
        (Rule.WARM_UP, _warm_ups(now, others, settings), now.chance + now.unconfirmed),
        (Rule.REPAIR, _repairs(needs, now, settings), -now.known),
        (Rule.CONFIRM, _confirms(now, settings), now.idle),
        (Rule.RE_CHECK, _re_checks(now, settings), now.idle),
    ):
        if candidates.any():
            chosen, found = _best(candidates, score, lot)
            skill, rule = np.where(found, chosen, skill), np.where(found, code, rule)
    return Decision(skill, rule, open_)


def needs_met(needs: Floats, now: Situation, settings: PolicySettings = DEFAULT_SETTINGS) -> Bools:
    """(n, K): every needed skill is mastered, enough for today, or known well enough."""
    missing = ~(now.mastered | now.enough | (now.known >= settings.ready))
    return np.asarray(missing.astype(np.float64) @ needs.T < 0.5, np.bool_)


def lots(seed: NDArray[np.uint64], skills: int) -> Floats:
    """(n, skills) in [0, 1): the same for the same seed, without pattern otherwise (SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = seed[:, None] + _steps(skills)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)) * 2.0**-53, np.float64)


@lru_cache(maxsize=64)
def _steps(skills: int) -> NDArray[np.uint64]:
    """The first multiples of SplitMix64's constant: the same for every student and answer."""
    steps: NDArray[np.uint64] = np.arange(1, skills + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    steps.flags.writeable = False
    return steps


def _promise(now: Situation) -> Floats:
    """(n, K): the chance that the next item teaches it."""
    return np.asarray((1.0 - now.known) * now.learn, np.float64)


def _where_nothing_is_open(
    now: Situation, ready: Bools, lot: Floats, *, found: Bools, skill: Indices, rule: Indices
) -> tuple[Indices, Indices]:
    """Something new a little early; else, of what may be practised, what was left alone longest."""
    if found.all():
        return skill, rule
    closed = now.mastered | now.resting | now.enough
    early, any_early = _best(~closed & now.allowed, now.known, lot)
    rank = 4.0 * ready + 2.0 * ~now.resting + now.allowed * 8.0 - _one(now.last, now.known.shape[1]) * 16.0
    left_alone = 1.0 - 1.0 / (2.0 + np.where(np.isinf(now.idle), 0.0, now.idle))
    fresh, _ = _best(np.ones_like(ready), rank + left_alone, lot)
    other = np.where(any_early, early, fresh)
    code = np.where(any_early, Rule.EARLY, Rule.KEEP_FRESH)
    return np.where(found, skill, other), np.where(found, rule, code)


def _warm_ups(now: Situation, among: Bools, settings: PolicySettings) -> Bools:
    wanted = (now.failures_running >= settings.failures_before_warm_up) & (
        now.in_set[:, Rule.WARM_UP] < settings.warm_ups_a_set
    )
    easy = (now.chance >= settings.easy) & among & ~now.resting & now.allowed
    return np.asarray(wanted[:, None] & easy, np.bool_)


def _repairs(needs: Floats, now: Situation, settings: PolicySettings) -> Bools:
    """What the skill in work needs, where nothing was right lately that would speak for it."""
    row = np.arange(len(now.in_work))
    stuck = (now.in_work != NONE) & (now.failures[row, now.in_work] >= settings.failures_before_repair)
    wanted = stuck & (now.in_set[:, Rule.REPAIR] < settings.repairs_a_set)
    needed = needs[now.in_work] > 0.5
    return np.asarray(wanted[:, None] & needed & ~now.proven & ~now.resting & now.allowed, np.bool_)


def _re_checks(now: Situation, settings: PolicySettings) -> Bools:
    wanted = now.in_set[:, Rule.RE_CHECK] < settings.re_checks_a_set
    return np.asarray(wanted[:, None] & now.due & now.allowed, np.bool_)


def _confirms(now: Situation, settings: PolicySettings) -> Bools:
    wanted = now.in_set[:, Rule.CONFIRM] + now.in_set[:, Rule.RE_CHECK] < settings.reviews_a_set
    return np.asarray(wanted[:, None] & now.unconfirmed & ~now.resting & now.allowed, np.bool_)


def _best(candidates: Bools, score: Floats, lot: Floats) -> tuple[Indices, Bools]:
    """(n,) the best candidate and whether there is one. Lots decide between scores that differ by under 1e-6."""
    ranked = np.where(candidates, score + 1e-6 * lot, _NEVER)
    chosen = ranked.argmax(1)
    return chosen, ranked[np.arange(len(chosen)), chosen] > _NEVER


def _one(skill: Indices, skills: int) -> Bools:
    """(n, K): True at each student's skill, nowhere for NONE."""
    return np.asarray(np.arange(skills) == skill[:, None], np.bool_)
