"""Drafting a logistic campaign and a network on top of it: one budget, two plans, and when one is enough."""

import pytest

from common.errors import FixSettings
from common.model_terms import LogisticTerms, NewtonTerms
from common.plan import CampaignPlan, Foundation, Member
from common.privacy.accounting import epsilon_of
from common.skills import SkillMap
from server.plan import CampaignDraft, Consortium, draft_campaign, foundation_of
from server.plan_models import why_no_dkt
from server.plan_words import model_in_words

SKILLS = SkillMap("test/1", ("add", "multiply"))
FIRST = CampaignDraft("first", 1.0, kind="logistic", families=("halves", "thirds"))


def consortium(students: int = 200) -> Consortium:
    """Five schools."""
    members = tuple(Member(school=f"school {n}", identity_key=f"{n:064x}", students=students) for n in range(5))
    return Consortium("Valley schools", "a" * 64, members)


def drafted(draft: CampaignDraft, students: int = 200) -> CampaignPlan:
    """With zeros for digests."""
    return draft_campaign(
        draft, consortium(students), skill_map=SKILLS, start_digest="0" * 64, bundle_digest="0" * 64
    )


@pytest.fixture(scope="module")
def first() -> CampaignPlan:
    """The logistic campaign."""
    return drafted(FIRST)


@pytest.fixture(scope="module")
def foundation(first: CampaignPlan) -> Foundation:
    """What a network builds on."""
    return foundation_of(first, model_digest="b" * 64)


def test_a_logistic_campaign_takes_ten_rounds_with_everybody_in_each(first: CampaignPlan) -> None:
    """And its own optimiser; all of it costs what was asked for."""
    assert isinstance(first.model, LogisticTerms)
    assert isinstance(first.optimiser, NewtonTerms)
    assert (first.rounds, first.privacy.sampling_rate, first.privacy.clip_norm) == (10, 1.0, 0.5)
    assert first.model.families == ("halves", "thirds")
    assert 0.95 < first.epsilon <= 1.0
    assert first.epsilon_in_all == first.epsilon
    assert "2 item families" in model_in_words(first)


def test_a_network_shares_the_budget_with_what_it_builds_on(first: CampaignPlan, foundation: Foundation) -> None:
    """Both together cost three, by composition of all their rounds; the network alone costs less."""
    plan = drafted(CampaignDraft("second", 3.0, hidden=8, foundation=foundation))
    assert plan.foundation is not None
    together = epsilon_of([*first.events(first.total_rounds), *plan.events(plan.total_rounds)], plan.privacy.delta)
    assert plan.foundation.epsilon == pytest.approx(together)
    assert 2.95 < plan.epsilon_in_all <= 3.0
    assert plan.epsilon < 3.0 < plan.epsilon + first.epsilon
    assert plan.epsilon_alone_in_all > plan.epsilon_alone
    assert plan.foundation.families == ("halves", "thirds")
    assert CampaignPlan.from_bytes(plan.to_bytes()) == plan


def test_a_network_that_can_not_pay_is_not_drafted(foundation: Foundation) -> None:
    """Too few students, or too little epsilon: the campaign ends with the logistic model, and the plan says so."""
    with pytest.raises(FixSettings, match="500 students"):
        drafted(CampaignDraft("second", 3.0, hidden=8, foundation=foundation), students=100)
    with pytest.raises(FixSettings, match="epsilon 1"):
        drafted(CampaignDraft("second", 1.0, hidden=8, foundation=foundation))
    assert why_no_dkt(3.0, consortium().members) == ""
    assert "all that is trained" in model_in_words(drafted(FIRST, students=100))
