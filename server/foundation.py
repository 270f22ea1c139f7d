"""The released logistic campaign that a network's campaign may build on: its model, its plan and what it cost."""

from dataclasses import dataclass, field

from common.arrays import Arrays, to_bytes
from common.errors import ErrorCode, FixSettings
from common.federated_step import wire_model
from common.models.release_content import released_part
from common.plan import CampaignPlan, Foundation
from server.campaign_records import CampaignState, find_campaign, keep_model, read_model
from server.checkpoint import first_checkpoint, load_checkpoint
from server.coordinator import Coordinator
from server.plan import foundation_of


@dataclass(frozen=True, slots=True, eq=False)
class EarlierCampaign:
    """plan: as the schools approved it. arrays: the released logistic model. foundation: for the new plan."""

    plan: CampaignPlan
    arrays: Arrays = field(repr=False)
    foundation: Foundation


def earlier_campaign(coordinator: Coordinator, name: str) -> EarlierCampaign:
    """What a campaign released. FixSettings unless it is a logistic one and has ended with a release.

    Its model is kept under its digest, for the release of the campaign that builds on it.
    """
    with coordinator.store.read() as connection:
        record = find_campaign(connection, name)
        start = read_model(connection, record.plan.model.start_digest)
        last = load_checkpoint(connection, record.plan) or first_checkpoint(record.plan, start)
    if record.plan.model.kind != "logistic" or record.state is not CampaignState.RELEASED:
        sentence = f"{name} hasn't released a logistic model, so nothing can build on it."
        raise FixSettings(ErrorCode.BAD_PARAMETER, sentence)
    arrays = released_part(record.plan, wire_model(record.plan, last.weights, start))
    with coordinator.store.write() as connection:
        digest = keep_model(connection, to_bytes(arrays))
    return EarlierCampaign(record.plan, arrays, foundation_of(record.plan, model_digest=digest))
