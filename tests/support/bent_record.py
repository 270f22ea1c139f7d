"""A coordinator's whole public record in memory, as it was or bent in one place, as a liar would show it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from common.errors import ErrorCode, RetryLater
from common.log_entries import LogEntry, Opened, entry_bytes, read_entry
from common.opened_round import OpenedRound
from common.plan import CampaignPlan
from common.signed_head import sign_head
from common.signing import Identity
from common.transparency import frontier_of, leaf_hash
from server.coordinator import Coordinator
from server.public_log import read_entries, signed_head
from server.published import read_opened, read_transcript
from server.registry import list_releases, read_release_file


@dataclass(slots=True)
class BentRecord:
    """A `PublicRecord` of one campaign, and its releases' files. withheld: what isn't handed out, by name.

    deals: what one school received with each round's request.
    """

    identity: Identity
    campaign: CampaignPlan
    first_model: bytes = field(repr=False)
    log: list[bytes] = field(repr=False)
    head: bytes = field(repr=False)
    rounds: dict[int, bytes] = field(repr=False)
    transcripts: dict[int, bytes] = field(default_factory=dict, repr=False)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    deals: dict[int, bytes] = field(default_factory=dict, repr=False)
    withheld: set[str] = field(default_factory=set)
    reachable: bool = True

    def copy(self) -> "BentRecord":
        """To be bent."""
        return replace(
            self,
            log=list(self.log),
            rounds=dict(self.rounds),
            transcripts=dict(self.transcripts),
            files=dict(self.files),
            withheld=set(self.withheld),
        )

    def sign(self) -> None:
        """The coordinator's word on the log as it is now."""
        root = frontier_of([leaf_hash(entry) for entry in self.log]).root().hex()
        self.head = sign_head(self.identity, consortium="Valley", size=len(self.log), root=root, at="later").signed

    def rewrite(self, change: Callable[[LogEntry], LogEntry | None]) -> None:
        """Another history under the coordinator's signature: each entry as changed, or left out."""
        changed = [change(read_entry(data)) for data in self.log]
        self.log = [entry_bytes(entry) for entry in changed if entry is not None]
        self.sign()

    def publish(self, opened: OpenedRound) -> None:
        """Another outcome of a round, which the log goes along with."""
        number = opened.plan.round
        self.rounds[number] = opened.to_bytes()

        def change(entry: LogEntry) -> LogEntry:
            if isinstance(entry, Opened) and entry.round == number:
                return entry.model_copy(update={"outcome": opened.digest})
            return entry

        self.rewrite(change)

    def outcome(self, number: int) -> OpenedRound:
        """What is published of a round."""
        return OpenedRound.from_bytes(self.rounds[number])

    def signed_head(self) -> bytes:
        """As it was signed last."""
        return self._give("head", self.head)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Three at a time."""
        self._give("log", b"")
        return self.log[start : min(end, start + 3)]

    def start(self, campaign: str) -> bytes:
        """The start model."""
        return self._give("start", self.first_model)

    def opened_round(self, campaign: str, number: int) -> bytes:
        """A round's outcome."""
        return self._give(f"round {number}", self.rounds.get(number))

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """A round's transcript, whole."""
        return self._give(f"transcript {number}", self.transcripts.get(number))

    def release(self, digest: str) -> bytes:
        """A release's file."""
        return self._give("release", self.files.get(digest))

    def _give(self, what: str, data: bytes | None) -> bytes:
        if not self.reachable:
            raise RetryLater(ErrorCode.UNREACHABLE, "The coordinator doesn't answer.")
        if data is None or what in self.withheld:
            raise RetryLater(ErrorCode.NOT_ENROLLED, "The coordinator doesn't accept this request.")
        return data


def record_of(coordinator: Coordinator, campaign: CampaignPlan, first_model: bytes) -> BentRecord:
    """Everything that the coordinator publishes now."""
    with coordinator.store.read() as connection:
        log = read_entries(connection, 0, 10_000)
        outcomes = [entry for entry in map(read_entry, log) if isinstance(entry, Opened)]
        numbers = [entry.round for entry in outcomes if entry.campaign == campaign.digest]
        rounds = {number: read_opened(connection, campaign.digest, number) for number in numbers}
        folder, masked = coordinator.folder.transcripts, campaign.secure_aggregation
        transcripts = {
            number: read_transcript(connection, folder, campaign.digest, round_number=number, chunk=None)
            for number, data in rounds.items()
            if masked and OpenedRound.from_bytes(data).state == "opened"
        }
        head = signed_head(coordinator, connection).signed
        digests = [record.digest for record in list_releases(connection)]
    files = {digest: read_release_file(coordinator, digest) for digest in digests}
    return BentRecord(
        coordinator.identity, campaign, first_model, log=log, head=head, rounds=rounds, transcripts=transcripts,
        files=files,
    )  # fmt: skip
