"""A plan that builds on an earlier campaign: a false price, other families or another model are refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.federation.foundation_rules import known_foundation
from client.federation.policy import decide_campaign
from client.federation.school_state import KnownFoundation
from client.records.approvals import note_campaign
from client.training.training_school import TrainingSchool
from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.plan import CampaignPlan, EarlierRounds, Foundation
from common.privacy.terms import Event
from common.refusals import Refusal, RefusalCode
from tests.support.judging import POLICY, linear_epsilon, masked_campaign, sound_campaign, state
from tests.support.plans import NEWTON, campaign_plan, logistic_model
from tests.support.published_rounds import PublishedRounds, flipped
from tests.support.schools import consortium_of, school_identity, training_school
from tests.support.stores import NOW, in_writer

EARLIER = masked_campaign(model=logistic_model(), optimiser=NEWTON, rounds=10)
MODEL = "d" * 64
KNOWN = KnownFoundation(EARLIER, MODEL)
OTHERS = {"north": "e" * 64, "west": "e" * 64}


def price(spent: tuple[EarlierRounds, ...], own: CampaignPlan, *, alone: bool) -> float:
    """What such earlier rounds and this campaign's own come to, under the tests' accountant."""
    events: list[Event] = own.events(own.total_rounds)
    if alone:
        events = [event.alone(own.privacy.honest_schools) for event in events]
    return linear_epsilon([*(one.event_alone if alone else one.event for one in spent), *events], 1e-5)


def building_on(earlier: CampaignPlan = EARLIER, **changes: Any) -> CampaignPlan:
    """A network's plan whose printed figures agree with whatever it says was spent."""
    spent = changes.get("spent", earlier.spent)
    own = masked_campaign()
    named: dict[str, Any] = {
        "campaign": earlier.digest,
        "model_digest": MODEL,
        "families": ("halves", "thirds"),
        "spent": spent,
        "epsilon": price(spent, own, alone=False),
        "epsilon_alone": price(spent, own, alone=True),
    }
    return own.model_copy(update={"foundation": Foundation(**(named | changes))})


def refusal(campaign: CampaignPlan, known: KnownFoundation | None = KNOWN) -> Refusal | None:
    """What the school "east" says."""
    return decide_campaign(campaign, state(foundation=known), POLICY)


def test_the_plain_truth_is_accepted() -> None:
    """Also by a school that came later and never saw the earlier campaign."""
    assert refusal(building_on()) is None
    assert refusal(building_on(), None) is None
    assert refusal(sound_campaign(), None) is None


@pytest.mark.parametrize("factor", [0.9, 1.1])
@pytest.mark.parametrize("field", ["epsilon", "epsilon_alone"])
def test_a_printed_figure_for_both_campaigns_that_is_not_their_sum(field: str, factor: float) -> None:
    """Refused by every school, whatever it knows of the earlier campaign."""
    told = building_on()
    assert told.foundation is not None
    false = building_on(**{field: getattr(told.foundation, field) * factor})
    for known in (KNOWN, None):
        no = refusal(false, known)
        assert no is not None
        assert no.code is RefusalCode.FIGURES_DIFFER
        assert "prints epsilon" in no.sentence


@pytest.mark.parametrize(
    "lie",
    [{"rounds": 9}, {"noise_multiplier": 3.0}, {"sampling_rate": 0.125}, {"honest_schools": 1}],
    ids=lambda lie: next(iter(lie)),
)
def test_earlier_rounds_made_cheaper_with_figures_to_match(lie: dict[str, float]) -> None:
    """The printed epsilons agree with what the plan says was spent; the earlier campaign's own plan doesn't."""
    (spent,) = EARLIER.spent
    no = refusal(building_on(spent=(spent.model_copy(update=lie),)))
    assert no is not None
    assert no.code is RefusalCode.FIGURES_DIFFER
    assert "the campaign that it builds on" in no.sentence


def test_other_families_or_another_model_are_refused() -> None:
    """And so is a model that this school can't compute: what can't be checked isn't permitted."""
    for false, known, words in (
        (building_on(families=("halves",)), KNOWN, "item families"),
        (building_on(model_digest="e" * 64), KNOWN, "computed another one"),
        (building_on(), KnownFoundation(EARLIER, ""), "can't compute"),
    ):
        no = refusal(false, known)
        assert no is not None
        assert no.code is RefusalCode.WRONG_MODEL
        assert words in no.sentence


class TestKnowing:
    """What a real school knows of an earlier campaign."""

    @pytest.fixture
    def published(self, tmp_path: Path) -> PublishedRounds:
        """A campaign whose three rounds are all published."""
        consortium = consortium_of(school_identity(tmp_path).public_key, minimum_cohort=2)
        published = PublishedRounds(consortium.campaign, consortium.model)
        for _ in range(3):
            published.publish(published.opened(vectors=OTHERS))
        return published

    @pytest.fixture
    def school(self, tmp_path: Path, published: PublishedRounds) -> Iterator[TrainingSchool]:
        """The school "east", which that campaign's plan has reached."""
        consortium = consortium_of(school_identity(tmp_path).public_key, minimum_cohort=2)
        with training_school(tmp_path, consortium, students=[], published=published) as made:
            plan = published.campaign
            in_writer(made.store, lambda c: note_campaign(c, plan.digest, plan.to_bytes(), now=NOW))
            yield made

    def test_it_redoes_the_model_from_the_published_sums(
        self, school: TrainingSchool, published: PublishedRounds
    ) -> None:
        """The digest is that of the arrays which the campaign released."""
        found = known_foundation(building_on(published.campaign), school.store, school.replica)
        assert found is not None
        assert found.plan == published.campaign
        assert found.model_digest == sha256_hex(to_bytes(from_bytes(published.known().model)))

    def test_sums_that_contradict_give_no_model(self, school: TrainingSchool, published: PublishedRounds) -> None:
        """One bit of the first sum."""
        published.rounds[1] = flipped(published.rounds[1])
        found = known_foundation(building_on(published.campaign), school.store, school.replica)
        assert found is not None
        assert found.model_digest == ""

    def test_an_unreachable_record_gives_no_model(
        self, school: TrainingSchool, published: PublishedRounds
    ) -> None:
        """Then the plan is refused until it can be read."""
        published.reachable = False
        found = known_foundation(building_on(published.campaign), school.store, school.replica)
        assert found is not None
        assert found.model_digest == ""

    def test_a_campaign_that_never_came_here_is_not_known(self, school: TrainingSchool) -> None:
        """Nor one that builds on nothing."""
        assert known_foundation(building_on(), school.store, school.replica) is None
        assert known_foundation(campaign_plan(), school.store, school.replica) is None
