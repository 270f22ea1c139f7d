"""How this school installs a release: compared with its own computation, and measured on its own students."""

from client.federation.coordinator_api import CoordinatorApi
from client.federation.releases import Installer, ServingChoice
from client.records.approvals import decision_of
from client.settings import SchoolFolder
from client.training.measure_release import measure_here
from client.training.replica import Replica, keep_up
from client.training.training_school import TrainingSchool
from common.arrays import Arrays, from_bytes
from common.errors import ErrorCode, Refused
from common.models.release import ModelRelease
from common.plan import CampaignPlan
from common.refusals import Refusal


def installer_of(training: TrainingSchool, api: CoordinatorApi, folder: SchoolFolder) -> Installer:
    """Where this school's releases come from and what has to be true of them."""

    def measure(release: ModelRelease) -> ServingChoice:
        start = _start(training, release.card.campaign_digest) if release.kind == "dkt" else None
        report = measure_here(training.store, training.split_key, release, start=start)
        return ServingChoice(
            rung=report.rung,
            reason=report.reason,
            figures=report.figures(),
            bkt=report.bkt,
            models=report.models,
        )

    return Installer(api, training.store, folder, measure, lambda plan: recompute(training.replica, plan))


def recompute(replica: Replica, campaign: CampaignPlan) -> bytes:
    """The campaign's last model, from the published sums. Refused if they contradict; RetryLater if unreadable."""
    known = keep_up(replica, campaign, campaign.total_rounds)
    if isinstance(known, Refusal):
        raise Refused(ErrorCode.BAD_RELEASE, known.sentence)
    return known.model


def _start(training: TrainingSchool, campaign: str) -> Arrays | None:
    """The model that the campaign began with, if it is kept here."""
    with training.store.read() as connection:
        decision = decision_of(connection, campaign)
    start = training.replica.models.start(CampaignPlan.from_bytes(decision.plan)) if decision else None
    return from_bytes(start) if start else None
