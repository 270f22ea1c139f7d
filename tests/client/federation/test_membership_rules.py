"""P8, P9, P11, P13 and P15: a sound plan with one thing wrong about who asks or who takes part is refused."""

from typing import Any

import pytest

from client.federation.membership_rules import least_cohort
from client.settings import PolicySettings
from common.exchange import RoundRequest
from common.plan import MetricTerms
from common.refusals import RefusalCode
from tests.support.judging import (
    FIVE,
    MODEL,
    NEWER,
    OLDER,
    masked_campaign,
    member,
    must_permit,
    must_refuse,
    request_for,
    sound_campaign,
    state,
)

METRICS = MetricTerms(bins=10, noise_multiplier=9.0, modulus_bits=24)


@pytest.mark.parametrize(
    "members",
    [
        (member("east", "9"), member("north", "2"), member("west", "3")),
        (member("north", "2"), member("west", "3"), member("south", "4")),
        (member("east", "1"), member("north", "2"), member("north", "3")),
        (member("east", "1"), member("north", "2"), member("west", "2")),
        (member("east", "1"), member("north", "2"), member("west", "1")),
        (member("east", "1", students=500), member("north", "2"), member("west", "3")),
    ],
    ids=["own key wrong", "absent", "doubled name", "doubled key", "own key twice", "own number wrong"],
)
def test_p9_a_roster_that_pads_or_misnames(members: Any) -> None:
    """A padded roster would pretend that more schools hide this one."""
    request = request_for(sound_campaign(members=members))
    assert must_refuse(request).code is RefusalCode.NOT_IN_ROSTER


@pytest.mark.parametrize(
    "cohort", [("east", "east", "west"), ("east", "north", "other"), ("north", "west", "north")]
)
def test_p9_a_cohort_that_is_not_from_the_roster(cohort: tuple[str, ...]) -> None:
    """Doubled, unknown, or without this school."""
    assert must_refuse(request_for(sound_campaign(), cohort=cohort)).code is RefusalCode.NOT_IN_ROSTER


def test_p11_a_campaign_that_nobody_here_approved() -> None:
    """The coordinator's signature isn't enough."""
    refusal = must_refuse(request_for(sound_campaign()), state(approved=False))
    assert refusal.code is RefusalCode.PLAN_NOT_APPROVED


def test_p11_a_round_of_another_campaign() -> None:
    """A round plan names the campaign that it belongs to."""
    request = request_for(sound_campaign(), campaign_digest="f" * 64)
    assert must_refuse(request).code is RefusalCode.PLAN_NOT_APPROVED


@pytest.mark.parametrize(("last", "asked"), [(2, 1), (2, 2), (0, 4)])
def test_p11_an_older_round_or_one_too_many(last: int, asked: int) -> None:
    """A second answer to an answered round would be a second look at the same students."""
    request = request_for(sound_campaign(), round=asked)
    assert must_refuse(request, state(last_round=last)).code is RefusalCode.ROUND_OUT_OF_ORDER


def test_p11_a_missed_round_is_fine() -> None:
    """A school that was away goes on with the next round."""
    must_permit(request_for(sound_campaign(), round=3), state(last_round=1))


def test_p11_the_measuring_round_comes_last_and_is_no_other() -> None:
    """A training round in its place, or a measuring one before its time, was never approved."""
    campaign = sound_campaign(metrics=METRICS)
    must_permit(request_for(campaign, round=4))
    for number, kind in ((4, "train"), (3, "evaluate")):
        request = request_for(campaign, round=number, kind=kind)
        assert must_refuse(request).code is RefusalCode.ROUND_OUT_OF_ORDER
    assert must_refuse(request_for(sound_campaign(), round=4)).code is RefusalCode.ROUND_OUT_OF_ORDER


@pytest.mark.parametrize(("own", "campaigns"), [(4, 1), (1, 4)])
def test_p8_too_few_schools_for_the_school_or_for_the_campaign(own: int, campaigns: int) -> None:
    """The larger of the two minima counts."""
    request = request_for(sound_campaign(minimum_cohort=campaigns))
    policy = PolicySettings(minimum_cohort=own)
    assert must_refuse(request, policy=policy).code is RefusalCode.COHORT_TOO_SMALL


def test_p8_shared_noise_takes_five_schools_and_noise_of_ones_own_three() -> None:
    """Unless the administrator says otherwise; a smaller number is the administrator's word, too."""
    alone, shared = sound_campaign(), masked_campaign()
    assert (least_cohort(alone, PolicySettings()), least_cohort(shared, PolicySettings())) == (3, 5)
    own = PolicySettings(minimum_cohort=2)
    assert (least_cohort(alone, own), least_cohort(shared, own)) == (2, 2)
    loose = masked_campaign(minimum_cohort=4, secagg=None, privacy={"honest_schools": 1})
    must_permit(request_for(loose, cohort=tuple(sorted(FIVE)[:4])))


def test_p13_too_few_consenting_students() -> None:
    """The code says nothing about students; the number stays in the local reason."""
    refusal = must_refuse(request_for(sound_campaign()), state(cohorts={OLDER: 9, NEWER: 10}))
    assert refusal.code is RefusalCode.NOT_TAKING_PART
    assert "19" not in refusal.sentence
    assert "19" in refusal.local_reason


def test_p15_another_purpose() -> None:
    """The wire type allows one purpose; a plan that got past it is refused all the same."""
    campaign = sound_campaign().model_copy(update={"purpose": "advertising"})
    request = request_for(sound_campaign())
    odd = RoundRequest(campaign, request.plan, MODEL, sent_at_seconds=request.sent_at_seconds)
    assert must_refuse(odd).code is RefusalCode.PURPOSE_NOT_ALLOWED
