"""The policy as a whole: a sound plan passes, every rule has its turn, and no yes ever exceeds a cap."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.federation.policy import CAMPAIGN_RULES, ROUND_RULES, decide, decide_campaign
from client.federation.school_state import SchoolState
from client.settings import PolicySettings
from common.permission import Permission
from common.plan import MetricTerms
from common.refusals import Refusal, RefusalCode
from tests.support.judging import (
    NEWER,
    OLDER,
    POLICY,
    FakeLog,
    charge,
    linear_epsilon,
    masked_campaign,
    must_permit,
    must_refuse,
    request_for,
    sound_campaign,
    state,
)
from tests.support.stores import NOW

COHORTS = ("2024/25", OLDER, NEWER)


def test_a_sound_plan_is_permitted_for_everybody_who_consents() -> None:
    """Every test of a rule breaks one thing of these plans."""
    own = state(cohorts={OLDER: 30, NEWER: 30})
    assert must_permit(request_for(sound_campaign()), own) == Permission(frozenset({OLDER, NEWER}), 1)
    assert must_permit(request_for(masked_campaign()), own) == Permission(frozenset({OLDER, NEWER}), 3)
    assert decide_campaign(masked_campaign(), own, POLICY) is None


def test_each_rule_is_asked_once() -> None:
    """A rule that isn't in the list protects nobody."""
    rules = [*CAMPAIGN_RULES, *ROUND_RULES]
    assert len(set(rules)) == len(rules) == 23


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (state(paused=True), RefusalCode.NOT_TAKING_PART),
        (state(approved=False), RefusalCode.PLAN_NOT_APPROVED),
        (state(log=FakeLog(consistent=False, sentence="Two heads.")), RefusalCode.LOG_INCONSISTENT),
        (state(package_version="9.9"), RefusalCode.WRONG_VERSION),
    ],
    ids=["paused", "not approved", "log", "version"],
)
def test_the_trips_that_set_masking_up_are_judged_like_a_round(own: SchoolState, code: RefusalCode) -> None:
    """Nothing is dealt for a campaign that this school wouldn't take part in."""
    refusal = decide_campaign(masked_campaign(), own, POLICY)
    assert refusal is not None
    assert refusal.code is code
    assert must_refuse(request_for(masked_campaign()), own) == refusal


def test_a_bad_plan_is_refused_before_a_student_is_counted() -> None:
    """What is said about a bad plan is the same whoever consents; nobody can ask about students with it."""
    request = request_for(sound_campaign(privacy={"clip_norm": 11.0}))
    assert must_refuse(request, state(cohorts={})) == must_refuse(request, state(cohorts={NEWER: 60}))


@settings(max_examples=200, deadline=None)
@given(
    noise_multiplier=st.floats(0.3, 20),
    sampling_rate=st.floats(0.01, 1),
    honest=st.integers(1, 5),
    own=st.none() | st.integers(1, 5),
    measured=st.booleans(),
    asked=st.integers(1, 61),
    spent=st.lists(
        st.tuples(st.floats(0.3, 5), st.integers(0, 800), st.sets(st.sampled_from(COHORTS))), max_size=30
    ),
    caps=st.tuples(*[st.floats(0.1, 5)] * 4),
)
def test_no_accepted_plan_exceeds_a_cap(**drawn: Any) -> None:
    """Whatever the plan and the past, a yes keeps every cohort that pays within all four caps."""
    privacy = {
        "noise_multiplier": drawn["noise_multiplier"],
        "sampling_rate": drawn["sampling_rate"],
        "honest_schools": drawn["honest"],
    }
    metrics = MetricTerms(bins=10, noise_multiplier=4.0, modulus_bits=32) if drawn["measured"] else None
    campaign = masked_campaign(privacy=privacy, rounds=60, metrics=metrics)
    names = ("epsilon_year", "epsilon_alone_year", "epsilon_lifetime", "epsilon_alone_lifetime")
    caps = dict(zip(names, drawn["caps"], strict=True))
    policy = PolicySettings.model_validate(caps | {"own_honest_schools": drawn["own"]})
    rows = tuple(
        charge(
            seq=seq,
            at=NOW - timedelta(days=days),
            noise_multiplier=noise,
            honest_schools=2,
            own_honest_schools=2,
            cohorts=tuple(sorted(cohorts)),
        )
        for seq, (noise, days, cohorts) in enumerate(drawn["spent"], start=1)
    )
    own = state(rows=rows, cohorts=dict.fromkeys(COHORTS, 20))
    answer = decide(request_for(campaign, round=drawn["asked"]), own, policy)
    if isinstance(answer, Refusal):
        return
    relied = min(drawn["honest"], drawn["own"] or drawn["honest"])
    assert answer.cohorts
    assert answer.own_honest_schools == relied <= max(1, 2 * 5 // 3)
    event = campaign.mechanism(campaign.kind_of(drawn["asked"])).event()
    assert linear_epsilon([event.alone(relied)], 1e-5) <= policy.epsilon_round
    for cohort in answer.cohorts:
        paid = [row for row in rows if row.concerns(cohort)]
        this_year = [row for row in paid if row.at > (NOW - timedelta(days=365)).isoformat()]
        for past, term in ((this_year, "year"), (paid, "lifetime")):
            assert linear_epsilon([*(r.event for r in past), event], 1e-5) <= caps[f"epsilon_{term}"]
            alone = [*(r.event_alone for r in past), event.alone(relied)]
            assert linear_epsilon(alone, 1e-5) <= caps[f"epsilon_alone_{term}"]
