"""Trips: the signed messages of a campaign beside a round's request and reply, all of one shape.

INVITE and DEAL set masking up before the first round, REFILL brings a school's deals up to date, UNMASK is the
second trip of a masked round, CONFIRM asks whether a school's own replay matches a candidate. Parts are bytes
whose names and contents docs/architecture.md lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from common.envelope import Envelope, open_envelope, seal
from common.errors import Corrupt, ErrorCode
from common.plan import CampaignPlan
from common.refusals import RefusalCode
from common.sections import join_sections, split_sections
from common.signing import Identity

REQUEST, REPLY = "trip-request", "trip-reply"


class Trip(StrEnum):
    """What a message is for."""

    INVITE = "invite"
    DEAL = "deal"
    REFILL = "refill"
    UNMASK = "unmask"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class TripRequest:
    """What the coordinator asks."""

    trip: Trip
    campaign: CampaignPlan
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TripReply:
    """What a school answers; `parts` are empty with a refusal."""

    school: str
    trip: Trip
    campaign_digest: str
    refusal: RefusalCode | None = None
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def seal_trip(identity: Identity, request: TripRequest) -> bytes:
    """Signed bytes of a request."""
    fields = {"trip": str(request.trip), "campaign": request.campaign.to_bytes().decode()}
    return seal(identity, REQUEST, fields, payload=join_sections(request.parts))


def open_trip(data: bytes, *, coordinator_key: str) -> TripRequest:
    """Refused unless signed by the coordinator that this school enrolled with; Corrupt if malformed."""
    envelope = open_envelope(data, kind=REQUEST, sender=coordinator_key)
    campaign = CampaignPlan.from_bytes(envelope.text("campaign").encode())
    return TripRequest(_trip(envelope), campaign, split_sections(envelope.payload))


def seal_trip_reply(identity: Identity, reply: TripReply) -> bytes:
    """Signed bytes of a reply."""
    fields = {
        "school": reply.school,
        "trip": str(reply.trip),
        "campaign": reply.campaign_digest,
        "refusal": reply.refusal or "",
    }
    return seal(identity, REPLY, fields, payload=join_sections(reply.parts))


def open_trip_reply(data: bytes, *, school: str, school_key: str, max_bytes: int) -> TripReply:
    """Refused unless signed by the school's enrolled key and in its name; Corrupt if malformed."""
    envelope = open_envelope(data, kind=REPLY, sender=school_key, max_bytes=max_bytes)
    refusal = envelope.text("refusal")
    if envelope.text("school") != school or (refusal and envelope.payload):
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A reply speaks for another school or says two things.")
    try:
        code = RefusalCode(refusal) if refusal else None
    except ValueError as error:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A reply holds an unknown refusal.") from error
    parts = split_sections(envelope.payload)
    return TripReply(school, _trip(envelope), envelope.text("campaign"), code, parts)


def _trip(envelope: Envelope) -> Trip:
    try:
        return Trip(envelope.text("trip"))
    except ValueError as error:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "A message is for a trip that this version doesn't know.") from error
