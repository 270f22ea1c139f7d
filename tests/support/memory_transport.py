"""A transport without a network: each school is a function from the request's bytes to the reply's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from server.transport import Lost, Pace

# A school's `join_round` with its folder bound: reply bytes, Lost, or None for a school that never answers.
MemorySchool = Callable[[bytes], bytes | Lost | None]


@dataclass(slots=True)
class MemoryTransport:
    """Asks every school at once when messages are sent, and hands the replies out at the next look.

    hidden: schools that aren't connected at the moment. sent: every message so far, in order.
    """

    schools: Mapping[str, MemorySchool]
    hidden: set[str] = field(default_factory=set)
    sent: list[dict[str, bytes]] = field(default_factory=list)
    _arrived: dict[str, bytes | Lost] = field(default_factory=dict)

    def available(self) -> frozenset[str]:
        """Every school that isn't hidden."""
        return frozenset(self.schools) - self.hidden

    def send(self, requests: Mapping[str, bytes]) -> None:
        """Runs the schools in the order of their names; hidden ones get nothing."""
        self.sent.append(dict(requests))
        self._arrived.clear()
        for school in sorted(set(requests) & self.available()):
            reply = self.schools[school](requests[school])
            if reply is not None:
                self._arrived[school] = reply

    def collect(self) -> dict[str, bytes | Lost]:
        """What the schools answered since the last call."""
        arrived = dict(self._arrived)
        self._arrived.clear()
        return arrived


@dataclass(slots=True)
class SteppedTime:
    """A clock that moves by one second per pause, so that tests wait for nothing."""

    now_seconds: float = 0.0
    pauses: int = 0

    def pace(self) -> Pace:
        """The pace that reads and moves this clock."""
        return Pace(lambda: self.now_seconds, self._pause)

    def _pause(self) -> None:
        self.now_seconds += 1.0
        self.pauses += 1
