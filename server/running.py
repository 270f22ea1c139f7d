"""A campaign under way in this process: what stays the same from its first message to its end."""

from dataclasses import dataclass, field

from common.logs import EventLog
from common.plan import CampaignPlan
from server.campaign_records import CampaignState, find_campaign, set_state
from server.coordinator import Coordinator
from server.transport import Pace, Transport

_log = EventLog("campaign")


@dataclass(frozen=True, slots=True)
class Running:
    """Who is asked, who asks, for what, and how to wait. start_model: the bytes of the approved start."""

    transport: Transport
    coordinator: Coordinator
    campaign: CampaignPlan
    pace: Pace
    start_model: bytes = field(repr=False)

    @property
    def deadline_seconds(self) -> float:
        """For every trip."""
        return self.campaign.round_deadline_seconds


def is_wanted(running: Running) -> bool:
    """Whether the operator still wants the campaign to run."""
    with running.coordinator.store.read() as connection:
        return find_campaign(connection, running.campaign.digest).wanted


def move_on(running: Running, state: CampaignState, reason: str = "") -> None:
    """Writes the campaign's new state down."""
    at = running.coordinator.clock.now()
    with running.coordinator.store.write() as connection:
        set_state(connection, running.campaign.digest, state, at=at, reason=reason)
    _log.info("campaign-state", campaign=running.campaign.campaign, state=str(state), reason=reason)
