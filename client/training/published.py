"""Published: what anybody may read of a campaign's rounds, as a school's own replay asks for it."""

from typing import Protocol


class Published(Protocol):
    """Bytes as they came: nothing is verified yet. RetryLater if they can't be had now."""

    def start(self, campaign: str) -> bytes:
        """The model that a campaign starts from."""
        ...

    def opened_round(self, campaign: str, number: int) -> bytes:
        """`OpenedRound.to_bytes` of a round."""
        ...

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """A masked round's transcript, whole or with one chunk of the vectors."""
        ...
