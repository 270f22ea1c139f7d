"""Waiting for a condition of another process, with a limit."""

import time
from collections.abc import Callable


def must_become(condition: Callable[[], bool], limit_seconds: float = 20.0) -> None:
    """Returns as soon as `condition()` is true; fails the test if it isn't in time."""
    until = time.monotonic() + limit_seconds
    while not condition():
        assert time.monotonic() < until, "the condition was not met in time"
        time.sleep(0.02)
