"""How much the rounds so far reveal together: epsilon by privacy loss distributions, always rounded up.

The mechanism is a Poisson-sampled Gaussian (docs/decisions/0002). dp_accounting's distributions are built by
connect-the-dots, which dominates the true distribution at any grid width, and mass cut from a tail counts as
an infinite loss: a coarse grid can only raise epsilon. Measured on one x86 core for
noise_multiplier 3.306 and rate 0.25 over 80 rounds: 2.9991 on this grid against 2.9990 on a grid ten times
finer; 20 ms for a first figure, 12 ms for the next round's, 50 ms with 12 older campaigns in the ledger.
Never add epsilons: compose events.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from typing import Any

from dp_accounting.pld import privacy_loss_distribution
from dp_accounting.privacy_accountant import NeighboringRelation

from common.errors import ErrorCode, FixSettings
from common.privacy.terms import Event

__all__ = ["RESERVED_SHARE_OF_DELTA", "SMALLEST_NOISE_MULTIPLIER", "Event", "epsilon_of", "noise_multiplier_for"]

# Less noise than this is reported as an infinite epsilon instead of computing with enormous grids.
SMALLEST_NOISE_MULTIPLIER = 0.05
# Set aside for what the Gaussian doesn't cover: overdraws, the rounding theorem's tau, float error of the FFT.
RESERVED_SHARE_OF_DELTA = 1e-4
_FINEST_INTERVAL = 1e-3
_MOST_GRID_POINTS = 20_000
_MULTIPLIERS_PER_UNIT = 10_000
_LARGEST_MULTIPLIER = 1_000


def epsilon_of(events: Iterable[Event], delta: float) -> float:
    """Epsilon of all events together, when neighbours differ by one student's whole history.

    An upper bound; 0 without events, infinity if the noise is too little to speak of.
    """
    if not 0 < delta < 1:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"delta must be in (0, 1), got {delta}.")
    counts = _counts(events)
    if not counts:
        return 0.0
    least = min(noise_multiplier for noise_multiplier, _ in counts)
    if least < SMALLEST_NOISE_MULTIPLIER:
        return math.inf
    interval = _interval(least)
    parts = (_rounds(*kind, count=count, interval=interval) for kind, count in sorted(counts.items()))
    composed = reduce(lambda one, other: one.compose(other), parts)
    return float(composed.get_epsilon_for_delta(delta * (1 - RESERVED_SHARE_OF_DELTA)))


def noise_multiplier_for(
    epsilon: float, delta: float, *, sampling_rate: float, rounds: int, others: Sequence[Event] = ()
) -> float:
    """The smallest noise_multiplier, in steps of 0.0001, that keeps `rounds` rounds within (epsilon, delta).

    others: what is charged beside them, and counts too.
    """
    if not 0 < epsilon < math.inf:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"epsilon must be a positive number, got {epsilon}.")

    def suffices(step: int) -> bool:
        wanted = Event(step / _MULTIPLIERS_PER_UNIT, sampling_rate, rounds)
        return epsilon_of([wanted, *others], delta) <= epsilon

    low, high = (
        round(SMALLEST_NOISE_MULTIPLIER * _MULTIPLIERS_PER_UNIT) - 1,
        _LARGEST_MULTIPLIER * _MULTIPLIERS_PER_UNIT,
    )
    if not suffices(high):
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"No reasonable amount of noise gives epsilon {epsilon}.")
    while high - low > 1:
        middle = math.isqrt(low * high) if high > 2 * low else (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high / _MULTIPLIERS_PER_UNIT


def _counts(events: Iterable[Event]) -> dict[tuple[float, float], int]:
    counts: dict[tuple[float, float], int] = {}
    for event in events:
        key = (event.noise_multiplier, event.sampling_rate)
        counts[key] = counts.get(key, 0) + event.count
    return counts


def _interval(noise_multiplier: float) -> float:
    # One round's loss reaches about 1 / (2 m^2) + 10 / m; doubling steps let events share cached grids.
    reach = 0.5 / noise_multiplier**2 + 10 / noise_multiplier
    doublings = max(0, math.ceil(math.log2(reach / (_FINEST_INTERVAL * _MOST_GRID_POINTS))))
    return float(_FINEST_INTERVAL * 2**doublings)


# The two caches below remember results of pure functions: a ledger asks for the same events at every charge.
@lru_cache(maxsize=32)
def _rounds(noise_multiplier: float, sampling_rate: float, *, count: int, interval: float) -> Any:
    return _one_round(noise_multiplier, sampling_rate, interval).self_compose(count)


@lru_cache(maxsize=32)
def _one_round(noise_multiplier: float, sampling_rate: float, interval: float) -> Any:
    return privacy_loss_distribution.from_gaussian_mechanism(
        noise_multiplier,
        pessimistic_estimate=True,
        value_discretization_interval=interval,
        sampling_prob=sampling_rate,
        use_connect_dots=True,
        neighboring_relation=NeighboringRelation.ADD_OR_REMOVE_ONE,
    )
