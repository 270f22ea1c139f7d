"""Rules about masking: P4 on how many honest schools a plan may rely, P10 whether its masks are safe."""

from collections.abc import Iterator

from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.masking import secagg_terms
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode

# With fewer schools two or three that collude would leave a single share of the noise.
LEAST_SCHOOLS_THAT_SHARE_NOISE = 5
LEAST_MARGIN = 1


def check_honest_schools(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P4: the plan relies on no more honest schools than masking can promise."""
    fault = next(_faults(campaign), None)
    if fault is None:
        return None
    return Refusal(RefusalCode.TERMS_OUT_OF_BOUNDS, f"The plan leaves this school's bounds: {fault}.")


def check_masking(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """P10: no coordinator with as many corrupt schools as the plan assumes can open both secrets of a school."""
    fault = secagg_terms(campaign).fault() if campaign.secure_aggregation else None
    return None if fault is None else Refusal(RefusalCode.MASKING_UNSAFE, fault)


def relied_on(campaign: CampaignPlan, policy: PolicySettings) -> int:
    """On how many honest schools this school relies: the plan's number, or fewer if its own policy says so."""
    planned = campaign.privacy.honest_schools
    return planned if policy.own_honest_schools is None else min(planned, policy.own_honest_schools)


def _faults(campaign: CampaignPlan) -> Iterator[str]:
    honest, schools = campaign.privacy.honest_schools, len(campaign.members)
    if campaign.secagg is not None and campaign.secagg.min_margin < LEAST_MARGIN:
        yield f"its margin of {campaign.secagg.min_margin} is below {LEAST_MARGIN}"
    if honest == 1:
        return  # each school adds all the noise, and relies on nobody
    if campaign.secagg is None:
        yield f"it relies on the noise of {honest} schools, but their sums aren't masked"
        return
    if schools < LEAST_SCHOOLS_THAT_SHARE_NOISE:
        yield f"{schools} schools are too few to share the noise; each has to add all of it"
    if honest > max(1, 2 * schools // 3):
        yield f"it relies on {honest} honest schools of {schools}, more than two thirds"
    terms = secagg_terms(campaign)
    # Unsafe terms promise no floor at all; the rule about masking names what is unsafe about them.
    if terms.fault() is None and honest > terms.honest_floor():
        yield f"it relies on {honest} honest schools, but a sum of {terms.honest_floor()} could be opened"
