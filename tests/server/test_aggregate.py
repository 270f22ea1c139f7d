"""The mean update is exact, its denominator public, and its length bounded."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.exchange import RoundRequest
from common.federated_step import MeanUpdate, denominator, dimensions, mean_update, norm_bound
from common.plan import CampaignPlan, Member
from common.privacy.clipping import ClippedSum
from common.privacy.mechanism import noised_share
from server.aggregate import opened_without_masks
from tests.support.fake_schools import FakeSchool
from tests.support.plans import campaign_plan, round_plan
from tests.support.seeded import SeededRandomness


def _campaign(**students: int) -> CampaignPlan:
    members = tuple(Member(school=n, identity_key="1" * 64, students=s) for n, s in students.items())
    return campaign_plan(members=members)


def _mean(campaign: CampaignPlan, shares: dict[str, bytes]) -> MeanUpdate:
    return mean_update(campaign, opened_without_masks(campaign, round_plan(campaign), shares))


def _share(campaign: CampaignPlan, name: str, length: float = 1.0) -> bytes:
    vector = length * FakeSchool(name, "").direction(dimensions(campaign))
    terms = campaign.privacy.mechanism
    clipped = ClippedSum(vector, terms.clip_norm)
    return noised_share(clipped, terms, randomness=SeededRandomness(name), purpose="test")


def test_the_denominator_counts_the_public_students_of_those_that_answered() -> None:
    """.25 x (100 + 300) x 1 = 100, whoever was really drawn."""
    campaign = _campaign(east=100, north=300, west=40)
    assert denominator(campaign, ["east", "north"]) == 100.0


@given(st.permutations(["east", "north", "west"]))
def test_the_order_of_schools_changes_no_bit(order: list[str]) -> None:
    """Integers are added, so the mean is the same bits."""
    campaign = _campaign(east=100, north=100, west=100)
    shares = {name: _share(campaign, name) for name in ("east", "north", "west")}
    straight = _mean(campaign, shares).mean
    shuffled = _mean(campaign, {name: shares[name] for name in order}).mean
    assert straight is not None
    assert shuffled is not None
    assert straight.tobytes() == shuffled.tobytes()


def test_the_mean_is_the_sum_of_the_directions_plus_noise_of_the_stated_size() -> None:
    """Three shares of standard deviation 1.5015 clips, over 75: about .0347 per number."""
    campaign = _campaign(east=100, north=100, west=100)
    names = ["east", "north", "west"]
    mean = _mean(campaign, {name: _share(campaign, name) for name in names}).mean
    assert mean is not None
    clean = sum(FakeSchool(name, "").direction(dimensions(campaign)) for name in names)
    noise = mean * 75.0 - clean
    assert np.std(noise) == pytest.approx(1.5 * 1.001 * math.sqrt(3), rel=0.1)


def test_the_norm_bound_worked_by_hand() -> None:
    """Cap: .25 x 100 + 8 sqrt(18.75) = 59.6 -> 60 for each of three schools, plus the noise's length."""
    campaign = _campaign(east=100, north=100, west=100)
    std = math.sqrt(3 * (16.0**2 + 1 / 12)) * 1.5 * 1.001 / 16.0
    noise = std * (math.sqrt(507) + math.sqrt(120 * math.log(2)))
    assert norm_bound(campaign, ["east", "north", "west"]) == pytest.approx(180 * 1.001 + noise)


def test_an_honest_sum_passes_and_an_enormous_one_is_named() -> None:
    """A school that ignores its clip is found by the length of the sum."""
    campaign = _campaign(east=100, north=100, west=100)
    shares = {name: _share(campaign, name) for name in ("east", "north")}
    assert _mean(campaign, {**shares, "west": _share(campaign, "west", 60.0)}).mean is not None
    loud = _mean(campaign, {**shares, "west": _share(campaign, "west", 1000.0)})
    assert loud.mean is None
    assert "honest schools stay below" in loud.problem


def test_the_fake_school_sends_what_the_mechanism_sends() -> None:
    """The fakes of these tests add real noise."""
    campaign = _campaign(east=100)
    request = RoundRequest(campaign, round_plan(campaign), b"")
    school = FakeSchool("east", "")
    assert len(school.share(request)) == len(_share(campaign, "east"))
    assert school.share(request) == school.share(replace(request, model=b"other"))
