"""Releases of a test's campaign, with random arrays."""

from typing import Any

from common.arrays import from_bytes
from common.models.release import ModelCard, ModelRelease
from common.plan import CampaignPlan
from tests.support.schools import SKILLS, start_model


def released(campaign: CampaignPlan, name: str, **changes: Any) -> ModelRelease:
    """A release of this campaign, unless changed."""
    card: dict[str, Any] = {
        "name": name,
        "campaign": campaign.campaign,
        "campaign_digest": campaign.digest,
        "rounds": 3,
        "epsilon": 1.0,
        "delta": 1e-5,
        "honest_schools": 1,
        "secure_aggregation": False,
        "unit": "student",
        "relation": "add or remove one student",
        "assumption": "none",
        "trained_on": "simulated students",
        "package_version": "0.1.0",
        "created_at": "2026-09-01T08:00:00+00:00",
        "evaluation": {},
    }
    model: dict[str, Any] = {"arrays": from_bytes(start_model()), "skill_map": SKILLS}
    model |= {key: changes.pop(key) for key in list(changes) if key in model}
    return ModelRelease(**model, card=ModelCard(**(card | changes)))
