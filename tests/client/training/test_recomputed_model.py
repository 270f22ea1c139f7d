"""The model that a school computes itself: the coordinator's step redone, and every bit of difference named."""

from dataclasses import replace

import numpy as np
import pytest

from client.training.masking_store import Answered
from client.training.recomputed_model import (
    Recomputed,
    begin,
    catch_up,
    check_follows,
    follow_round,
    own_vector_fault,
    unreachable,
)
from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import RetryLater
from common.federated_step import dimensions, first_weights, moved
from common.opened_round import OpenedRound
from common.plan import SecaggPlan
from common.refusals import Refusal, RefusalCode
from tests.support.published_rounds import PublishedRounds, flipped, sentence_of, with_total
from tests.support.schools import consortium_of, start_model


@pytest.fixture
def published() -> PublishedRounds:
    """Three schools, three rounds, nothing on record yet."""
    consortium = consortium_of("1" * 64)
    return PublishedRounds(consortium.campaign, consortium.model)


def began(published: PublishedRounds) -> Recomputed:
    """The school's own start."""
    known = begin(published.campaign, published.first_model)
    assert isinstance(known, Recomputed)
    return known


class TestBeginning:
    """The approved start, and nothing else."""

    def test_the_start_is_sent_as_it_was_approved(self, published: PublishedRounds) -> None:
        """To the bit, so that the first round's digest is the campaign's."""
        assert began(published).model == published.first_model

    def test_another_model_is_refused(self, published: PublishedRounds) -> None:
        """Whatever it holds."""
        assert "isn't the one that was approved" in sentence_of(begin(published.campaign, start_model(6)))

    @pytest.mark.parametrize("kind", ["no model", "no frozen array", "another order"])
    def test_an_approved_digest_of_something_else_is_refused(self, published: PublishedRounds, kind: str) -> None:
        """An administrator approves a digest without seeing what it is of."""
        arrays = from_bytes(published.first_model)
        start = {
            "no model": b"not a model",
            "no frozen array": to_bytes({name: arrays[name] for name in arrays if name != "u"}),
            "another order": to_bytes({name: arrays[name] for name in reversed(arrays)}),
        }[kind]
        terms = published.campaign.model.model_copy(update={"start_digest": sha256_hex(start)})
        campaign = published.campaign.model_copy(update={"model": terms})
        assert "isn't a model of the approved kind" in sentence_of(begin(campaign, start))


class TestFollowing:
    """One step per published sum."""

    def test_it_is_the_coordinators_step(self, published: PublishedRounds) -> None:
        """Worked here from the sum, the scale and the denominator."""
        total = np.arange(dimensions(published.campaign)) % 7 - 3
        after = follow_round(began(published), published.opened(total))
        assert isinstance(after, Recomputed)
        terms = published.campaign.privacy
        mean = total / terms.mechanism.scale / (terms.sampling_rate * 300 * terms.clip_norm)
        weights = first_weights(published.campaign, published.first_model)
        expected = moved(published.campaign, weights, mean, round_number=1)
        assert expected is not None
        np.testing.assert_array_equal(after.weights.model, expected.model)
        np.testing.assert_array_equal(after.weights.memory, expected.memory)

    def test_an_aborted_round_counts_and_moves_nothing(self, published: PublishedRounds) -> None:
        """The next round then follows from it."""
        known = began(published)
        after = follow_round(known, published.publish(published.aborted()))
        assert isinstance(after, Recomputed)
        assert after.model == known.model
        assert (after.round, after.outcome) == (1, OpenedRound.from_bytes(published.rounds[1]).digest)
        assert isinstance(follow_round(after, published.opened()), Recomputed)

    def test_what_doesnt_follow_is_named(self, published: PublishedRounds) -> None:
        """Each field of a plan that ties a round to the ones before."""
        published.publish(published.opened())
        wrong = {
            "the campaign is another": {"campaign_digest": "9" * 64},
            "the round's number is another": {"round": 3},
            "the kind is another": {"kind": "evaluate"},
            "the plan before it is another": {"previous_digest": "9" * 64},
            "the outcome before it is another": {"outcome_digest": "9" * 64},
            "the model is another": {"model_digest": "9" * 64},
        }
        for sentence, changes in wrong.items():
            opened = replace(published.opened(), plan=published.plan(**changes))
            assert sentence in sentence_of(follow_round(published.known(), opened)), changes

    def test_a_sum_that_cannot_be_is_named(self, published: PublishedRounds) -> None:
        """A stranger in it, too few schools, or another length."""
        known, opened = began(published), published.opened()
        stranger = replace(opened, survivors=(*opened.survivors, ("zebra", "e" * 64)))
        assert "a school that wasn't asked" in sentence_of(follow_round(known, stranger))
        few = replace(opened, survivors=opened.survivors[:2])
        assert "holds 2 schools instead of at least 3" in sentence_of(follow_round(known, few))
        short = with_total(opened, opened.total[:-3])
        assert "hasn't the plan's length" in sentence_of(follow_round(known, short))

    def test_a_masked_sum_has_to_hold_honest_schools_and_a_margin(self) -> None:
        """Two of three are enough for honest_schools 1 and a margin of 1; one isn't."""
        secagg = SecaggPlan(corrupt=0, threshold=2, max_dropped=1, min_margin=1)
        consortium = consortium_of("1" * 64, secagg=secagg)
        published = PublishedRounds(consortium.campaign, consortium.model)
        two = published.opened(vectors={"east": "e" * 64, "north": "e" * 64})
        assert isinstance(follow_round(began(published), two), Recomputed)
        one = replace(two, survivors=two.survivors[:1])
        assert "holds 1 schools instead of at least 2" in sentence_of(follow_round(began(published), one))


