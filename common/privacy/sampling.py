"""Secret Poisson sampling: each student is drawn by a keyed function of their own id and of nothing else."""

import hashlib
import hmac
import math
from collections.abc import Sequence

from common.errors import ErrorCode, FixSettings

KEY_BYTES = 32
# The most of delta that all overdraws of a campaign may take: half of what the accountant sets aside.
OVERDRAW_SHARE_OF_DELTA = 5e-5
_RANGE = 2.0**64


def poisson_sample(students: Sequence[str], rate: float, key: bytes, *, cap: int) -> tuple[str, ...]:
    """The drawn students' ids, sorted; nobody if more than `cap` were drawn. Never draw again.

    Student s is drawn when the first 64 bits of HMAC-SHA256(key, s), read as a fraction, are below `rate`,
    so one student's presence never shifts another's draw. `key`: 32 fresh secret bytes for this round
    alone. The result is secret: it is never stored, logged or sent, nor is its size.
    """
    _check_rate(rate)
    if len(key) != KEY_BYTES:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"A draw needs a key of {KEY_BYTES} bytes, got {len(key)}.")
    if len(set(students)) != len(students):
        raise FixSettings(ErrorCode.BAD_PARAMETER, "A student is listed twice in the pool of a draw.")
    threshold = int(rate * _RANGE)  # exact: a power of two only moves the exponent
    drawn = sorted(student for student in students if _position(key, student) < threshold)
    return tuple(drawn) if len(drawn) <= cap else ()


def batch_cap(rate: float, students: int, sd: float) -> int:
    """The largest draw that is used: the mean plus `sd` standard deviations, from public figures only.

    students: the school's public number of students, as the plan states it.
    """
    _check_rate(rate)
    return math.ceil(rate * students + sd * math.sqrt(rate * (1 - rate) * students))


def overdraw_bound(rate: float, pool: int, cap: int) -> float:
    """Upper bound (Chernoff) on the probability that a draw from `pool` students exceeds `cap`.

    An overdraw sends noise only, which the Gaussian's accounting doesn't know of: the sum of this bound over
    the rounds has to stay below the share of delta that `accounting` sets aside.
    """
    _check_rate(rate)
    if cap >= pool:
        return 0.0
    share = (cap + 1) / pool
    if share <= rate:
        return 1.0
    # rate < share <= 1, so rate is below 1 here; x log x is 0 at x = 0.
    rest = (1 - share) * math.log((1 - share) / (1 - rate)) if share < 1 else 0.0
    return math.exp(-pool * (share * math.log(share / rate) + rest))


def _position(key: bytes, student: str) -> int:
    return int.from_bytes(hmac.digest(key, student.encode(), hashlib.sha256)[:8], "big")


def _check_rate(rate: float) -> None:
    if not 0 < rate <= 1:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"sampling_rate must be in (0, 1], got {rate}.")
