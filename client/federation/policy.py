"""What this school refuses: one pure function over the request, the school's state and the school's own limits.

The rules P1 to P15 live in three files by subject. The ledger refuses once more when it is charged, and the link
checks the bundle (P5) before a message is even opened. Rules that need masking (P10), the transparency log (P12)
or a training window (P14) aren't installed, which is why a plan with masking is refused by P4.
"""

from collections.abc import Callable

from client.federation.budget_rules import check_budget, check_figures, check_round_cost
from client.federation.membership_rules import (
    check_approval,
    check_cohort,
    check_order,
    check_pool,
    check_purpose,
    check_roster,
)
from client.federation.plan_rules import check_delta, check_model, check_terms, check_version
from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.refusals import Refusal

Rule = Callable[[RoundRequest, SchoolState, PolicySettings], Refusal | None]

# Cheap and telling rules first; the one that depends on students last, so that it is reached by sound plans only.
RULES: tuple[Rule, ...] = (
    check_purpose,
    check_version,
    check_roster,
    check_approval,
    check_order,
    check_cohort,
    check_delta,
    check_terms,
    check_model,
    check_round_cost,
    check_figures,
    check_budget,
    check_pool,
)


def decide(request: RoundRequest, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """None to go on, or the first rule's refusal. Reads nothing else and changes nothing.

    The request's signature (P7) is already verified: an unsigned request never becomes a RoundRequest.
    """
    return next((no for rule in RULES if (no := rule(request, state, policy)) is not None), None)
