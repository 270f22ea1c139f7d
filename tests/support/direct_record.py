"""The public record read straight from a coordinator's database, without a network, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.errors import ErrorCode, RetryLater
from deploy.demo.in_process import InProcessRecord
from server.coordinator import Coordinator


@dataclass(frozen=True, slots=True)
class DirectRecord:
    """A `PublicLog` and a `Published`; nothing can be had while `unreachable`."""

    coordinator: Coordinator
    unreachable: bool = False

    def signed_head(self) -> bytes:
        """As the coordinator signs it now."""
        return self._record().signed_head()

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Two at a time, so that followers have to ask again."""
        return self._record().entries(start, min(end, start + 2))

    def start(self, campaign: str) -> bytes:
        """The campaign's first model."""
        return self._record().start(campaign)

    def opened_round(self, campaign: str, number: int) -> bytes:
        """A round's outcome."""
        return self._record().opened_round(campaign, number)

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """A masked round's transcript."""
        return self._record().transcript(campaign, number, chunk)

    def _record(self) -> InProcessRecord:
        if self.unreachable:
            raise RetryLater(ErrorCode.UNREACHABLE, "The coordinator can't be reached.")
        return InProcessRecord(self.coordinator)
