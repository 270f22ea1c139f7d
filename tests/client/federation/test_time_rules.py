"""P14 and the pause: when this school trains, whose clock counts, and how an administrator stops it."""

from datetime import datetime, timedelta

import pytest

from client.federation.policy import decide_campaign
from client.federation.time_rules import hours_in_words, in_training_hours
from client.settings import PolicySettings
from common.refusals import RefusalCode
from tests.support.judging import must_permit, must_refuse, request_for, sound_campaign, state
from tests.support.stores import NOW


@pytest.mark.parametrize(
    ("hours", "time", "inside"),
    [
        ((), "03:00", True),
        (("18:00-22:00",), "17:59", False),
        (("18:00-22:00",), "18:00", True),
        (("18:00-22:00",), "21:59", True),
        (("18:00-22:00",), "22:00", False),
        (("18:00-06:00",), "23:30", True),
        (("18:00-06:00",), "05:59", True),
        (("18:00-06:00",), "06:00", False),
        (("18:00-24:00",), "23:59", True),
        (("06:00-07:00", "18:00-19:00"), "18:30", True),
        (("06:00-07:00", "18:00-19:00"), "12:00", False),
        (("08:00-08:00",), "12:00", True),
    ],
)
def test_p14_training_hours_are_windows_that_may_pass_midnight(
    hours: tuple[str, ...], time: str, inside: bool
) -> None:
    """The first minute is in, the last is out; equal ends are a whole day."""
    assert in_training_hours(datetime.fromisoformat(f"2026-09-01T{time}:30"), hours) is inside


def test_p14_hours_are_those_of_the_schools_time_zone() -> None:
    """08:00 UTC is 10:00 in Berlin in summer."""
    request = request_for(sound_campaign())
    zoned = {"training_hours": ["10:00-11:00"], "time_zone": "Europe/Berlin"}
    must_permit(request, policy=PolicySettings.model_validate(zoned))
    utc = PolicySettings.model_validate({"training_hours": ["10:00-11:00"]})
    refusal = must_refuse(request, policy=utc)
    assert refusal.code is RefusalCode.OUTSIDE_TRAINING_HOURS
    assert refusal.sentence == "It is 08:00 here; this school trains 10:00-11:00 (UTC)."


def test_hours_in_words() -> None:
    """For the administrator's page."""
    assert hours_in_words(PolicySettings()) == "at any time"
    two = PolicySettings.model_validate({"training_hours": ["06:00-07:00", "18:00-19:00"]})
    assert hours_in_words(two) == "06:00-07:00 and 18:00-19:00 (UTC)"


@pytest.mark.parametrize(
    ("late_by", "accepted"), [(-301, False), (-299, True), (0, True), (329, True), (331, False)]
)
def test_p14_a_request_is_neither_from_the_future_nor_from_a_round_that_is_over(
    late_by: int, accepted: bool
) -> None:
    """300 seconds of tolerance, and 30 more for the round's own deadline."""
    request = request_for(sound_campaign(), sent_at=NOW - timedelta(seconds=late_by))
    if accepted:
        must_permit(request)
    else:
        assert must_refuse(request).code is RefusalCode.CLOCK_DIFFERS


def test_p14_the_tolerance_is_the_schools_own() -> None:
    """A school with a good clock may be stricter."""
    request = request_for(sound_campaign(), sent_at=NOW + timedelta(seconds=10))
    must_permit(request)
    strict = PolicySettings(clock_tolerance_seconds=5)
    assert must_refuse(request, policy=strict).code is RefusalCode.CLOCK_DIFFERS


def test_a_paused_school_refuses_everything_and_tells_nobody_why() -> None:
    """Rounds and the trips that set masking up; the reason stays on the administrator's page."""
    refusal = must_refuse(request_for(sound_campaign()), state(paused=True))
    assert refusal.code is RefusalCode.NOT_TAKING_PART
    assert "pause" not in refusal.sentence
    assert "paused" in refusal.local_reason
    assert decide_campaign(sound_campaign(), state(paused=True), PolicySettings()) == refusal
