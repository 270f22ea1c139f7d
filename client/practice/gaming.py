"""Gaming and doubtful data: plain rules on times, hints and tries, whose only effect is that evidence counts less.

An event is evidence, never guilt: it is no penalty, it isn't shown to other students, and it is over after five
sets without another. Time limits scale with a student's accommodation (extended time, speech). Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

RAPID_SHARE, RAPID_CAP_SECONDS = 0.10, 10.0
RUN, RAPID_IN_RUN, ABOVE_CHANCE = 8, 3, 0.15
QUICK_HINT_SECONDS, QUICK_RUNGS, QUICK_LADDERS = 2.0, 3, 3
QUICK_TRY_SECONDS = 3.0
SHOW_ME_WAIT_SECONDS = 10
WEIGHT_FLAGGED, WEIGHT_NORMAL = 0.2, 1.0
SETS_UNTIL_OVER, SET_ITEMS = 5, 5
JUMP_BEFORE, JUMP_AFTER, JUMP_SD = 20, 10, 3.0
_MAD_TO_SD = 1.4826


class Event(StrEnum):
    """What was noticed."""

    RAPID = "rapid-answers"
    HINTS = "hints-without-reading"
    CYCLING = "every-choice-tried"
    JUMP = "sudden-jump"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One first try. latency_seconds: None if the device gave none that can be true.

    median_seconds: of the item, already scaled by the student's accommodation. chance: P(right) by blind guessing,
    0 for a typed answer. quick_rungs: hints asked for within two seconds each. cycled: every choice was tried,
    each within three seconds. expected: P(right) that was predicted.
    """

    latency_seconds: float | None
    median_seconds: float
    correct: bool
    chance: float = 0.0
    quick_rungs: int = 0
    cycled: bool = False
    expected: float = 0.5


def is_rapid(attempt: Attempt) -> bool:
    """Faster than reading takes."""
    limit = min(RAPID_SHARE * attempt.median_seconds, RAPID_CAP_SECONDS)
    return attempt.latency_seconds is not None and attempt.latency_seconds < limit


def events_at(attempts: Sequence[Attempt]) -> tuple[Event, ...]:
    """What the newest attempt (the last one) brings to light, together with those before it."""
    if not attempts:
        return ()
    checks = ((Event.RAPID, _guesses), (Event.HINTS, _skips_hints), (Event.CYCLING, _cycles), (Event.JUMP, _jumps))
    return tuple(event for event, found in checks if found(attempts))


def weight_of(events: Sequence[Event]) -> float:
    """Evidence weight of an answer with these events; a jump waits for the teacher and weighs nothing less."""
    return WEIGHT_FLAGGED if set(events) - {Event.JUMP} else WEIGHT_NORMAL


def open_flags(noted: Sequence[tuple[int, Event]], seq: int) -> frozenset[Event]:
    """Those that hold at answer `seq`. noted: (number of the answer, event), in any order.

    A flag is over after five sets without another event of its kind; a sudden jump never is without a teacher.
    """
    span = SETS_UNTIL_OVER * SET_ITEMS
    return frozenset(event for at, event in noted if at <= seq and (event is Event.JUMP or seq - at < span))


def _guesses(attempts: Sequence[Attempt]) -> bool:
    if not is_rapid(attempts[-1]):
        return False
    rapid = [one for one in attempts[-RUN:] if is_rapid(one)]
    if len(rapid) < RAPID_IN_RUN:
        return False
    right = sum(one.correct for one in rapid) / len(rapid)
    return right <= sum(one.chance for one in rapid) / len(rapid) + ABOVE_CHANCE


def _skips_hints(attempts: Sequence[Attempt]) -> bool:
    if attempts[-1].quick_rungs < QUICK_RUNGS:
        return False
    return sum(one.quick_rungs >= QUICK_RUNGS for one in attempts[-SETS_UNTIL_OVER * SET_ITEMS :]) >= QUICK_LADDERS


def _cycles(attempts: Sequence[Attempt]) -> bool:
    return attempts[-1].cycled


def _jumps(attempts: Sequence[Attempt]) -> bool:
    """Ten answers far better than predicted, and at a pace that isn't this student's."""
    before, after = attempts[:-JUMP_AFTER], attempts[-JUMP_AFTER:]
    if len(before) < JUMP_BEFORE:
        return False
    surprise = sum(one.correct - one.expected for one in after)
    spread = math.sqrt(sum(one.expected * (1 - one.expected) for one in after))
    return surprise > JUMP_SD * spread and abs(_pace_shift(before, after)) > JUMP_SD


def _pace_shift(before: Sequence[Attempt], after: Sequence[Attempt]) -> float:
    """Difference of the medians of log time over the item's own, in standard errors; 0 without enough times."""
    own, new = _log_paces(before), _log_paces(after)
    if len(own) < JUMP_BEFORE or len(new) < JUMP_AFTER:
        return 0.0
    middle = median(own)
    spread = _MAD_TO_SD * median(abs(one - middle) for one in own)
    error = 1.2533 * spread * math.sqrt(1 / len(own) + 1 / len(new))
    return (median(new) - middle) / max(error, 1e-9)


def _log_paces(attempts: Sequence[Attempt]) -> list[float]:
    return [
        math.log(one.latency_seconds / one.median_seconds)
        for one in attempts
        if one.latency_seconds is not None and one.latency_seconds > 0
    ]
