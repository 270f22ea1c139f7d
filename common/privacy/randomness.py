"""Where secret random bytes come from: the operating system in earnest, a seed in tests."""

import os
from typing import Protocol


class Randomness(Protocol):
    """A source of secret bytes. A purpose is used once, so that noise and draws never share bytes."""

    def draw(self, purpose: str, count: int) -> bytes:
        """`count` bytes for one purpose, such as "noise/<ctx>"."""
        ...


class SystemRandomness:
    """The operating system's generator: fresh bytes at every call, whatever the purpose."""

    def draw(self, purpose: str, count: int) -> bytes:
        """`count` fresh bytes; `purpose` only tells seeded sources apart."""
        return os.urandom(count)
