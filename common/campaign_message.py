"""The signed campaign plan: what a school's administrator reads and approves before any round."""

from common.envelope import open_envelope, seal
from common.errors import Corrupt, ErrorCode
from common.plan import CampaignPlan
from common.signing import Identity

KIND = "campaign-plan"


def seal_campaign(identity: Identity, campaign: CampaignPlan) -> bytes:
    """The plan's text in an envelope that the coordinator signed."""
    return seal(identity, KIND, {"campaign": campaign.to_bytes().decode()})


def open_campaign(data: bytes, *, coordinator_key: str) -> CampaignPlan:
    """Refused unless the coordinator signed it and the plan names that same key; Corrupt if malformed."""
    envelope = open_envelope(data, kind=KIND, sender=coordinator_key)
    campaign = CampaignPlan.from_bytes(envelope.text("campaign").encode())
    if campaign.coordinator_key != coordinator_key:
        raise Corrupt(ErrorCode.BAD_MESSAGE, "The campaign plan names another coordinator than its signature.")
    return campaign
