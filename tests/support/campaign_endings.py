"""What a campaign left behind: at the coordinator, in each school's ledger, and on each school's disk."""

from dataclasses import dataclass, field

from client.commands.opened import opened_store
from client.records.releases import InstalledRelease, installed_releases
from common.arrays import to_bytes
from common.models.release import read_release
from common.privacy.ledger_rows import charges_of, read_rows
from server.campaign_records import CampaignRecord, CampaignState, find_campaign
from server.checkpoint import load_checkpoint
from server.coordinator import Coordinator, open_coordinator
from server.journal import read_journal
from server.registry import list_releases, read_release_file
from server.round_records import read_rounds
from tests.support.consortium_folders import ConsortiumFolders

OVER = {CampaignState.RELEASED, CampaignState.REJECTED, CampaignState.STOPPED}


@dataclass(frozen=True, slots=True)
class Ending:
    """The last checkpoint and the released model, as bytes: two endings are equal only if every bit is.

    Digests of plans aren't part of it: they name the public log, which holds salted heads of schools' ledgers.
    """

    state: CampaignState
    reason: str
    round: int
    model: bytes = field(repr=False)
    velocity: bytes = field(repr=False)
    released: bytes = field(repr=False)


class CampaignRecords:
    """Reads one campaign of a consortium whose coordinator may be running; close it like a file."""

    def __init__(self, folders: ConsortiumFolders, campaign: str) -> None:
        self._folders, self._plan = folders, folders.plans[campaign]
        self.coordinator: Coordinator = open_coordinator(folders.coordinator)

    def __enter__(self) -> "CampaignRecords":
        return self

    def __exit__(self, *_: object) -> None:
        self.coordinator.close()

    def record(self) -> CampaignRecord:
        """Its state and the reason."""
        with self.coordinator.store.read() as connection:
            return find_campaign(connection, self._plan.digest)

    def is_over(self) -> bool:
        """Released, rejected or stopped."""
        return self.record().state in OVER

    def rounds_done(self) -> int:
        """Rounds with a checkpoint."""
        with self.coordinator.store.read() as connection:
            checkpoint = load_checkpoint(connection, self._plan)
        return checkpoint.round if checkpoint else 0

    def answers(self) -> dict[int, dict[str, str]]:
        """By round and school: "answered", or the state and its code, "rejected wrong-length"."""
        with self.coordinator.store.read() as connection:
            rounds = read_rounds(connection, self._plan.digest)
        return {
            one.plan.round: {answer.school: f"{answer.state} {answer.code}".strip() for answer in one.answers}
            for one in rounds
        }

    def events(self) -> list[tuple[str, int | None, str]]:
        """The journal: event, round and school, oldest first."""
        with self.coordinator.store.read() as connection:
            rows = read_journal(connection, campaign=self._plan.digest, limit=1000)
        return [(row.entry.event, row.entry.round, row.entry.school) for row in rows]

    def ending(self) -> Ending:
        """What is there now; no release leaves `released` empty."""
        with self.coordinator.store.read() as connection:
            record, checkpoint = (
                find_campaign(connection, self._plan.digest),
                load_checkpoint(connection, self._plan),
            )
        assert checkpoint is not None
        return Ending(
            record.state,
            record.reason,
            checkpoint.round,
            checkpoint.weights.model.tobytes(),
            checkpoint.weights.memory.tobytes(),
            self._released(),
        )

    def release(self) -> str:
        """The digest of the campaign's release; empty without one."""
        with self.coordinator.store.read() as connection:
            releases = list_releases(connection)
        return next((one.digest for one in releases if one.campaign == self._plan.digest), "")

    def charges(self) -> dict[str, list[int]]:
        """By school: the rounds of this campaign that its ledger was charged for, in the ledger's order."""
        return {
            school: [
                entry.round
                for entry in charges_of(read_rows(self._folders.school(school).ledger))
                if entry.campaign == self._plan.digest
            ]
            for school in self._folders.schools
        }

    def installed(self, school: str) -> list[InstalledRelease]:
        """The releases on a school's disk, newest first."""
        with opened_store(self._folders.school(school)) as store, store.read() as connection:
            return installed_releases(connection)

    def _released(self) -> bytes:
        digest = self.release()
        if not digest:
            return b""
        data = read_release_file(self.coordinator, digest)
        return to_bytes(read_release(data, self.coordinator.identity.public_key).arrays)
