"""The start model of a campaign, as bytes: the one place in the coordinator that loads torch."""

from collections.abc import Callable

from common.arrays import to_bytes
from common.models.distilled_start import distilled_start
from common.models.warm_start import warm_start
from common.skills import SkillMap
from server.foundation import EarlierCampaign


def start_model(
    skill_map: SkillMap, *, hidden: int, seed: int, progress: Callable[[float], None] | None = None
) -> bytes:
    """A model trained on simulated students only; about a minute. `progress` is told the share done, 0 to 1.

    Plans name it by its digest, so it is made once and kept with the campaign.
    """
    return to_bytes(warm_start(skill_map, hidden, seed=seed, progress=progress))


def start_after(
    earlier: EarlierCampaign,
    skill_map: SkillMap,
    *,
    hidden: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> bytes:
    """A model that learnt from students who answer as the earlier campaign's logistic model says; as long."""
    families = earlier.foundation.families
    arrays = distilled_start(earlier.arrays, families, skill_map, hidden=hidden, seed=seed, progress=progress)
    return to_bytes(arrays)
