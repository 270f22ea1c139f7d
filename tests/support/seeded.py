"""Randomness that repeats: bytes depend on (seed, purpose, count) only, never on the order of calls."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeededRandomness:
    """A `Randomness` for tests and simulations. Never for real noise: whoever knows the seed can remove it."""

    seed: str

    def draw(self, purpose: str, count: int) -> bytes:
        """`count` bytes that look random and are the same for the same seed, purpose and count."""
        label = f"{len(self.seed)}:{self.seed}{len(purpose)}:{purpose}{count}"
        return hashlib.shake_256(label.encode()).digest(count)
