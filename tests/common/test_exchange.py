"""Requests and replies: signed both ways, one meaning each."""

import pytest

from common.envelope import seal
from common.errors import Corrupt, Refused
from common.exchange import REPLY, RoundReply, RoundRequest, open_reply, open_request, seal_reply, seal_request
from common.refusals import RefusalCode
from common.signing import new_identity
from tests.support.plans import campaign_plan, round_plan

COORDINATOR, SCHOOL = new_identity(), new_identity()
CAMPAIGN = campaign_plan()
PLAN = round_plan(CAMPAIGN)


def test_a_request_comes_back_whole() -> None:
    """Both plans and the model's bytes."""
    data = seal_request(COORDINATOR, RoundRequest(CAMPAIGN, PLAN, b"model"))
    request = open_request(data, coordinator_key=COORDINATOR.public_key)
    assert (request.campaign, request.plan, request.model) == (CAMPAIGN, PLAN, b"model")


def test_a_request_from_another_coordinator_is_refused() -> None:
    """Only the key that the school enrolled with."""
    data = seal_request(new_identity(), RoundRequest(CAMPAIGN, PLAN, b"model"))
    with pytest.raises(Refused):
        open_request(data, coordinator_key=COORDINATOR.public_key)


@pytest.mark.parametrize(
    "reply",
    [
        RoundReply("east", PLAN.digest, update=b"123"),
        RoundReply("east", PLAN.digest, refusal=RefusalCode.WRONG_MODEL),
    ],
)
def test_a_reply_is_an_update_or_a_refusal(reply: RoundReply) -> None:
    """And comes back as it was sent."""
    data = seal_reply(SCHOOL, reply)
    assert open_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=10_000) == reply


def test_a_school_cannot_speak_for_another() -> None:
    """The name inside must be the enrolled one."""
    data = seal_reply(SCHOOL, RoundReply("west", PLAN.digest, update=b"123"))
    with pytest.raises(Corrupt):
        open_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=10_000)


@pytest.mark.parametrize(("refusal", "payload"), [("wrong-model", b"123"), ("because", b"")])
def test_two_answers_or_an_unknown_refusal_are_corrupt(refusal: str, payload: bytes) -> None:
    """A refusal with an update, or a code that nobody knows."""
    data = seal(SCHOOL, REPLY, {"school": "east", "ctx": PLAN.digest, "refusal": refusal}, payload=payload)
    with pytest.raises(Corrupt):
        open_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=10_000)


def test_a_reply_above_the_limit_is_corrupt() -> None:
    """The coordinator knows how long an update is."""
    data = seal_reply(SCHOOL, RoundReply("east", PLAN.digest, update=bytes(5_000)))
    with pytest.raises(Corrupt):
        open_reply(data, school="east", school_key=SCHOOL.public_key, max_bytes=4_000)
