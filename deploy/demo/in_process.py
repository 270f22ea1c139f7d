"""A transport without a network, for the demo's control run: schools answer in this process, in turn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from server.transport import Lost


@dataclass(slots=True)
class InProcessTransport:
    """Each school is a function from a request's bytes to a reply's. advance hears how often was sent."""

    schools: Mapping[str, Callable[[bytes], bytes]]
    advance: Callable[[int], None]
    _sent: int = 0
    _arrived: dict[str, bytes | Lost] = field(default_factory=dict)

    def available(self) -> frozenset[str]:
        """Every school."""
        return frozenset(self.schools)

    def send(self, requests: Mapping[str, bytes]) -> None:
        """Has every school answer at once."""
        self._sent += 1
        self.advance(self._sent)
        self._arrived = {school: self.schools[school](requests[school]) for school in sorted(requests)}

    def collect(self) -> dict[str, bytes | Lost]:
        """The answers, once."""
        arrived, self._arrived = self._arrived, {}
        return arrived
