"""What a release of a campaign has to hold: the model of its sums, and the earlier model that it builds on."""

from common.arrays import Arrays, from_bytes, to_bytes
from common.canonical import sha256_hex
from common.model_terms import LogisticTerms
from common.models.release import ModelRelease
from common.plan import CampaignPlan
from common.shared_model import trained_arrays


def released_part(campaign: CampaignPlan, model: bytes) -> Arrays:
    """What a campaign releases of its model. model: as a round carries it; its curvature serves nobody."""
    arrays = from_bytes(model)
    return trained_arrays(campaign.model, arrays) if isinstance(campaign.model, LogisticTerms) else arrays


def released_families(campaign: CampaignPlan) -> tuple[str, ...]:
    """Families of the logistic model in a release of this campaign."""
    if isinstance(campaign.model, LogisticTerms):
        return campaign.model.families
    return campaign.foundation.families if campaign.foundation else ()


def content_fault(release: ModelRelease, campaign: CampaignPlan, model: bytes) -> str:
    """What a release holds that its campaign didn't give; empty if it is exact, to the bit.

    model: as this side computes it from the published sums.
    """
    if release.skill_map.digest != campaign.model.skill_map.digest or release.kind != campaign.model.kind:
        return "it isn't the kind of model that was approved"
    if release.families != released_families(campaign):
        return "its item families aren't the approved ones"
    given = release.logistic if release.kind == "logistic" else release.dkt
    if given is None or to_bytes(given) != to_bytes(released_part(campaign, model)):
        return "it isn't the model that this school computes from the published sums"
    return "" if release.kind == "logistic" else _foundation_fault(release, campaign)


def _foundation_fault(release: ModelRelease, campaign: CampaignPlan) -> str:
    earlier = None if release.logistic is None else sha256_hex(to_bytes(release.logistic))
    expected = campaign.foundation.model_digest if campaign.foundation else None
    return "" if earlier == expected else "the logistic model in it isn't the one that the plan builds on"
