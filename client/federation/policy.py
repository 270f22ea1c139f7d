"""What this school refuses: pure functions over the request, the school's state and the school's own limits.

The rules P1 to P15 live in seven files by subject. The ledger refuses once more when it is charged (P1, P17), the
engine's sum is checked before it meets the noise (P16), the link checks the bundle before it opens a message (P5),
and the signature is verified first of all (P7): an unsigned request never becomes a RoundRequest.
"""

from collections.abc import Callable

from client.federation.budget_rules import (
    check_campaign_figures,
    check_round_cost,
    check_round_figure,
    permit_payers,
)
from client.federation.foundation_rules import check_foundation
from client.federation.log_rules import check_enrolled, check_log, check_log_head
from client.federation.masking_rules import check_honest_schools, check_masking
from client.federation.membership_rules import (
    check_approval,
    check_cohort,
    check_invited,
    check_members,
    check_order,
    check_own_entry,
    check_pool,
    check_purpose,
)
from client.federation.plan_rules import check_delta, check_model, check_terms, check_version
from client.federation.school_state import SchoolState
from client.federation.time_rules import check_clock, check_hours, check_paused
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.permission import Permission
from common.plan import CampaignPlan
from common.refusals import Refusal

CampaignRule = Callable[[CampaignPlan, SchoolState, PolicySettings], Refusal | None]
RoundRule = Callable[[RoundRequest, SchoolState, PolicySettings], Refusal | None]

# Cheap and telling rules first. None of these depends on students.
CAMPAIGN_RULES: tuple[CampaignRule, ...] = (
    check_paused,
    check_purpose,
    check_version,
    check_own_entry,
    check_approval,
    check_members,
    check_log,
    check_enrolled,
    check_delta,
    check_honest_schools,
    check_masking,
    check_terms,
    check_campaign_figures,
    check_foundation,
)
ROUND_RULES: tuple[RoundRule, ...] = (
    check_clock,
    check_hours,
    check_invited,
    check_order,
    check_cohort,
    check_log_head,
    check_model,
    check_round_cost,
    check_round_figure,
)


def decide(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | Permission:
    """Who may be drawn and with how much noise, or the first rule's refusal. Reads nothing else, changes nothing.

    What depends on students comes last, so that it is reached by sound plans only.
    """
    return (
        decide_campaign(request.campaign, state, policy)
        or next((no for rule in ROUND_RULES if (no := rule(request, state, policy)) is not None), None)
        or check_pool(request, state, policy)
        or permit_payers(request, state, policy)
    )


def decide_campaign(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """None to go on, or the first refusal of what needs no round; it answers the trips that set masking up."""
    return next((no for rule in CAMPAIGN_RULES if (no := rule(campaign, state, policy)) is not None), None)
