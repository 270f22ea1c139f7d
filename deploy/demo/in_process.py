"""A consortium without a network, for the demo's control run: schools answer in this process, in turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from common.errors import ErrorCode, FixSettings, RetryLater
from server.campaign_records import find_campaign, read_model
from server.coordinator import Coordinator
from server.public_log import read_entries, signed_head
from server.published import read_opened, read_transcript
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


@dataclass(frozen=True, slots=True)
class InProcessRecord:
    """The public record read straight from a coordinator's database."""

    coordinator: Coordinator

    def signed_head(self) -> bytes:
        """As the coordinator signs it now."""
        with self.coordinator.store.read() as connection:
            return signed_head(self.coordinator, connection).signed

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """A part of the log."""
        with self.coordinator.store.read() as connection:
            return read_entries(connection, start, end)

    def start(self, campaign: str) -> bytes:
        """The campaign's first model."""
        with self.coordinator.store.read() as connection:
            return read_model(connection, find_campaign(connection, campaign).plan.model.start_digest)

    def opened_round(self, campaign: str, number: int) -> bytes:
        """A round's outcome; RetryLater while it isn't published, as over HTTPS."""
        try:
            with self.coordinator.store.read() as connection:
                return read_opened(connection, campaign, number)
        except FixSettings as error:
            raise RetryLater(ErrorCode.NOT_ENROLLED, error.sentence) from error

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """A masked round's transcript."""
        folder = self.coordinator.folder.transcripts
        with self.coordinator.store.read() as connection:
            return read_transcript(connection, folder, campaign, round_number=number, chunk=chunk)
