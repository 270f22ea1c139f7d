"""The round's sum of integers from unmasked shares, ready to be published."""

from collections.abc import Mapping

from common.federated_step import dimensions
from common.opened_round import OpenedRound
from common.plan import CampaignPlan, RoundPlan
from common.privacy.fixed_point import add_shares, encode
from common.privacy.secagg.commitments import vector_digest


def opened_without_masks(campaign: CampaignPlan, plan: RoundPlan, shares: Mapping[str, bytes]) -> OpenedRound:
    """Adds the schools' integers. shares: school -> admitted update; Corrupt if one has another length."""
    bits = campaign.mechanism(plan.kind).modulus_bits
    total = add_shares(list(shares.values()), dimensions(campaign, plan.kind), bits)
    survivors = tuple((school, vector_digest(shares[school], bits).hex()) for school in sorted(shares))
    return OpenedRound(plan, "opened", survivors, encode(total, bits))
