"""Drafted plans keep their promise, and what can't be kept isn't drafted."""

from dataclasses import replace

import pytest

from common.errors import ErrorCode, FixSettings
from common.masking import secagg_terms
from common.plan import CampaignPlan, Member
from common.privacy.accounting import epsilon_of
from common.privacy.terms import Event
from common.skills import SkillMap
from server.plan import (
    CampaignDraft,
    Consortium,
    RoundPlace,
    draft_campaign,
    next_round,
)
from server.plan_models import LARGEST_LEARNING_RATE, bearable_learning_rate
from tests.support.plans import privacy_terms

SKILLS = SkillMap("test/1", ("add", "multiply"))
DRAFT = CampaignDraft(campaign="autumn", rounds=20, epsilon=3.0, hidden=8)


def _consortium(*students: int) -> Consortium:
    members = tuple(
        Member(school=f"school {n}", identity_key=f"{n:064x}", students=s) for n, s in enumerate(students)
    )
    return Consortium("Valley schools", "a" * 64, members)


def _plan(draft: CampaignDraft = DRAFT, students: tuple[int, ...] = (100, 120, 90)) -> CampaignPlan:
    return draft_campaign(
        draft, _consortium(*students), skill_map=SKILLS, start_digest="c" * 64, bundle_digest="b" * 64
    )


def test_the_budget_is_met_and_not_wasted() -> None:
    """Epsilon is at most what was asked, and a hundredth less noise would exceed it."""
    plan = _plan()
    assert plan.epsilon <= 3.0
    less = Event(plan.privacy.noise_multiplier * 0.99, plan.privacy.sampling_rate, plan.rounds)
    measuring = plan.mechanism("evaluate").event()
    assert epsilon_of([less, measuring], plan.privacy.delta) > 3.0


def test_measuring_costs_little() -> None:
    """An eighth of epsilon by itself; of all rounds together, a hundredth of the noise."""
    plan, silent = _plan(), _plan(replace(DRAFT, measured=False))
    assert silent.metrics is None
    assert silent.total_rounds == 20
    assert plan.total_rounds == 21
    assert epsilon_of([plan.mechanism("evaluate").event()], plan.privacy.delta) == pytest.approx(0.375, abs=0.001)
    ratio = plan.privacy.noise_multiplier / silent.privacy.noise_multiplier
    assert 1.0 < ratio < 1.02


def test_alone_means_alone() -> None:
    """With three schools, or without masks, every school adds the full noise, so colluders gain nothing."""
    for plan in (_plan(), _plan(replace(DRAFT, secure_aggregation=False), students=(100,) * 8)):
        assert plan.privacy.honest_schools == 1
        assert plan.epsilon_alone == plan.epsilon


def test_sharing_noise_has_its_price_printed() -> None:
    """Eight schools, five of them honest: less noise for the same epsilon, and what it is worth alone."""
    plan = _plan(students=(100,) * 8)
    assert plan.privacy.honest_schools == 5
    assert secagg_terms(plan).fault() is None
    assert plan.privacy.honest_schools <= secagg_terms(plan).honest_floor()
    events = [event.alone(5) for event in plan.events(21)]
    assert plan.epsilon_alone == epsilon_of(events, plan.privacy.delta)
    assert plan.epsilon_alone > plan.epsilon


def test_the_last_round_s_figure_is_the_campaign_s() -> None:
    """What a school reads in each round grows to what its administrator approved."""
    plan = _plan()
    figures = [
        next_round(
            plan, RoundPlace(n, plan.digest, plan.digest), model_digest="c" * 64, cohort=("b", "a")
        ).epsilon_after
        for n in (1, 10, 20, 21)
    ]
    assert figures == sorted(figures)
    assert figures[-1] == plan.epsilon


def test_a_round_names_its_cohort_in_order() -> None:
    """One spelling per cohort."""
    plan = next_round(_plan(), RoundPlace(1, "0" * 64, "0" * 64), model_digest="c" * 64, cohort=("b", "a"))
    assert plan.cohort == ("a", "b")


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(DRAFT, epsilon=-1.0), "epsilon must be a positive number"),
        (replace(DRAFT, epsilon=1e-6), "No reasonable amount of noise"),
        (replace(DRAFT, delta=1e-4), "largest that schools of this size accept"),
        (replace(DRAFT, sampling_rate=1.5), "sampling_rate can't be 1.5"),
        (replace(DRAFT, rounds=0), "count can't be 0"),
        (replace(DRAFT, hidden=2), "hidden"),
        (replace(DRAFT, clip_norm=101.0), "clip_norm"),
        (replace(DRAFT, campaign=""), "campaign"),
        (replace(DRAFT, clip_norm=0.0), "clip_norm"),
    ],
)
def test_figures_that_cannot_be_met_are_refused_with_a_sentence(draft: CampaignDraft, sentence: str) -> None:
    """Nothing is signed."""
    with pytest.raises(FixSettings, match=sentence):
        _plan(draft)


def test_too_few_schools_are_refused() -> None:
    """Two enrolled where three are needed."""
    with pytest.raises(FixSettings, match="2 are enrolled") as error:
        _plan(students=(100, 100))
    assert error.value.code == ErrorCode.TOO_FEW_SCHOOLS


def test_members_are_in_order() -> None:
    """The digest doesn't depend on who enrolled first."""
    consortium = _consortium(100, 120, 90)
    backwards = replace(consortium, members=consortium.members[::-1])
    again = draft_campaign(DRAFT, backwards, skill_map=SKILLS, start_digest="c" * 64, bundle_digest="b" * 64)
    assert again.digest == _plan().digest


def test_steps_are_as_large_as_the_noise_bears() -> None:
    """Worked by hand: 8 schools, 1,310 students, noise multiplier 1.83, half a round's students: the largest rate.

    Three schools of 60 have 4.4 times that noise in a coordinate, so their steps are a twentieth.
    """
    terms = privacy_terms(noise_multiplier=1.83, sampling_rate=0.5)
    eight = _consortium(*([164] * 8)).members
    assert bearable_learning_rate(terms, eight) == LARGEST_LEARNING_RATE
    three = _consortium(60, 60, 60).members
    noise = 1.83 * 3**0.5 / (0.5 * 180)
    assert bearable_learning_rate(terms, three) == pytest.approx((0.0095 / noise) ** 2)
    assert 0.05 < bearable_learning_rate(terms, three) < 0.1


def test_an_operator_may_choose_the_rate() -> None:
    """Then it stands in the plan as it is."""
    assert _plan(replace(DRAFT, learning_rate=0.25)).optimiser.learning_rate == 0.25
    assert _plan().optimiser.learning_rate > 0
