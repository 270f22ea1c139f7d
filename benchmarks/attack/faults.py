"""Seeded faults: defects of the product's round code, put in from outside for as long as a block runs.

The product has no switch for any of them. Each replaces one name of one module, or the randomness that a school is
opened with, and puts the original back.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from client.training.contribution import update_sum
from common.privacy.clipping import ClippedSum, clip_factors
from common.privacy.noise import rounded_gaussian
from common.privacy.randomness import Randomness, SystemRandomness

# Replacement by "module:name".
Replacements = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Fault:
    """what: in words. replacements: what stands in for what. randomness: of the school, if that is the fault."""

    name: str
    what: str
    replacements: Replacements = field(default_factory=dict, repr=False)
    randomness: Callable[[], Randomness] = SystemRandomness


@contextmanager
def seeded(replacements: Replacements) -> Iterator[None]:
    """The product with these names replaced."""
    with ExitStack() as stack:
        for place, stand_in in replacements.items():
            module_name, _, name = place.partition(":")
            module = importlib.import_module(module_name)
            stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, stand_in)
        yield


class RepeatedNoise:
    """Secret bytes from the operating system, but one key for all noise: noise that is drawn once and reused."""

    def __init__(self) -> None:
        self._system, self._key = SystemRandomness(), SystemRandomness().draw("noise", 32)

    def draw(self, purpose: str, count: int) -> bytes:
        """The same for every round's noise."""
        return self._key[:count] if purpose.startswith("noise/") else self._system.draw(purpose, count)


class ShuffledDraw:
    """Batches of a shuffled list in turn instead of Poisson draws: everybody is drawn equally often."""

    def __init__(self) -> None:
        self._waiting: list[str] = []

    def __call__(self, students: Sequence[str], rate: float, key: bytes, *, cap: int) -> tuple[str, ...]:
        """In place of `poisson_sample`."""
        size = int(rate * len(students))  # rounded down, so that an odd one out doesn't cost every second batch
        if len(self._waiting) < size:
            seed = int.from_bytes(key[:8], "big")
            self._waiting = list(np.random.default_rng(seed).permutation(sorted(students)))
        batch, self._waiting = self._waiting[:size], self._waiting[size:]
        return tuple(sorted(map(str, batch)))


def all_faults() -> tuple[Fault, ...]:
    """The ones that the audit has to find; made anew, since some remember what they did."""
    return (
        Fault(
            "half_noise",
            "the noise has half its standard deviation",
            {"common.privacy.mechanism:rounded_gaussian": _half_noise},
        ),
        Fault("no_clip", "contributions aren't clipped", {"client.training.engine:clip_factors": _no_clip}),
        Fault(
            "doubled_clip",
            "contributions are clipped at twice the norm",
            {"client.training.engine:clip_factors": _doubled_clip},
        ),
        Fault("reused_noise", "the noise is drawn once and used in every round", randomness=RepeatedNoise),
        Fault(
            "windows_clipped_apart",
            "each window of a student is clipped by itself",
            {"client.training.contribution:update_sum": _windows_apart},
        ),
        Fault(
            "shuffled_batches",
            "batches are dealt from a shuffled list instead of drawn",
            {"client.training.draw:poisson_sample": ShuffledDraw()},
        ),
    )


def _half_noise(values: NDArray[np.float64], std: float, key: bytes) -> NDArray[np.int64]:
    return rounded_gaussian(values, std / 2, key)


def _no_clip(squared_norms: NDArray[np.floating], clip_norm: float) -> NDArray[np.float64]:
    return (clip_factors(squared_norms, clip_norm) > 0).astype(np.float64)


def _doubled_clip(squared_norms: NDArray[np.floating], clip_norm: float) -> NDArray[np.float64]:
    return clip_factors(squared_norms, 2 * clip_norm)


def _windows_apart(terms: Any, arrays: Any, students: Sequence[Any], **more: Any) -> ClippedSum:
    apart = [(window,) for windows in students for window in windows]
    return update_sum(terms, arrays, apart, **more)
