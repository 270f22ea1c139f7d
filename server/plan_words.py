"""What a drafted plan promises, in sentences for an operator."""

import math

from common.model_terms import LogisticTerms
from common.plan import CampaignPlan
from server.plan_models import why_no_dkt


def plan_in_words(plan: CampaignPlan) -> list[str]:
    """Rounds, both epsilons, who adds the noise, whether sums are masked, and the digest to approve."""
    return [
        f"Campaign {plan.campaign}: {plan.rounds} rounds{_measuring(plan)}, epsilon {plan.epsilon:.3f} at "
        f"{plan.privacy.delta:.2g}.",
        model_in_words(plan),
        f"If every other school worked against one, its students' epsilon would be {plan.epsilon_alone:.3f}.",
        masks_in_words(plan),
        noise_in_words(plan),
        f"Schools can approve {plan.digest}.",
    ]


def model_in_words(plan: CampaignPlan) -> str:
    """What is trained, what it builds on, and whether a network could follow."""
    if isinstance(plan.model, LogisticTerms):
        families = len(plan.model.families)
        shared = f" and the difficulty of {families} item families" if families else ""
        no_dkt = why_no_dkt(math.inf, plan.members)
        return f"It trains the logistic model of {len(plan.model.skill_names)} skills{shared}. {no_dkt}".rstrip()
    if plan.foundation is None:
        return "It trains a network."
    return (
        f"It trains a network that builds on an earlier campaign. Both together cost epsilon "
        f"{plan.foundation.epsilon:.3f}, or {plan.foundation.epsilon_alone:.3f} if every other school worked "
        "against one."
    )


def masks_in_words(plan: CampaignPlan) -> str:
    """Whether the coordinator can see one school's sum, and what masks survive."""
    if plan.secagg is None:
        return "Sums aren't masked: the coordinator sees each school's noised sum."
    secagg = plan.secagg
    return (
        f"Sums are masked: only the sum over all schools opens. A round needs {plan.minimum_cohort} schools, of "
        f"which {secagg.max_dropped} may fall silent; {secagg.threshold} schools open it. "
        f"The masks hold as long as {_helpers(secagg.corrupt)} a malicious coordinator."
    )


def noise_in_words(plan: CampaignPlan) -> str:
    """How many schools' noise an epsilon relies on."""
    schools = plan.privacy.honest_schools
    if schools == 1:
        return "Every school adds all the noise itself and relies on nobody (honest_schools = 1)."
    return f"Epsilon relies on the noise of at least {schools} honest schools in every sum (honest_schools)."


def _helpers(corrupt: int) -> str:
    if corrupt == 0:
        return "no school helps"
    return f"at most {corrupt} {'school helps' if corrupt == 1 else 'schools help'}"


def _measuring(plan: CampaignPlan) -> str:
    return " and one that measures" if plan.metrics is not None else ""
