"""The door that measured schools come through; today the SuperLink's own loopback port."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.exchange_world import World

DOOR = "straight to the SuperLink"


@contextmanager
def gate(made: World) -> Iterator[str]:
    """The address that schools connect to."""
    yield made.flower.address
