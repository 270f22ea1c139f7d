"""The public record read straight from a coordinator's database, without a network."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.errors import ErrorCode, FixSettings, RetryLater
from server.campaign_records import find_campaign, read_model
from server.coordinator import Coordinator
from server.public_log import read_entries, signed_head
from server.published import read_opened, read_transcript


@dataclass(frozen=True, slots=True)
class DirectRecord:
    """A `PublicLog` and a `Published`; nothing can be had while `unreachable`."""

    coordinator: Coordinator
    unreachable: bool = False

    def signed_head(self) -> bytes:
        """As the coordinator signs it now."""
        self._reach()
        with self.coordinator.store.read() as connection:
            return signed_head(self.coordinator, connection).signed

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Two at a time, so that followers have to ask again."""
        self._reach()
        with self.coordinator.store.read() as connection:
            return read_entries(connection, start, min(end, start + 2))

    def start(self, campaign: str) -> bytes:
        """The campaign's first model."""
        self._reach()
        with self.coordinator.store.read() as connection:
            return read_model(connection, find_campaign(connection, campaign).plan.model.start_digest)

    def opened_round(self, campaign: str, number: int) -> bytes:
        """A round's outcome; RetryLater while it isn't published, as over HTTPS."""
        self._reach()
        try:
            with self.coordinator.store.read() as connection:
                return read_opened(connection, campaign, number)
        except FixSettings as error:
            raise RetryLater(ErrorCode.NOT_ENROLLED, error.sentence) from error

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """A masked round's transcript."""
        self._reach()
        with self.coordinator.store.read() as connection:
            return read_transcript(connection, self.coordinator.folder.transcripts, campaign, number, chunk=chunk)

    def _reach(self) -> None:
        if self.unreachable:
            raise RetryLater(ErrorCode.UNREACHABLE, "The coordinator can't be reached.")
