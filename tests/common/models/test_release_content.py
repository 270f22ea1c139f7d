"""What a release may hold of its campaign: exactly the model of the sums, and exactly what the plan builds on."""

from dataclasses import replace

import numpy as np
import pytest

from common.arrays import Arrays, to_bytes
from common.canonical import sha256_hex
from common.models.logistic import initial_arrays
from common.models.release import ModelRelease
from common.models.release_content import content_fault, released_families, released_part
from common.plan import CampaignPlan, EarlierRounds, Foundation
from common.shared_model import CURVATURE
from tests.support.coordinators import start_arrays
from tests.support.plans import NEWTON, campaign_plan, logistic_model
from tests.support.releases import released

LOGISTIC: Arrays = {name: array + np.float32(0.25) for name, array in initial_arrays(3, 2).items()}
CARRIED = to_bytes({**LOGISTIC, CURVATURE: np.ones(21, np.float32)})
NETWORK = to_bytes(start_arrays(3, 8))
FIRST = campaign_plan(model=logistic_model(), optimiser=NEWTON)
SPENT = EarlierRounds(noise_multiplier=9.0, sampling_rate=1.0, rounds=10, honest_schools=1)
SECOND = campaign_plan(
    foundation=Foundation(
        campaign=FIRST.digest,
        model_digest=sha256_hex(to_bytes(LOGISTIC)),
        families=("halves", "thirds"),
        spent=(SPENT,),
        epsilon=2.0,
        epsilon_alone=2.0,
    )
)


def honest(campaign: CampaignPlan, model: bytes) -> ModelRelease:
    """What the coordinator should release."""
    earlier = LOGISTIC if campaign.foundation else {}
    part = {**earlier, **released_part(campaign, model)}
    base = released(campaign, "autumn", arrays=part, skill_map=campaign.model.skill_map)
    return replace(base, families=released_families(campaign))


@pytest.mark.parametrize(("campaign", "model"), [(FIRST, CARRIED), (SECOND, NETWORK), (campaign_plan(), NETWORK)])
def test_an_honest_release_has_no_fault(campaign: CampaignPlan, model: bytes) -> None:
    """A logistic model without its curvature, a network with what it builds on, a network alone."""
    release = honest(campaign, model)
    assert content_fault(release, campaign, model) == ""
    assert CURVATURE not in release.arrays


def test_every_other_content_is_named() -> None:
    """One number off in either model, other families, the earlier model missing, or another kind."""
    release = honest(SECOND, NETWORK)
    for name, words in (("b_out", "published sums"), ("beta", "builds on")):
        bent = {**release.arrays, name: release.arrays[name] + np.float32(1e-6)}
        assert words in content_fault(replace(release, arrays=bent), SECOND, NETWORK)
    assert "families" in content_fault(replace(release, families=("halves", "fifths")), SECOND, NETWORK)
    assert release.dkt is not None
    assert "builds on" in content_fault(replace(release, arrays=release.dkt), SECOND, NETWORK)
    assert "kind" in content_fault(honest(FIRST, CARRIED), SECOND, NETWORK)
