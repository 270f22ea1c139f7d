"""The demo's control: both campaigns once more for the same epsilon, with the full noise at each school.

The plans are what the product drafts where schools share neither masks nor noise: the same rounds and budget, and
steps that suit the noise. The network builds on the control's own logistic model.
"""

from collections.abc import Callable

from common.arrays import from_bytes, to_bytes
from common.models.release_content import released_part
from common.plan import CampaignPlan
from deploy.demo.comparison import Trained
from deploy.demo.copies import Twin
from deploy.demo.settings import CampaignChoice
from deploy.demo.shared_models import SharedModels, pooled_shared
from deploy.demo.twin import OpenedTwin, Proposal, opened_twin, train
from server.campaign_records import find_campaign, keep_model, read_model
from server.foundation import EarlierCampaign
from server.plan import CampaignDraft, foundation_of
from server.plan_models import why_no_dkt
from server.warm_start import start_after

# As `plan draft` has it.
_SEED = 1
Told = Callable[[CampaignChoice, int], None]


def run_with_full_noise(
    twin: Twin, digest: str, choices: tuple[CampaignChoice, CampaignChoice], *, told: Told
) -> Trained:
    """The logistic campaign of the plan `digest`, then the network's unless it isn't worth its privacy.

    told hears of each campaign how many times its schools were asked: once a round, and for their confirmation.
    """
    logistic, network = choices
    with opened_twin(twin) as opened:
        earlier = _logistic(opened, digest, logistic, told=told)
        plans, arrays = [earlier.plan], None
        if not why_no_dkt(network.epsilon, earlier.plan.members):
            plan, model = _network(opened, earlier, network, told=told)
            plans, arrays = [*plans, plan], from_bytes(model)
    shared = SharedModels(earlier.arrays, earlier.foundation.families, arrays)
    return Trained(plans, pooled_shared(twin.schools.values(), plans[0].model.skill_map, shared))


def _logistic(opened: OpenedTwin, digest: str, choice: CampaignChoice, *, told: Told) -> EarlierCampaign:
    """From the same start as the demo's own, which is public."""
    coordinator = opened.coordinator
    with coordinator.store.read() as connection:
        masked = find_campaign(connection, digest).plan
        start = read_model(connection, masked.model.start_digest)
    families = masked.model.families if masked.model.kind == "logistic" else ()
    draft = CampaignDraft(
        _name(choice), choice.epsilon, choice.rounds, "logistic", families, secure_aggregation=False
    )
    proposal = Proposal(draft, masked.model.skill_map, start, masked.bundle_digest)
    plan, model = train(opened, proposal, lambda asked: told(choice, asked))
    arrays = released_part(plan, model)
    with coordinator.store.write() as connection:
        kept = keep_model(connection, to_bytes(arrays))
    return EarlierCampaign(plan, arrays, foundation_of(plan, model_digest=kept))


def _network(
    opened: OpenedTwin, earlier: EarlierCampaign, choice: CampaignChoice, *, told: Told
) -> tuple[CampaignPlan, bytes]:
    draft = CampaignDraft(
        _name(choice),
        choice.epsilon,
        choice.rounds,
        foundation=earlier.foundation,
        secure_aggregation=False,
    )
    skill_map = earlier.plan.model.skill_map
    start = start_after(earlier, skill_map, hidden=draft.hidden, seed=_SEED)
    proposal = Proposal(draft, skill_map, start, earlier.plan.bundle_digest)
    return train(opened, proposal, lambda asked: told(choice, asked))


def _name(choice: CampaignChoice) -> str:
    return f"{choice.name} - full noise"
