"""MechanismTerms: the constants of one round's mechanism and what follows from them; Event: what a round costs.

Units: one integer unit is 1 / scale of the clipped sum. Every school rounds to whole units.
"""

import math
from dataclasses import dataclass, replace

from common.errors import ErrorCode, FixSettings

# Below 8 units the sum of rounded shares is no longer as good as a Gaussian (docs/decisions/0002).
MIN_SHARE_STD_UNITS, MAX_SHARE_STD_UNITS = 8.0, 65_536.0
MODULUS_BITS = (16, 24, 32)


@dataclass(frozen=True, slots=True)
class Event:
    """`count` rounds of one Poisson-sampled Gaussian: what the accountant composes."""

    noise_multiplier: float
    sampling_rate: float
    count: int = 1

    def __post_init__(self) -> None:
        _require(0 < self.noise_multiplier < math.inf, "noise_multiplier", self.noise_multiplier)
        _require(0 < self.sampling_rate <= 1, "sampling_rate", self.sampling_rate)
        _require(type(self.count) is int and self.count >= 1, "count", self.count)

    def alone(self, honest_schools: int) -> "Event":
        """The same rounds if every other school colludes: one share's noise, 1 / h of the variance."""
        _require(type(honest_schools) is int and honest_schools >= 1, "honest_schools", honest_schools)
        return replace(self, noise_multiplier=self.noise_multiplier / math.sqrt(honest_schools))


@dataclass(frozen=True, slots=True)
class MechanismTerms:
    """Everything that decides how much one round reveals.

    noise_multiplier: standard deviation of the noise of `honest_schools` shares together, divided by the
    sensitivity. share_std_units: standard deviation of one school's share in integer units. rho: relative
    float error of the training engine, added to the sensitivity. batch_cap_sd: the largest draw that is
    used is the mean plus this many standard deviations. FixSettings when a value is out of range.
    """

    clip_norm: float
    noise_multiplier: float
    sampling_rate: float
    delta: float
    honest_schools: int
    share_std_units: float
    modulus_bits: int
    rho: float
    batch_cap_sd: float

    def __post_init__(self) -> None:
        self.event_alone()  # checks noise_multiplier, sampling_rate and honest_schools
        _require(0 < self.clip_norm < math.inf, "clip_norm", self.clip_norm)
        _require(0 < self.delta < 1, "delta", self.delta)
        in_range = MIN_SHARE_STD_UNITS <= self.share_std_units <= MAX_SHARE_STD_UNITS
        _require(in_range, "share_std_units", self.share_std_units)
        _require(self.modulus_bits in MODULUS_BITS, "modulus_bits", self.modulus_bits)
        _require(0 <= self.rho <= 0.01, "rho", self.rho)
        _require(4 <= self.batch_cap_sd <= 20, "batch_cap_sd", self.batch_cap_sd)

    @property
    def sensitivity_units(self) -> float:
        """How far one student can move a school's sum, in integer units, float error included."""
        return self.share_std_units * math.sqrt(self.honest_schools) / self.noise_multiplier

    def own_share_std_units(self, own_honest_schools: int) -> float:
        """Standard deviation of a share that is one part in own_honest_schools of the noise's variance.

        FixSettings unless 1 <= own_honest_schools <= honest_schools: less noise than the plan says is never added.
        """
        in_range = type(own_honest_schools) is int and 1 <= own_honest_schools <= self.honest_schools
        _require(in_range, "own_honest_schools", own_honest_schools)
        return self.share_std_units * math.sqrt(self.honest_schools / own_honest_schools)

    @property
    def scale(self) -> float:
        """Integer units per 1.0 of the clipped sum."""
        return self.sensitivity_units / (self.clip_norm * (1 + self.rho))

    def event(self, count: int = 1) -> Event:
        """What `count` rounds cost when at least `honest_schools` honest shares are in every opened sum."""
        return Event(self.noise_multiplier, self.sampling_rate, count)

    def event_alone(self, count: int = 1) -> Event:
        """What `count` rounds cost if everybody else colludes: only this school's own share protects."""
        return self.event(count).alone(self.honest_schools)


def _require(holds: bool, name: str, value: float) -> None:
    if not holds:
        raise FixSettings(ErrorCode.BAD_PARAMETER, f"The privacy setting {name} can't be {value}.")
