"""Proposing a campaign: draft the plan for the schools that are enrolled now, sign it and keep it."""

from common.canonical import sha256_hex
from common.plan import CampaignPlan
from common.skills import SkillMap
from server.campaign_records import add_campaign
from server.coordinator import Coordinator
from server.plan import CampaignDraft, Consortium, draft_campaign
from server.schools import roster


def propose_campaign(
    coordinator: Coordinator,
    draft: CampaignDraft,
    *,
    skill_map: SkillMap,
    start_model: bytes,
    bundle_digest: str,
) -> CampaignPlan:
    """The signed draft, which schools see at their next look and their administrators may approve.

    start_model: `common.arrays.to_bytes` of the warm start. bundle_digest: SHA-256 of the Flower bundle.
    FixSettings when the figures can't be met, schools are too few or the name is taken.
    """
    with coordinator.store.read() as connection:
        members = tuple(school.member for school in roster(connection))
    consortium = Consortium(coordinator.settings.consortium, coordinator.identity.public_key, members)
    plan = draft_campaign(
        draft,
        consortium,
        skill_map=skill_map,
        start_digest=sha256_hex(start_model),
        bundle_digest=bundle_digest,
    )
    with coordinator.store.write() as connection:
        now = coordinator.clock.now()
        add_campaign(connection, plan, identity=coordinator.identity, start_model=start_model, at=now)
    return plan
