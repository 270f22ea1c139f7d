"""Supervisor: keeps Flower running, its roster up to date, and the campaign that the operator wants under way."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from common.errors import HomeroomError
from common.logs import EventLog
from server.campaign_records import CampaignRecord, CampaignState, list_campaigns, set_state
from server.checkpoint import load_checkpoint
from server.coordinator import Coordinator
from server.flower_host import FlowerHost
from server.schools import School, roster

# A campaign's process that ends this often without finishing a round won't do better the next time.
MOST_STARTS_WITHOUT_A_ROUND = 3
# Asking Flower for its runs starts a command, so it isn't asked at every look.
LOOKS_BETWEEN_QUESTIONS = 15

_log = EventLog("supervisor")


@dataclass(slots=True)
class Supervisor:
    """One look after another at what should run. Calls come from the loop and from web requests: one at a time."""

    coordinator: Coordinator
    host: FlowerHost
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _registered: dict[str, str] = field(default_factory=dict)
    _under_way: str = ""  # digest of the campaign that was started last and is still wanted
    _started_before: bool = False
    _looks: int = 0
    _starts: dict[tuple[str, int], int] = field(default_factory=dict)

    def start(self) -> None:
        """Starts Flower and registers the roster."""
        with self._lock:
            self.host.start()
            self._registered, self._under_way, self._started_before = {}, "", False
            self.register_roster()

    def register_roster(self) -> None:
        """Tells Flower which schools there are, if that has changed."""
        with self._lock:
            with self.coordinator.store.read() as connection:
                keys = {school.member.school: school.node_key for school in roster(connection)}
            if keys != self._registered:
                self.host.register(keys)
                self._registered = keys

    def on_enrol(self, school: School) -> None:
        """Registers a school before it hears that it is enrolled; if Flower fails, the next look tries again."""
        try:
            self.register_roster()
        except HomeroomError as error:
            _log.warning("register-failed", school=school.member.school, code=str(error.code))

    def look(self) -> None:
        """One round of looking: Flower alive, roster registered, wanted campaigns running."""
        with self._lock:
            if not self.host.alive:
                _log.warning("flower-ended")
                self.start()
            self.register_roster()
            wanted = self._wanted()
            if wanted is None:
                self._under_way = ""
            elif wanted.digest != self._under_way or self._has_ended():
                self._start_campaign(wanted)

    def run(self, *, stopping: threading.Event, pause: Callable[[], None]) -> None:
        """Looks until `stopping` is set. An error is logged and the next look tries again."""
        while not stopping.is_set():
            try:
                self.look()
            except HomeroomError as error:
                _log.error("look-failed", code=str(error.code), reason=error.sentence)
            except Exception as error:  # noqa: BLE001 - the loop must outlive any fault of one look
                _log.error("look-failed", kind=type(error).__name__)
            pause()

    def stop(self) -> None:
        """Ends Flower and with it a campaign under way, whose checkpoint stays."""
        with self._lock:
            self.host.stop()

    def _wanted(self) -> CampaignRecord | None:
        """The campaign to run: one at a time, the one under way before others, else the oldest."""
        with self.coordinator.store.read() as connection:
            wanted = [record for record in reversed(list_campaigns(connection)) if record.wanted]
        under_way = (record for record in wanted if record.digest == self._under_way)
        return next(under_way, wanted[0] if wanted else None)

    def _has_ended(self) -> bool:
        self._looks += 1
        return self._looks % LOOKS_BETWEEN_QUESTIONS == 0 and not self.host.running()

    def _start_campaign(self, record: CampaignRecord) -> None:
        # The process of a campaign that was just stopped may still be finishing its round.
        if self._started_before and self.host.running():
            return
        if self._starts_so_far(record) >= MOST_STARTS_WITHOUT_A_ROUND:
            self._give_up(record)
            return
        self.host.start_campaign(record.digest)
        self._under_way, self._started_before, self._looks = record.digest, True, 0
        _log.info("campaign-started", campaign=record.plan.campaign)

    def _starts_so_far(self, record: CampaignRecord) -> int:
        """How often this campaign was started since its last finished round; counts this start too."""
        with self.coordinator.store.read() as connection:
            checkpoint = load_checkpoint(connection, record.plan)
        key = (record.digest, checkpoint.round if checkpoint else 0)
        starts = self._starts.get(key, 0)
        self._starts[key] = starts + 1
        return starts

    def _give_up(self, record: CampaignRecord) -> None:
        reason = (
            f"The campaign's own process ended {MOST_STARTS_WITHOUT_A_ROUND} times without finishing a round; "
            "campaign.log in the folder flower says why. Start it again when that is mended."
        )
        at = self.coordinator.clock.now()
        with self.coordinator.store.write() as connection:
            set_state(connection, record.digest, CampaignState.STOPPED, at=at, reason=reason)
        self._starts = {key: count for key, count in self._starts.items() if key[0] != record.digest}
        _log.error("campaign-given-up", campaign=record.plan.campaign)
