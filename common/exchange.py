"""The two messages of a round: the coordinator's request and a school's reply.

Request (kind "round-request", signed by the coordinator): the campaign plan and the round plan as text,
and the shared model's arrays as payload. Reply (kind "round-reply", signed by the school): either an update
(noised integers modulo 2^modulus_bits, little-endian, modulus_bits / 8 bytes each) or a refusal's code.
"""

from dataclasses import dataclass, field

from common.envelope import open_envelope, seal
from common.errors import Corrupt, ErrorCode
from common.plan import CampaignPlan, RoundPlan
from common.refusals import RefusalCode
from common.signing import Identity

REQUEST, REPLY = "round-request", "round-reply"
# Flower carries each message as one ConfigRecord of this name with one bytes value of this key.
RECORD_NAME, RECORD_KEY = "homeroom", "body"


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What a school is asked. `model` holds `common.arrays.to_bytes` of the shared model."""

    campaign: CampaignPlan
    plan: RoundPlan
    model: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoundReply:
    """What a school answers: exactly one of `update` and `refusal` is set."""

    school: str
    ctx: str
    update: bytes | None = field(default=None, repr=False)
    refusal: RefusalCode | None = None


def seal_request(identity: Identity, request: RoundRequest) -> bytes:
    """Signed bytes of a request."""
    fields = {
        "campaign": request.campaign.to_bytes().decode(),
        "plan": request.plan.to_bytes().decode(),
    }
    return seal(identity, REQUEST, fields, payload=request.model)


def open_request(data: bytes, *, coordinator_key: str) -> RoundRequest:
    """Refused unless signed by the coordinator that this school enrolled with; Corrupt if malformed."""
    envelope = open_envelope(data, kind=REQUEST, sender=coordinator_key)
    campaign = CampaignPlan.from_bytes(envelope.text("campaign").encode())
    plan = RoundPlan.from_bytes(envelope.text("plan").encode())
    return RoundRequest(campaign, plan, envelope.payload)


def seal_reply(identity: Identity, reply: RoundReply) -> bytes:
    """Signed bytes of a reply."""
    fields = {"school": reply.school, "ctx": reply.ctx, "refusal": reply.refusal or ""}
    return seal(identity, REPLY, fields, payload=reply.update or b"")


def open_reply(data: bytes, *, school: str, school_key: str, max_bytes: int) -> RoundReply:
    """Refused unless signed by the school's enrolled key and in its name; Corrupt if malformed."""
    envelope = open_envelope(data, kind=REPLY, sender=school_key, max_bytes=max_bytes)
    refusal = envelope.text("refusal")
    if envelope.text("school") != school or (refusal and envelope.payload):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A reply speaks for another school or says two things.")
    if not refusal:
        return RoundReply(school, envelope.text("ctx"), update=envelope.payload)
    try:
        return RoundReply(school, envelope.text("ctx"), refusal=RefusalCode(refusal))
    except ValueError as error:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A reply holds an unknown refusal.") from error
