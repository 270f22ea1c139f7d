"""The two messages of a round: the coordinator's request and a school's reply.

Request (kind "round-request", signed by the coordinator): the campaign plan and the round plan as text, when it
was sent, and as payload the shared model's arrays and, with masking, the deals for this school and the evidence
of the round before. Reply (kind "round-reply", signed by the school): either an update (noised integers modulo
2^modulus_bits, masked if the plan says so, little-endian, modulus_bits / 8 bytes each) with what belongs to it,
or a refusal's code. The names of parts are in docs/architecture.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.envelope import open_envelope, seal
from common.errors import Corrupt, ErrorCode
from common.plan import CampaignPlan, RoundPlan
from common.refusals import RefusalCode
from common.sections import join_sections, split_sections
from common.signing import Identity

REQUEST, REPLY = "round-request", "round-reply"
# Flower carries each message as one ConfigRecord of this name with one bytes value of this key.
RECORD_NAME, RECORD_KEY = "homeroom", "body"
_MODEL, _UPDATE = "model", "update"


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What a school is asked. `model` holds `common.arrays.to_bytes` of the shared model.

    sent_at_seconds: unix time at the coordinator. It is signed but no part of the plan: the same plan may be
    sent again later.
    """

    campaign: CampaignPlan
    plan: RoundPlan
    model: bytes = field(repr=False)
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    sent_at_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RoundReply:
    """What a school answers: exactly one of `update` and `refusal` is set; `parts` belong to an update."""

    school: str
    ctx: str
    update: bytes | None = field(default=None, repr=False)
    refusal: RefusalCode | None = None
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def seal_request(identity: Identity, request: RoundRequest) -> bytes:
    """Signed bytes of a request."""
    fields = {
        "campaign": request.campaign.to_bytes().decode(),
        "plan": request.plan.to_bytes().decode(),
        "sent_at_seconds": request.sent_at_seconds,
    }
    return seal(identity, REQUEST, fields, payload=join_sections({_MODEL: request.model, **request.parts}))


def open_request(data: bytes, *, coordinator_key: str) -> RoundRequest:
    """Refused unless signed by the coordinator that this school enrolled with; Corrupt if malformed."""
    envelope = open_envelope(data, kind=REQUEST, sender=coordinator_key)
    campaign = CampaignPlan.from_bytes(envelope.text("campaign").encode())
    plan = RoundPlan.from_bytes(envelope.text("plan").encode())
    parts = split_sections(envelope.payload)
    model, sent_at = parts.pop(_MODEL, None), envelope.fields.get("sent_at_seconds")
    if model is None or not isinstance(sent_at, float):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A round's request lacks its model or its time.")
    return RoundRequest(campaign, plan, model, parts, sent_at)


def seal_reply(identity: Identity, reply: RoundReply) -> bytes:
    """Signed bytes of a reply."""
    fields = {"school": reply.school, "ctx": reply.ctx, "refusal": reply.refusal or ""}
    payload = b"" if reply.update is None else join_sections({_UPDATE: reply.update, **reply.parts})
    return seal(identity, REPLY, fields, payload=payload)


def open_reply(data: bytes, *, school: str, school_key: str, max_bytes: int) -> RoundReply:
    """Refused unless signed by the school's enrolled key and in its name; Corrupt if malformed."""
    envelope = open_envelope(data, kind=REPLY, sender=school_key, max_bytes=max_bytes)
    refusal = envelope.text("refusal")
    if envelope.text("school") != school or (refusal and envelope.payload):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A reply speaks for another school or says two things.")
    if not refusal:
        parts = split_sections(envelope.payload)
        return RoundReply(school, envelope.text("ctx"), update=parts.pop(_UPDATE, None), parts=parts)
    try:
        return RoundReply(school, envelope.text("ctx"), refusal=RefusalCode(refusal))
    except ValueError as error:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A reply holds an unknown refusal.") from error
