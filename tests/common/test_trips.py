"""Trips: signed both ways, for one purpose each."""

import pytest

from common.envelope import seal
from common.errors import Corrupt, Refused
from common.refusals import RefusalCode
from common.signing import new_identity
from common.trips import (
    REPLY,
    REQUEST,
    Trip,
    TripReply,
    TripRequest,
    open_trip,
    open_trip_reply,
    seal_trip,
    seal_trip_reply,
)
from tests.support.plans import campaign_plan

COORDINATOR, SCHOOL = new_identity(), new_identity()
CAMPAIGN = campaign_plan()
LIMIT = 10_000


@pytest.mark.parametrize("trip", list(Trip), ids=str)
def test_a_request_comes_back_whole(trip: Trip) -> None:
    """The plan and every part."""
    request = TripRequest(trip, CAMPAIGN, {"joins": b"12", "heads": b""})
    assert open_trip(seal_trip(COORDINATOR, request), coordinator_key=COORDINATOR.public_key) == request
    with pytest.raises(Refused):
        open_trip(seal_trip(new_identity(), request), coordinator_key=COORDINATOR.public_key)


@pytest.mark.parametrize(
    "reply",
    [
        TripReply("east", Trip.DEAL, CAMPAIGN.digest, parts={"deals": b"123"}),
        TripReply("east", Trip.UNMASK, CAMPAIGN.digest, refusal=RefusalCode.MASKING_REFUSED),
    ],
)
def test_a_reply_is_parts_or_a_refusal(reply: TripReply) -> None:
    """And comes back as it was sent, for the school that signed it."""
    data = seal_trip_reply(SCHOOL, reply)
    assert open_trip_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=LIMIT) == reply
    with pytest.raises(Corrupt):
        open_trip_reply(data, school="west", school_key=SCHOOL.public_key, max_bytes=LIMIT)
    with pytest.raises(Corrupt):
        open_trip_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=50)


@pytest.mark.parametrize(
    ("trip", "refusal", "payload"),
    [("deal", "because", b""), ("deal", "masking-refused", b"12"), ("dance", "", b"")],
)
def test_unknown_words_and_two_answers_are_corrupt(trip: str, refusal: str, payload: bytes) -> None:
    """Never another exception."""
    fields = {"school": "east", "trip": trip, "campaign": CAMPAIGN.digest, "refusal": refusal}
    data = seal(SCHOOL, REPLY, fields, payload=payload)
    with pytest.raises(Corrupt):
        open_trip_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=LIMIT)


def test_a_request_for_an_unknown_trip_is_corrupt() -> None:
    """A newer coordinator can't have an older school do what it doesn't know."""
    fields = {"trip": "dance", "campaign": CAMPAIGN.to_bytes().decode()}
    with pytest.raises(Corrupt):
        open_trip(seal(COORDINATOR, REQUEST, fields), coordinator_key=COORDINATOR.public_key)