class TestOwnVector:
    """A school looks for what it sent itself."""

    def test_its_own_answer_has_to_stand_as_it_was_given(self, published: PublishedRounds) -> None:
        """Left out is fine; changed, invented or asked for with another plan isn't."""
        opened = published.opened()
        ctx = opened.plan.digest
        assert own_vector_fault(opened, "east", Answered(1, ctx, "e" * 64)) == ""
        assert "another vector" in own_vector_fault(opened, "east", Answered(1, ctx, "d" * 64))
        assert "remembers no answer" in own_vector_fault(opened, "east", None)
        assert "another plan" in own_vector_fault(opened, "east", Answered(1, "f" * 64, "e" * 64))
        without = replace(opened, survivors=opened.survivors[1:])
        assert own_vector_fault(without, "east", Answered(1, ctx, "d" * 64)) == ""
        assert own_vector_fault(without, "east", None) == ""


class TestNextPlan:
    """P6: what a request has to be."""

    def test_the_plan_and_model_that_follow_are_taken(self, published: PublishedRounds) -> None:
        """In the first round and later."""
        for _ in range(2):
            known = published.known()
            assert check_follows(known, published.plan(), known.model) is None
            published.publish(published.opened())

    def test_one_bit_of_the_model_is_enough(self, published: PublishedRounds) -> None:
        """Whether or not the plan names the damaged bytes."""
        published.publish(published.opened())
        known = published.known()
        crafted = flipped(known.model)
        refusal = check_follows(known, published.plan(), crafted)
        assert refusal is not None
        assert refusal.code is RefusalCode.WRONG_MODEL
        named = published.plan(model_digest=sha256_hex(crafted))
        refusal = check_follows(known, named, crafted)
        assert refusal is not None
        assert refusal.code is RefusalCode.NOT_REPLAYED
        assert "the model is another" in refusal.sentence


class TestCatchingUp:
    """From what was kept to the newest round, through the public record."""

    def test_the_rounds_between_are_read_and_followed(self, published: PublishedRounds) -> None:
        """Whoever was away for two rounds computes both."""
        published.publish(published.opened())
        known = published.known()
        published.publish(published.opened())
        published.publish(published.aborted())
        caught = catch_up(known, published, 3)
        assert not isinstance(caught, Refusal)
        after, read = caught
        assert [opened.plan.round for opened in read] == [2, 3]
        assert after.model == published.known().model
        assert published.asked == ["round 2", "round 3"]

    def test_nothing_is_asked_when_nothing_is_new(self, published: PublishedRounds) -> None:
        """Nor needed: the network may be down."""
        published.publish(published.opened())
        published.reachable = False
        assert not isinstance(catch_up(published.known(), published, 1), Refusal)

    def test_a_record_that_cannot_be_reached_is_no_answer(self, published: PublishedRounds) -> None:
        """Nobody believes a model for want of a network, and nobody is accused either."""
        with pytest.raises(RetryLater) as caught:
            catch_up(began(published), published, 1)
        refusal = unreachable(caught.value)
        assert refusal.code is RefusalCode.NOT_REPLAYED
        assert "doesn't answer" in refusal.local_reason

    def test_every_flipped_bit_of_a_record_is_noticed_by_the_next_round(self, published: PublishedRounds) -> None:
        """By itself, or because the round after it names another outcome."""
        published.publish(published.opened())
        published.publish(published.opened())
        good = published.rounds[1]
        for at in range(0, len(good), 41):
            published.rounds[1] = flipped(good, at)
            outcome = catch_up(began(published), published, 2)
            assert isinstance(outcome, Refusal), at
            assert outcome.code is RefusalCode.NOT_REPLAYED

    def test_the_own_vector_is_looked_for_in_every_round(self, published: PublishedRounds) -> None:
        """A round that holds a stranger's vector in this school's name ends it."""
        published.publish(published.opened())
        outcome = catch_up(
            began(published), published, 1, own=lambda opened: own_vector_fault(opened, "east", None)
        )
        assert "remembers no answer" in sentence_of(outcome)
