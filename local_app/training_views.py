"""Whether, when and with which public log this school trains, in words for the administrator's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from client.federation.approvals import KnownCampaign
from client.federation.enrolment import load_enrolment
from client.federation.log_follower import equivocation_proofs
from client.federation.log_state import load_log_state
from client.federation.time_rules import hours_in_words, in_training_hours
from client.records.refusals import StoredRefusal
from client.records.training_pause import TrainingPause
from client.settings import PolicySettings, SchoolFolder, zone
from client.training.masking_store import MaskingStore
from common.errors import Corrupt, FixSettings, Refused
from common.privacy.secagg.state import HolderState
from common.signed_head import open_head

NOT_READ = "This school hasn't read the consortium's public log yet."


@dataclass(frozen=True, slots=True)
class LogView:
    """The state of the public log as this school has read it; `warning` is what is wrong with it."""

    sentence: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class TrainingView:
    """paused: whether the switch is off. unproven: about rounds without a proof, "" if no round was masked."""

    paused: bool
    sentence: str
    hours: str
    log: LogView
    unproven: str


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """One refusal: what was asked, why not, and what stays here of the reason."""

    at: datetime
    what: str
    sentence: str
    reason: str


def training_view(
    policy: PolicySettings, last: TrainingPause | None, *, now: datetime, log: LogView, unproven: int | None
) -> TrainingView:
    """last: how the switch was last set, with the name for the page."""
    paused = last is not None and last.paused
    sentence = "Training is on." if last is None else f"Training is {'paused' if paused else 'on'}, by {last.by}, "
    if last is not None:
        sentence += f"since {last.at:%d %B %Y, %H:%M} UTC."
    return TrainingView(paused, sentence, _hours(policy, now), log, _unproven(unproven))


def log_view(folder: SchoolFolder) -> LogView:
    """The newest signed head that fits what was read, and proofs that the coordinator signed two histories."""
    try:
        enrolment = load_enrolment(folder.enrolment)
        state = load_log_state(folder.public_log, enrolment.school)
        head = open_head(state.head, coordinator_key=enrolment.coordinator_key) if state.head else None
    except FixSettings:
        return LogView("This school hasn't joined a consortium.")
    except (Corrupt, Refused) as error:
        return LogView(NOT_READ, warning=error.sentence)
    proofs = [path.name for path in equivocation_proofs(folder.path)]
    warning = (
        f"The coordinator has signed two histories. The proof is in this school's folder: {', '.join(proofs)}. "
        "Show it to the other schools. Training stays off until the file is moved away."
        if proofs
        else ""
    )
    if head is None:
        return LogView(NOT_READ, warning)
    entries = "1 entry" if head.size == 1 else f"{head.size} entries"
    sentence = f"Newest signed head that this school has read: {entries}, signed {_moment(head.at)}."
    return LogView(sentence, warning)


def unproven_rounds(folder: SchoolFolder, campaigns: Iterable[KnownCampaign]) -> int | None:
    """Over the approved masked campaigns; None if there is no masking record that could be read."""
    store = MaskingStore(folder.masking)
    counts = []
    for campaign in campaigns:
        try:
            record = store.read(campaign.digest) if campaign.approved else None
            counts += [] if record is None else [HolderState.from_bytes(record.holder).unproven]
        except Corrupt:
            return None  # the link names a damaged record when it needs it
    return sum(counts) if counts else None


def refusal_rows(refusals: Iterable[StoredRefusal]) -> tuple[RefusalRow, ...]:
    """Every refusal as a sentence, with the reason that never leaves."""
    return tuple(
        RefusalRow(one.at, _what(one), one.refusal.sentence, one.refusal.local_reason) for one in refusals
    )


def _what(one: StoredRefusal) -> str:
    if not one.campaign:
        return "a message"
    return f"{one.campaign}, round {one.round}" if one.round else one.campaign


def _hours(policy: PolicySettings, now: datetime) -> str:
    words = hours_in_words(policy)
    if not policy.training_hours:
        return f"This school trains {words}."
    local = now.astimezone(zone(policy.time_zone))
    is_now = "now" if in_training_hours(local, policy.training_hours) else "not now"
    return f"This school trains {words}: {is_now}, at {local:%H:%M}."


def _unproven(count: int | None) -> str:
    if count is None:
        return ""
    if count == 0:
        return "Every masked round so far ended with a proof that all schools were told the same."
    rounds = "1 masked round" if count == 1 else f"{count} masked rounds"
    return (
        f"{rounds} ended without a proof that all schools were told the same. Such a round is safe and was "
        "charged. After two in a campaign this school takes part in no more of its rounds."
    )


def _moment(at: str) -> str:
    try:
        return f"{datetime.fromisoformat(at):%d %B %Y, %H:%M} UTC"
    except ValueError:
        return "at a time that can't be read"
