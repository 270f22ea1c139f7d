"""P2 and P6 for a plan that builds on an earlier campaign: what it says of that one is what this school knows.

A school that came later never saw that campaign: its students paid nothing for it, and it can only take the
consortium's word for the model, which its own gate judges like any other.
"""

from client.federation.school_state import KnownFoundation, SchoolState
from client.records.approvals import decision_of
from client.records.store import Store
from client.settings import PolicySettings
from client.training.replica import Replica, keep_up
from common.arrays import to_bytes
from common.canonical import sha256_hex
from common.errors import RetryLater
from common.models.release_content import released_families, released_part
from common.plan import CampaignPlan
from common.refusals import Refusal, RefusalCode


def check_foundation(campaign: CampaignPlan, state: SchoolState, policy: PolicySettings) -> Refusal | None:
    """The earlier rounds' price, the families and the model are those of the earlier campaign."""
    named, known = campaign.foundation, state.foundation
    if named is None or known is None:
        return None
    if named.spent != known.plan.spent:
        sentence = (
            "The plan counts the campaign that it builds on with other rounds, noise or sampling than that "
            "campaign's own plan."
        )
        return Refusal(RefusalCode.FIGURES_DIFFER, sentence)
    if named.families != released_families(known.plan):
        return _wrong("its item families aren't those of that campaign's plan")
    if not known.model_digest:
        return _wrong("this school can't compute that model from the published sums")
    if named.model_digest != known.model_digest:
        return _wrong("this school computed another one from the published sums")
    return None


def known_foundation(campaign: CampaignPlan, store: Store, replica: Replica) -> KnownFoundation | None:
    """What this school knows of the campaign that a plan builds on; None if none, or it never came here."""
    if campaign.foundation is None:
        return None
    with store.read() as connection:
        decision = decision_of(connection, campaign.foundation.campaign)
    if decision is None:
        return None
    earlier = CampaignPlan.from_bytes(decision.plan)
    return KnownFoundation(earlier, _model_digest(earlier, replica))


def _model_digest(earlier: CampaignPlan, replica: Replica) -> str:
    try:
        known = keep_up(replica, earlier, earlier.total_rounds)
    except RetryLater:
        return ""  # then nothing is permitted that rests on it
    return "" if isinstance(known, Refusal) else sha256_hex(to_bytes(released_part(earlier, known.model)))


def _wrong(what: str) -> Refusal:
    return Refusal(RefusalCode.WRONG_MODEL, f"The model that the plan builds on was refused: {what}.")
