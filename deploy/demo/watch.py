"""Watching a campaign: its rounds as they close, how long each took, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from common.errors import ErrorCode, RetryLater
from server import tables
from server.admission import AnswerState
from server.campaign_records import CampaignRecord, CampaignState, find_campaign, read_model
from server.checkpoint import load_checkpoint
from server.round_records import RoundState, read_rounds
from server.settings import CoordinatorFolder
from server.store import Store, open_store

OVER = {CampaignState.RELEASED, CampaignState.REJECTED, CampaignState.STOPPED}


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """What the coordinator's own records say when the campaign is over."""

    record: CampaignRecord
    release: str
    start_model: bytes
    median_round_seconds: float
    refusals: tuple[dict[str, Any], ...]


class CampaignWatch:
    """Reads the coordinator's database; opened once and closed by the caller."""

    def __init__(self, folder: Path, digest: str) -> None:
        self._store: Store = open_store(CoordinatorFolder(folder).database)
        self._digest = digest

    def close(self) -> None:
        """Lets the database go."""
        self._store.close()

    def rounds_done(self) -> int:
        """Rounds with a checkpoint."""
        with self._store.read() as connection:
            record = find_campaign(connection, self._digest)
            checkpoint = load_checkpoint(connection, record.plan)
        return checkpoint.round if checkpoint else 0

    def is_over(self) -> bool:
        """Released, rejected or stopped."""
        with self._store.read() as connection:
            return find_campaign(connection, self._digest).state in OVER

    def result(self) -> CampaignResult:
        """RetryLater with the coordinator's sentence unless a model was released."""
        with self._store.read() as connection:
            record = find_campaign(connection, self._digest)
            rounds = read_rounds(connection, self._digest)
            start = read_model(connection, record.plan.model.start_digest)
            seconds = _round_seconds(connection.execute(select(tables.rounds)).all())
            released = connection.execute(
                select(tables.releases.c.digest).where(tables.releases.c.campaign == self._digest)
            ).scalar_one_or_none()
        if record.state is not CampaignState.RELEASED or released is None:
            raise RetryLater(
                ErrorCode.CAMPAIGN_STOPPED,
                f"The campaign ended {record.state} instead of released. {record.reason}",
            )
        refusals = tuple(
            {"round": one.plan.round, "school": answer.school, "state": str(answer.state), "code": answer.code}
            for one in rounds
            for answer in one.answers
            if not (answer.is_good or answer.state is AnswerState.INVITED) or one.state is RoundState.FAILED
        )
        return CampaignResult(record, released, start, median(seconds), refusals)


def _round_seconds(rows: Any) -> list[float]:
    """From sending to the checkpoint."""
    times: list[tuple[datetime, datetime]] = [(r.opened_at, r.closed_at) for r in rows if r.closed_at is not None]
    return [(closed - opened).total_seconds() for opened, closed in times] or [0.0]


def follow(watch: CampaignWatch, advance: Callable[[int], None]) -> Callable[[], bool]:
    """A condition to wait for: the campaign is over. Each look tells `advance` how many rounds are done."""

    def over() -> bool:
        advance(watch.rounds_done())
        return watch.is_over()

    return over
