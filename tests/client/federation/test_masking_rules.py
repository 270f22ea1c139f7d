"""P4 and P10: a plan relies on no more honest schools than its masks can promise, and the masks are safe."""

from typing import Any

import pytest

from client.federation.masking_rules import relied_on
from client.settings import PolicySettings
from common.plan import SecaggPlan
from common.refusals import RefusalCode
from tests.support.judging import (
    MASKED,
    five_members,
    masked_campaign,
    member,
    must_permit,
    must_refuse,
    request_for,
    sound_campaign,
    state,
)
from tests.support.judging import FakeLog as Log


def test_five_masked_schools_may_share_the_noise_of_three() -> None:
    """Every test below breaks one thing of this plan."""
    permission = must_permit(request_for(masked_campaign()))
    assert permission.own_honest_schools == 3


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"secagg": None}, "masked"),
        ({"privacy": {"honest_schools": 4}}, "two thirds"),
        ({"members": five_members()[:4], "minimum_cohort": 4, "privacy": {"honest_schools": 2}}, "too few"),
    ],
    ids=["masking off", "above two thirds", "four schools"],
)
def test_p4_shared_noise_without_what_it_rests_on(changes: dict[str, Any], word: str) -> None:
    """The epsilon would be printed for noise that nobody has to add."""
    refusal = must_refuse(request_for(masked_campaign(**changes)))
    assert refusal.code is RefusalCode.TERMS_OUT_OF_BOUNDS
    assert word in refusal.sentence


def test_p4_more_honest_schools_than_the_smallest_sum_that_can_open() -> None:
    """Nine schools, two of them corrupt, threshold 6, two missing: 9 - 2 - floor(7 x 2 / 4) = 4 honest ones."""
    members = tuple(member(f"s{digit}", digit) for digit in "123456789")
    members = (member("east", "f"), *members[1:])
    log = Log(roster={m.school: m.identity_key for m in members})
    secagg = SecaggPlan(corrupt=2, threshold=6, max_dropped=2, min_margin=1)
    own = state(identity_key="f" * 64, log=log)
    terms: dict[str, Any] = {"members": members, "secagg": secagg, "minimum_cohort": 9}
    must_permit(request_for(masked_campaign(privacy={"honest_schools": 4}, **terms)), own)
    refusal = must_refuse(request_for(masked_campaign(privacy={"honest_schools": 5}, **terms)), own)
    assert refusal.code is RefusalCode.TERMS_OUT_OF_BOUNDS
    assert "a sum of 4 could be opened" in refusal.sentence


def test_p4_a_margin_below_one() -> None:
    """The wire type allows none; a plan that got past it is refused all the same."""
    campaign = masked_campaign()
    odd = campaign.model_copy(update={"secagg": MASKED.model_copy(update={"min_margin": 0})})
    refusal = must_refuse(request_for(odd))
    assert refusal.code is RefusalCode.TERMS_OUT_OF_BOUNDS
    assert "margin" in refusal.sentence


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"threshold": 3}, "both secrets"),
        ({"corrupt": 2, "threshold": 3}, "both secrets"),
        ({"corrupt": 4}, "protects nobody"),
        ({"threshold": 6}, "protects nobody"),
        ({"max_dropped": 2}, "can't reach the threshold"),
    ],
    ids=str,
)
def test_p10_masks_that_a_coordinator_could_open(changes: dict[str, Any], word: str) -> None:
    """Also where each school adds all the noise: the plan says that its sums are masked."""
    secagg = MASKED.model_copy(update=changes)
    for honest in (1, 3):
        refusal = must_refuse(request_for(masked_campaign(secagg=secagg, privacy={"honest_schools": honest})))
        assert refusal.code is RefusalCode.MASKING_UNSAFE
        assert word in refusal.sentence


def test_p10_three_schools_may_mask_and_two_may_not() -> None:
    """Three add all their noise and mask as a second fence."""
    three = SecaggPlan(corrupt=0, threshold=2, max_dropped=1, min_margin=1)
    must_permit(request_for(sound_campaign(secagg=three)))
    pair = (member("east", "1"), member("north", "2"))
    terms: dict[str, Any] = {"members": pair, "minimum_cohort": 2}
    request = request_for(sound_campaign(secagg=three, **terms))
    assert must_refuse(request, policy=PolicySettings(minimum_cohort=2)).code is RefusalCode.MASKING_UNSAFE
    must_permit(request_for(sound_campaign(**terms)), policy=PolicySettings(minimum_cohort=2))


@pytest.mark.parametrize(("own", "relied"), [(None, 3), (1, 1), (2, 2), (9, 3)])
def test_a_school_may_rely_on_fewer_schools_than_the_plan_and_never_on_more(own: int | None, relied: int) -> None:
    """Its own share of the noise grows, and its own epsilon alone falls."""
    policy = PolicySettings(own_honest_schools=own)
    assert relied_on(masked_campaign(), policy) == relied
    assert must_permit(request_for(masked_campaign()), policy=policy).own_honest_schools == relied
