"""Transport: how a round's bytes reach the schools and come back, and how the coordinator waits meanwhile."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lost:
    """A school whose answer won't come in this round: it left, or its program failed. `reason` is a code."""

    reason: str


class Transport(Protocol):
    """Carries messages and decides nothing. Flower's is `server.flower_transport`; tests use memory."""

    def available(self) -> frozenset[str]:
        """The schools that can be reached now."""
        ...

    def send(self, requests: Mapping[str, bytes]) -> None:
        """Sends each school its bytes. Replies to whatever was sent before are given up for good.

        RetryLater when the messages can't be handed over.
        """
        ...

    def collect(self) -> Mapping[str, bytes | Lost]:
        """What has arrived since the last call, by school; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How to wait: a clock that never jumps, and a pause between two looks.

    seconds: a monotonic reading. pause: waits for a moment; tests move their clock instead.
    """

    seconds: Callable[[], float]
    pause: Callable[[], None]

    def until(self, found: Callable[[], bool], deadline_seconds: float) -> bool:
        """Looks until `found()` or until `deadline_seconds` from now have passed; the last answer of `found`."""
        end = self.seconds() + deadline_seconds
        while not found():
            if self.seconds() >= end:
                return False
            self.pause()
        return True


def system_pace(poll_seconds: float) -> Pace:
    """The machine's clock, with `poll_seconds` between two looks."""
    return Pace(time.monotonic, lambda: time.sleep(poll_seconds))
