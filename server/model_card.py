"""The card of a release: what it cost, on what that relies, what it was measured with, and who confirmed it."""

from collections.abc import Sequence
from datetime import datetime

from common.models.release import ModelCard
from common.plan import CampaignPlan
from common.privacy.unit import NEIGHBOURING_RELATION, PRIVACY_UNIT
from server.evaluate import Evaluation


def model_card(
    campaign: CampaignPlan, evaluation: Evaluation, *, confirmed_by: Sequence[str], created_at: datetime
) -> ModelCard:
    """Everything that a school reads before it lets the model serve."""
    return ModelCard(
        name=campaign.campaign,
        campaign=campaign.campaign,
        campaign_digest=campaign.digest,
        rounds=campaign.rounds,
        epsilon=campaign.epsilon_in_all,
        epsilon_alone=campaign.epsilon_alone_in_all,
        delta=campaign.privacy.delta,
        honest_schools=campaign.privacy.honest_schools,
        secure_aggregation=campaign.secure_aggregation,
        unit=PRIVACY_UNIT,
        relation=NEIGHBOURING_RELATION,
        assumption=_assumption(campaign),
        trained_on=_trained_on(campaign),
        package_version=campaign.package_version,
        created_at=created_at.isoformat(timespec="seconds"),
        evaluation=evaluation.figures,
        confirmed_by=tuple(confirmed_by),
        sight=evaluation.sight,
        builds_on=campaign.foundation.campaign if campaign.foundation else None,
    )


def _trained_on(campaign: CampaignPlan) -> str:
    figures = (
        "Figures that begin with pooled come from one noisy sum over the schools' evaluation students, who were "
        "never trained on; the others come from simulated students."
        if campaign.metrics is not None
        else "The figures below come from simulated students only."
    )
    earlier = ""
    if campaign.foundation is not None:
        rounds = sum(one.rounds for one in campaign.foundation.spent)
        earlier = (
            f" Before it, an earlier campaign trained the logistic model in {rounds} rounds; both are counted."
        )
    return (
        f"A {_model(campaign)} with a start on simulated students, then {campaign.rounds} rounds of noised sums "
        f"from consenting students of up to {len(campaign.members)} schools.{earlier} {figures} The coordinator "
        "has no student's data. Each school tests the model on its own held-out students."
    )


def _model(campaign: CampaignPlan) -> str:
    return "logistic model" if campaign.model.kind == "logistic" else "network"


def _assumption(campaign: CampaignPlan) -> str:
    not_covered = "Facts about a whole school and students who change school aren't covered."
    honest = campaign.privacy.honest_schools
    if honest == 1:
        return (
            "Every school adds the full noise before its sum leaves, so its students' epsilon holds whatever the "
            "coordinator and the other schools do, as long as the school's own server is sound and each round's "
            f"draw stays secret. {not_covered}"
        )
    return (
        f"Epsilon holds as long as at least {honest} of the {len(campaign.members)} schools add their noise "
        "honestly to every sum that opens, the masks hold, and each round's draw stays secret. The promise bends "
        "rather than breaks: with fewer honest schools epsilon is larger, step by step, and if every other school "
        "and the coordinator worked together against one, its students would be left with epsilon_alone, "
        f"{campaign.epsilon_alone_in_all:.1f}. {not_covered}"
    )
