"""Rules about time: P14 the training hours and the clock, and the administrator's pause."""

from datetime import datetime, time

from client.federation.school_state import SchoolState
from client.settings import PolicySettings, zone
from common.exchange import RoundRequest
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode


def check_paused(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """An administrator has stopped training. That is the school's own business, so only a bare no leaves."""
    if not state.paused:
        return None
    return Refusal(
        RefusalCode.NOT_TAKING_PART,
        "This school doesn't take part today.",
        local_reason="Training is paused here by an administrator.",
    )


def check_clock(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P14: the request was sent now, by this school's clock, and not so long ago that its round is over."""
    age = state.now.timestamp() - request.sent_at_seconds
    longest = request.campaign.round_deadline_seconds + policy.clock_tolerance_seconds
    if -policy.clock_tolerance_seconds <= age <= longest:
        return None
    what = f"was sent {age:.0f} seconds ago" if age > 0 else f"will be sent in {-age:.0f} seconds"
    return Refusal(RefusalCode.CLOCK_DIFFERS, f"By this school's clock the request {what}.")


def check_hours(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P14: this school trains at this time of day."""
    local = state.now.astimezone(zone(policy.time_zone))
    if in_training_hours(local, policy.training_hours):
        return None
    return Refusal(
        RefusalCode.OUTSIDE_TRAINING_HOURS,
        f"It is {local:%H:%M} here; this school trains {hours_in_words(policy)}.",
    )


def in_training_hours(local: datetime, hours: tuple[str, ...]) -> bool:
    """Whether a local time lies in one of the windows; always, if there is none. The end isn't in a window."""
    return not hours or any(_holds(window, local.time()) for window in hours)


def hours_in_words(policy: PolicySettings) -> str:
    """When this school trains."""
    if not policy.training_hours:
        return "at any time"
    return f"{' and '.join(policy.training_hours)} ({policy.time_zone})"


def _holds(window: str, now: time) -> bool:
    start, end = window.split("-")
    minute, first, last = now.hour * 60 + now.minute, _minutes(start), _minutes(end)
    return first <= minute < last if first < last else minute >= first or minute < last


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
