"""How much noise a drafted campaign needs, its measuring round included, and how many bits its sums take."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from common.errors import ErrorCode, FixSettings
from common.models.score_histogram import BLOCKS
from common.plan import Member, MetricTerms, PrivacyTerms
from common.privacy.accounting import noise_multiplier_for
from common.privacy.fixed_point import smallest_modulus_bits
from common.privacy.sampling import OVERDRAW_SHARE_OF_DELTA, batch_cap, overdraw_bound
from common.privacy.terms import Event, MechanismTerms

# Twice the least that the rounding theorem needs: fine enough for the sum, coarse enough for few bits.
SHARE_STD_UNITS = 16.0
# The training engine's relative float error, with room to spare.
RHO = 0.001
LARGEST_DELTA = 1e-5
METRIC_BINS = 10
# What the measuring round costs by itself: a part of the campaign's epsilon, never more than half of 1.
METRICS_SHARE_OF_EPSILON, LARGEST_METRICS_EPSILON = 1 / 8, 0.5
_BATCH_CAPS_SD = (8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0)


@dataclass(frozen=True, slots=True)
class NoiseWishes:
    """What has to be kept. dimensions: of an update. delta: None for the largest that schools accept.

    earlier: rounds of a campaign before this one, which epsilon has to cover too.
    """

    rounds: int
    epsilon: float
    delta: float | None
    sampling_rate: float
    clip_norm: float
    honest_schools: int
    dimensions: int
    measured: bool
    earlier: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Noise:
    """The training rounds' mechanism, and the measuring round's terms if there is one."""

    mechanism: MechanismTerms
    metrics: MetricTerms | None


def choose_noise(wishes: NoiseWishes, members: Sequence[Member]) -> Noise:
    """The least noise that keeps all rounds together within (epsilon, delta); FixSettings if none does."""
    delta = _delta(wishes, members)
    metrics_noise = _metrics_noise(wishes, delta)
    others = [*wishes.earlier, *([] if metrics_noise is None else [Event(metrics_noise, 1.0)])]
    terms = MechanismTerms(
        clip_norm=wishes.clip_norm,
        noise_multiplier=noise_multiplier_for(
            wishes.epsilon, delta, sampling_rate=wishes.sampling_rate, rounds=wishes.rounds, others=others
        ),
        sampling_rate=wishes.sampling_rate,
        delta=delta,
        honest_schools=wishes.honest_schools,
        share_std_units=SHARE_STD_UNITS,
        modulus_bits=32,
        rho=RHO,
        batch_cap_sd=_batch_cap_sd(wishes, members, delta=delta),
    )
    metrics = None if metrics_noise is None else _metric_terms(terms, metrics_noise, members)
    bits = _modulus_bits(terms, members, dimensions=wishes.dimensions)
    return Noise(MechanismTerms(**(asdict(terms) | {"modulus_bits": bits})), metrics)


def privacy_terms(mechanism: MechanismTerms, *, max_interactions: int, window_interactions: int) -> PrivacyTerms:
    """The plan's terms."""
    history = {"max_interactions": max_interactions, "window_interactions": window_interactions}
    return PrivacyTerms.model_validate(asdict(mechanism) | history)


def largest_delta(students: int) -> float:
    """min(1e-5, N^-1.1), N being the consortium's public number of students."""
    return min(LARGEST_DELTA, math.pow(students, -1.1))


def _delta(wishes: NoiseWishes, members: Sequence[Member]) -> float:
    largest = largest_delta(sum(member.students for member in members))
    delta = largest if wishes.delta is None else wishes.delta
    if not 0 < delta <= largest:
        sentence = f"delta {delta} is above {largest:.3g}, the largest that schools of this size accept."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)
    return delta


def _metrics_noise(wishes: NoiseWishes, delta: float) -> float | None:
    if not wishes.measured:
        return None
    epsilon = min(METRICS_SHARE_OF_EPSILON * wishes.epsilon, LARGEST_METRICS_EPSILON)
    return noise_multiplier_for(epsilon, delta, sampling_rate=1.0, rounds=1)


def _metric_terms(terms: MechanismTerms, noise_multiplier: float, members: Sequence[Member]) -> MetricTerms:
    changes = {"clip_norm": 1.0, "noise_multiplier": noise_multiplier, "sampling_rate": 1.0}
    measuring = MechanismTerms(**(asdict(terms) | changes))
    bits = _modulus_bits(measuring, members, dimensions=BLOCKS * METRIC_BINS)
    return MetricTerms.model_validate(
        {"bins": METRIC_BINS, "noise_multiplier": noise_multiplier, "modulus_bits": bits}
    )


def _batch_cap_sd(wishes: NoiseWishes, members: Sequence[Member], *, delta: float) -> float:
    """The smallest cap whose overdraws, over all rounds, cost no more of delta than is set aside for them."""
    rate = wishes.sampling_rate
    for sd in _BATCH_CAPS_SD:
        worst = max(overdraw_bound(rate, m.students, batch_cap(rate, m.students, sd)) for m in members)
        if wishes.rounds * worst <= OVERDRAW_SHARE_OF_DELTA * delta:
            return sd
    sentence = f"Sampling {rate} of such small schools overdraws too often; raise the sampling rate."
    raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)


def _modulus_bits(terms: MechanismTerms, members: Sequence[Member], *, dimensions: int) -> int:
    """Wide enough even if every school adds the full noise by itself: the variance of h shares instead of one."""
    caps = sum(batch_cap(terms.sampling_rate, m.students, terms.batch_cap_sd) for m in members)
    shares = len(members) * terms.honest_schools
    return smallest_modulus_bits(terms, students_cap=caps, schools=shares, dimensions=dimensions)
