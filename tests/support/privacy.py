"""Valid mechanism terms for tests, and an accountant that counts rounds instead of computing epsilon."""

from collections.abc import Iterable
from typing import Any

from common.privacy.terms import Event, MechanismTerms


def mechanism_terms(**changes: Any) -> MechanismTerms:
    """Terms of a plan with noise_multiplier 1.5 and 16 integer units of noise a share, unless changed."""
    terms: dict[str, Any] = {
        "clip_norm": 1.0,
        "noise_multiplier": 1.5,
        "sampling_rate": 0.25,
        "delta": 1e-5,
        "honest_schools": 1,
        "share_std_units": 16.0,
        "modulus_bits": 24,
        "rho": 0.001,
        "batch_cap_sd": 8.0,
    }
    return MechanismTerms(**(terms | changes))


def count_rounds(events: Iterable[Event], delta: float) -> float:
    """A cheap accountant whose epsilon is the number of rounds, so that tests can do the sum by hand."""
    return float(sum(event.count for event in events))
