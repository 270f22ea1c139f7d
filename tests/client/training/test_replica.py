"""A school's own copy of the model: brought up to date, kept, and the ledger told what became of its rounds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.training.masking_store import Answered
from client.training.model_store import ModelStore
from client.training.recomputed_model import Recomputed
from client.training.replica import Replica, keep_up
from common.clock import StoppedClock
from common.errors import RetryLater
from common.plan import CampaignPlan
from common.privacy.ledger import Caps, Charge, Ledger
from common.refusals import Refusal, RefusalCode
from tests.support.privacy import count_rounds, mechanism_terms
from tests.support.published_rounds import PublishedRounds, flipped, sentence_of
from tests.support.schools import consortium_of

WIDE = Caps(epsilon=1e6, epsilon_alone=1e6)


@pytest.fixture
def published() -> PublishedRounds:
    """Nothing on record yet."""
    consortium = consortium_of("1" * 64)
    return PublishedRounds(consortium.campaign, consortium.model)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger with a cheap accountant."""
    with Ledger(tmp_path / "ledger", caps=WIDE, epsilon_of=count_rounds, clock=StoppedClock()) as opened:
        yield opened


@pytest.fixture
def answers() -> dict[int, Answered]:
    """What the school answered, by round."""
    return {}


@pytest.fixture
def replica(tmp_path: Path, published: PublishedRounds, ledger: Ledger, answers: dict[int, Answered]) -> Replica:
    """The school "east"."""

    def answered(campaign: CampaignPlan, number: int) -> Answered | None:
        return answers.get(number)

    return Replica("east", published, ModelStore(tmp_path / "models"), ledger, answered)


class TestKeepingUp:
    """Never from more than what is published."""

    def test_a_start_that_came_with_the_request_isnt_fetched(
        self, replica: Replica, published: PublishedRounds
    ) -> None:
        """If it is the approved one; anything else is not even looked at."""
        known = keep_up(replica, published.campaign, 0, offered_start=published.first_model)
        assert isinstance(known, Recomputed)
        assert known.model == published.first_model
        assert published.asked == []

    def test_without_it_the_start_is_fetched_and_kept(self, replica: Replica, published: PublishedRounds) -> None:
        """Once."""
        for _ in range(2):
            known = keep_up(replica, published.campaign, 0, offered_start=flipped(published.first_model))
            assert isinstance(known, Recomputed)
        assert published.asked == ["start"]

    def test_each_round_is_read_once(
        self, replica: Replica, published: PublishedRounds, answers: dict[int, Answered]
    ) -> None:
        """The file remembers the rest, also for a school that was restarted."""
        for number in (1, 2, 3):
            opened = published.publish(published.opened())
            answers[number] = Answered(number, opened.plan.digest, "e" * 64)
            known = keep_up(replica, published.campaign, number)
            assert isinstance(known, Recomputed)
            assert known.model == published.known().model
        assert published.asked == ["start", "round 1", "round 2", "round 3"]

    def test_a_lost_file_is_computed_again(
        self, replica: Replica, published: PublishedRounds, tmp_path: Path, answers: dict[int, Answered]
    ) -> None:
        """It is a shortcut and nothing else."""
        opened = published.publish(published.opened())
        answers[1] = Answered(1, opened.plan.digest, "e" * 64)
        first = keep_up(replica, published.campaign, 1)
        [path] = (tmp_path / "models").iterdir()
        path.write_bytes(flipped(path.read_bytes(), 200))
        again = keep_up(replica, published.campaign, 1)
        assert isinstance(first, Recomputed)
        assert isinstance(again, Recomputed)
        assert again.model == first.model

    def test_a_dead_line_changes_nothing(self, replica: Replica, published: PublishedRounds) -> None:
        """What was kept stays, and the caller is told to wait."""
        keep_up(replica, published.campaign, 0)
        published.publish(published.opened())
        published.reachable = False
        with pytest.raises(RetryLater):
            keep_up(replica, published.campaign, 1)
        assert isinstance(keep_up(replica, published.campaign, 0), Recomputed)


class TestOwnPart:
    """What this school sent has to be found as it was sent."""

    def test_a_sum_with_another_vector_in_its_name_is_refused(
        self, replica: Replica, published: PublishedRounds, answers: dict[int, Answered]
    ) -> None:
        """And isn't kept as if it had been believed."""
        opened = published.publish(published.opened())
        answers[1] = Answered(1, opened.plan.digest, "d" * 64)
        refusal = keep_up(replica, published.campaign, 1)
        assert isinstance(refusal, Refusal)
        assert refusal.code is RefusalCode.NOT_REPLAYED
        assert "another vector in this school's name" in refusal.sentence
        known = keep_up(replica, published.campaign, 0)
        assert isinstance(known, Recomputed)
        assert known.round == 0

    def test_a_sum_that_invents_its_answer_is_refused(self, replica: Replica, published: PublishedRounds) -> None:
        """It remembers every answer it gave."""
        published.publish(published.opened())
        assert "remembers no answer" in sentence_of(keep_up(replica, published.campaign, 1))


class TestLedger:
    """What became of a charge."""

    def test_an_aborted_round_is_marked_and_stays_charged(
        self, replica: Replica, published: PublishedRounds, ledger: Ledger
    ) -> None:
        """Once, however often the school looks."""
        opened = published.aborted()
        ctx = opened.plan.digest
        ledger.charge(Charge(published.campaign.digest, 1, ctx, mechanism_terms(), frozenset({"all"})))
        published.publish(opened)
        for _ in range(2):
            keep_up(replica, published.campaign, 1)
        assert [(row.kind, row.state) for row in ledger.rows()] == [("charge", "charged"), ("state", "aborted")]
        assert ledger.rows()[-1].epsilon_after == 1.0

    def test_an_aborted_round_without_a_charge_isnt_noted(
        self, replica: Replica, published: PublishedRounds, ledger: Ledger
    ) -> None:
        """The school wasn't in it."""
        published.publish(published.aborted())
        keep_up(replica, published.campaign, 1)
        assert ledger.rows() == ()
