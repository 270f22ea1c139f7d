"""Rules about who asks and who takes part: P8 cohort, P9 roster, P11 approval and order, P13 pool, P15 purpose."""

from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode

ALLOWED_PURPOSES = frozenset({"federated_training"})
# Unless the administrator says otherwise: shared noise needs more company than noise of one's own.
LEAST_COHORT, LEAST_COHORT_ALONE = 5, 3


def check_purpose(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P15: the plan's purpose is the one that families consented to."""
    if campaign.purpose in ALLOWED_PURPOSES:
        return None
    return Refusal(
        RefusalCode.PURPOSE_NOT_ALLOWED,
        "The plan is for a purpose that this school's families weren't asked about.",
    )


def check_own_entry(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P9: this school is in the plan with its own key and number of students."""
    own = campaign.member(state.school)
    if own is None or own.identity_key != state.identity_key:
        return _not_in_roster("The plan doesn't name this school with its own key.")
    if own.students != state.students:
        return _not_in_roster(
            f"The plan says that this school has {own.students} students; it enrolled with {state.students}."
        )
    return None


def check_members(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P9: every school is in the plan once."""
    members = campaign.members
    names, keys = {m.school for m in members}, {m.identity_key for m in members}
    if len(names) < len(members) or len(keys) < len(members):
        return _not_in_roster("The plan counts a school twice, so it would pretend to a larger consortium.")
    return None


def check_approval(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P11: an administrator of this school approved exactly this campaign."""
    return None if state.approved else _not_approved()


def check_invited(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P9: the round invites members of the campaign, once each, and this school among them."""
    cohort, names = request.plan.cohort, {m.school for m in request.campaign.members}
    if len(set(cohort)) < len(cohort) or not set(cohort) <= names:
        return _not_in_roster("The round invites a school twice, or one that isn't in the campaign.")
    if state.school not in cohort:
        return _not_in_roster("The round doesn't invite this school.")
    return None


def check_order(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P11: a later round than the last one answered here, one that the approved campaign has, and of its kind."""
    campaign, plan = request.campaign, request.plan
    if plan.campaign_digest != campaign.digest:
        return _not_approved()
    if not state.last_round < plan.round <= campaign.total_rounds:
        return Refusal(
            RefusalCode.ROUND_OUT_OF_ORDER,
            f"Round {plan.round} was asked for with another plan, but this school has answered up to round "
            f"{state.last_round} of {campaign.total_rounds}.",
        )
    if plan.kind != campaign.kind_of(plan.round):
        return Refusal(
            RefusalCode.ROUND_OUT_OF_ORDER,
            f"Round {plan.round} of the approved campaign is one to {campaign.kind_of(plan.round)}, not to "
            f"{plan.kind}.",
        )
    return None


def check_cohort(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P8: enough schools are invited for this school's taste and for the campaign's own minimum."""
    least = max(least_cohort(request.campaign, policy), request.campaign.minimum_cohort)
    invited = len(request.plan.cohort)
    if invited >= least:
        return None
    return Refusal(
        RefusalCode.COHORT_TOO_SMALL,
        f"Only {invited} schools are invited; this school takes part from {least} on.",
    )


def least_cohort(campaign: CampaignPlan, policy: PolicySettings) -> int:
    """The school's own minimum: the administrator's word, or what the plan's noise calls for."""
    if policy.minimum_cohort is not None:
        return policy.minimum_cohort
    return LEAST_COHORT_ALONE if campaign.privacy.honest_schools == 1 else LEAST_COHORT


def check_pool(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P13: enough students consent. The reason depends on students, so it never leaves."""
    least = policy.minimum_consenting_students
    if state.consenting >= least:
        return None
    return Refusal(
        RefusalCode.NOT_TAKING_PART,
        "This school doesn't take part today.",
        local_reason=f"{state.consenting} students consent to training; the school's minimum is {least}.",
    )


def _not_approved() -> Refusal:
    return Refusal(
        RefusalCode.PLAN_NOT_APPROVED,
        "No administrator of this school has approved this campaign's plan. Read it and decide.",
    )


def _not_in_roster(sentence: str) -> Refusal:
    return Refusal(RefusalCode.NOT_IN_ROSTER, sentence)
