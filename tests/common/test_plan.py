"""Plans have one spelling, one digest, and no room for surprises."""

import json

import pytest
from pydantic import ValidationError

from common.canonical import canonical_json
from common.errors import Corrupt
from common.plan import CampaignPlan, RoundPlan
from tests.support.plans import campaign_plan, privacy_terms, round_plan


def test_a_plan_comes_back_from_its_bytes() -> None:
    """Both kinds."""
    campaign = campaign_plan()
    assert CampaignPlan.from_bytes(campaign.to_bytes()) == campaign
    plan = round_plan(campaign)
    assert RoundPlan.from_bytes(plan.to_bytes()) == plan


def test_any_change_of_a_privacy_term_changes_the_digest() -> None:
    """An approval covers exactly one set of terms."""
    digests = {
        campaign_plan(privacy=privacy_terms(**change)).digest
        for change in ({}, {"clip_norm": 1.5}, {"noise_multiplier": 1.4}, {"sampling_rate": 0.5}, {"rho": 0.002})
    }
    assert len(digests) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"clip_norm": 0.0},
        {"noise_multiplier": -1.0},
        {"sampling_rate": 1.5},
        {"share_std_units": 4.0},
        {"modulus_bits": 20},
        {"honest_schools": 0},
        {"delta": 0.5},
        {"unit": "school"},
    ],
)
def test_terms_outside_their_range_are_not_a_plan(change: dict[str, object]) -> None:
    """Refused before any policy looks at them."""
    with pytest.raises(ValidationError):
        privacy_terms(**change)


def test_unknown_or_missing_fields_are_corrupt_and_named() -> None:
    """A newer coordinator can't slip in a field that this school doesn't know."""
    value = json.loads(campaign_plan().to_bytes())
    with pytest.raises(Corrupt, match="extra_epochs"):
        CampaignPlan.from_bytes(canonical_json(value | {"extra_epochs": 5}))
    del value["privacy"]
    with pytest.raises(Corrupt, match="privacy"):
        CampaignPlan.from_bytes(canonical_json(value))


@pytest.mark.parametrize("data", [b"[]", b"null", b"{}", b"1"])
def test_other_json_is_corrupt(data: bytes) -> None:
    """Never another exception."""
    with pytest.raises(Corrupt):
        RoundPlan.from_bytes(data)


def test_a_member_is_found_by_name() -> None:
    """And a stranger isn't."""
    campaign = campaign_plan()
    east = campaign.member("east")
    assert east is not None
    assert east.students == 100
    assert campaign.member("south") is None
