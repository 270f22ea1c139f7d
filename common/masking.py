"""What the masking protocol reads of a campaign's plan and of a round's plan: the same values at both ends."""

from common.errors import ErrorCode, FixSettings
from common.federated_step import dimensions
from common.plan import CampaignPlan, RoundPlan
from common.privacy.secagg.messages import Survivors
from common.privacy.secagg.terms import Attempt, SecaggTerms


def secagg_terms(campaign: CampaignPlan) -> SecaggTerms:
    """Members are positions in `campaign.members`. FixSettings if the campaign's sums aren't masked."""
    if campaign.secagg is None:
        raise FixSettings(ErrorCode.BAD_PARAMETER, "The sums of this campaign aren't masked.")
    return SecaggTerms(
        camp=bytes.fromhex(campaign.digest),
        keys=tuple(member.identity_key for member in campaign.members),
        coordinator_key=campaign.coordinator_key,
        corrupt=campaign.secagg.corrupt,
        threshold=campaign.secagg.threshold,
        minimum_cohort=campaign.minimum_cohort,
        max_dropped=campaign.secagg.max_dropped,
    )


def attempt_of(campaign: CampaignPlan, plan: RoundPlan) -> Attempt:
    """The round as the masks know it; FixSettings if its cohort names a school that isn't a member."""
    return Attempt(
        number=plan.round,
        ctx=bytes.fromhex(plan.digest),
        cohort=tuple(position(campaign, school) for school in plan.cohort),
        dimensions=dimensions(campaign, plan.kind),
        bits=campaign.mechanism(plan.kind).modulus_bits,
    )


def survivor_vectors(campaign: CampaignPlan, survivors: Survivors) -> tuple[tuple[str, str], ...]:
    """(school, digest of its vector) of each survivor, as the round's `OpenedRound` and the log name them."""
    named = ((campaign.members[member].school, digest.hex()) for member, digest in survivors.entries)
    return tuple(sorted(named))


def evidence_name(round_number: int) -> str:
    """The section of a round's request that holds the evidence of an earlier round."""
    return f"round-{round_number:07d}"


def position(campaign: CampaignPlan, school: str) -> int:
    """A member's place among the campaign's members, from 0."""
    for place, member in enumerate(campaign.members):
        if member.school == school:
            return place
    raise FixSettings(ErrorCode.NOT_FOUND, f"{school} isn't a member of this campaign.")
