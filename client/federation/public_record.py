"""The public record as a school reads it: the consortium's log, and what is published of each round.

Bytes are returned as they came. Whoever asks verifies them; nobody is believed because of where they came from.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from client.federation.coordinator_api import CoordinatorApi, fetch_bytes, fetch_texts
from client.training.published import Published
from common.errors import Corrupt, ErrorCode
from common.signed_head import MAX_HEAD_BYTES


class PublicLog(Protocol):
    """The log. RetryLater if it can't be had now."""

    def signed_head(self) -> bytes:
        """The coordinator's newest signed head."""
        ...

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries from place `start` to before `end`; a part of them if that is a lot, none if there are none."""
        ...


class PublicRecord(PublicLog, Published, Protocol):
    """Everything that every school may read: the log, and what is published of each round."""


@dataclass(frozen=True, slots=True)
class HttpsRecord:
    """The coordinator's own, over HTTPS. It is a `PublicLog` and what `client.training.published` asks for."""

    api: CoordinatorApi

    def signed_head(self) -> bytes:
        """The coordinator's newest signed head."""
        return fetch_bytes(self.api, "/api/log/head", limit_bytes=MAX_HEAD_BYTES)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Entries from place `start` to before `end`, or the first of them."""
        try:
            found = fetch_texts(self.api, f"/api/log/entries?start={start}&end={end}", "entries")
            return [b64decode(entry, validate=True) for entry in found]
        except NotBase64 as error:
            raise Corrupt(ErrorCode.BAD_MESSAGE, "The coordinator's answer isn't a part of a log.") from error

    def start(self, campaign: str) -> bytes:
        """The model that a campaign starts from."""
        return fetch_bytes(self.api, f"/api/campaigns/{campaign}/start")

    def opened_round(self, campaign: str, number: int) -> bytes:
        """`OpenedRound.to_bytes` of a round."""
        return fetch_bytes(self.api, f"/api/campaigns/{campaign}/rounds/{number}")

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """A masked round's transcript, whole or with one chunk of the vectors."""
        part = "" if chunk is None else f"?chunk={chunk}"
        return fetch_bytes(self.api, f"/api/campaigns/{campaign}/rounds/{number}/transcript{part}")
