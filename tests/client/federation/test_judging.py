"""The judgement put together: nothing is fetched without approval, and nothing believed that isn't redone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from client.federation.enrolment import Enrolment
from client.federation.judging import Judge, judge_campaign, judge_round
from client.federation.school_state import Standing
from client.records.approvals import Decided, decide_campaign
from client.settings import PolicySettings
from client.training.training_school import TrainingSchool
from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.permission import Permission
from common.plan import CampaignPlan, RoundPlan
from common.privacy.accounting import epsilon_of
from common.refusals import RefusalCode
from tests.support.judging import FakeLog
from tests.support.published_rounds import PublishedRounds, flipped, with_total
from tests.support.schools import Consortium, consortium_of, school_identity, training_school
from tests.support.stores import NOW, in_writer

POLICY = PolicySettings(minimum_cohort=2)
OTHERS = {"north": "e" * 64, "west": "e" * 64}


@dataclass(slots=True)
class Court:
    """A school, what is published, and its judge."""

    school: TrainingSchool
    published: PublishedRounds
    judge: Judge

    @property
    def campaign(self) -> CampaignPlan:
        """The approved campaign."""
        return self.published.campaign

    def request(self, *, model: bytes | None = None, plan: RoundPlan | None = None) -> RoundRequest:
        """The next round with the model that follows, unless changed."""
        known = self.published.known()
        terms = self.campaign.privacy.mechanism
        plan = plan or self.published.plan(epsilon_after=epsilon_of([terms.event(known.round + 1)], terms.delta))
        return RoundRequest(self.campaign, plan, known.model if model is None else model, {}, NOW.timestamp())

    def code(self, request: RoundRequest | None = None) -> RefusalCode | None:
        """The refusal's code, or None for a yes."""
        answer = judge_round(request or self.request(), self.judge)
        return None if isinstance(answer, Permission) else answer.code


@contextmanager
def courts(folder: Path, consortium: Consortium) -> Iterator[Court]:
    """The school "east", which approved the campaign."""
    published = PublishedRounds(consortium.campaign, consortium.model)
    with training_school(folder, consortium, published=published) as school:
        enrolment = Enrolment(
            consortium="Valley schools",
            school="east",
            url="https://127.0.0.1:1",
            ca_pem="",
            coordinator_key=consortium.coordinator.public_key,
            students=100,
            joined_at=NOW.isoformat(),
        )
        standing = Standing(enrolment, school.identity.public_key, "0.1.0", epsilon_of)
        log = FakeLog(roster={member.school: member.identity_key for member in consortium.campaign.members})
        judge = Judge(
            store=school.store,
            replica=school.replica,
            masking=school.masking,
            policy=POLICY,
            standing=standing,
            clock=school.clock,
            log=lambda: log,
        )
        yield Court(school, published, judge)


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Court]:
    """Three schools, no masking, nothing published."""
    consortium = consortium_of(school_identity(tmp_path).public_key, minimum_cohort=2)
    with courts(tmp_path, consortium) as made:
        yield made


def refuse(court: Court) -> None:
    """The administrator's no."""
    digest = court.campaign.digest
    in_writer(
        court.school.store,
        lambda c: decide_campaign(c, digest, decided=Decided.REFUSED, by="Mr Abe", now=NOW),
    )


class TestRounds:
    """From the first to the last."""

    def test_rounds_that_follow_are_permitted(self, court: Court) -> None:
        """Each after the sum before it was read and redone."""
        for _ in range(3):
            answer = judge_round(court.request(), court.judge)
            assert isinstance(answer, Permission), answer
            assert answer.own_honest_schools == 1
            court.published.publish(court.published.opened(vectors=OTHERS))
        assert court.published.asked == ["round 1", "round 2"]

    def test_later_rounds_read_what_is_published_in_between(self, court: Court) -> None:
        """A school that was away for two rounds catches up and goes on."""
        for _ in range(2):
            court.published.publish(court.published.aborted())
        assert court.code() is None
        assert court.published.asked == ["round 1", "round 2"]

    def test_nothing_is_fetched_for_a_campaign_that_nobody_approved(self, court: Court) -> None:
        """Nor for one that was refused after it began."""
        refuse(court)
        court.published.publish(court.published.aborted())
        assert court.code() is RefusalCode.PLAN_NOT_APPROVED
        refusal = judge_campaign(court.campaign, court.judge)
        assert refusal is not None
        assert refusal.code is RefusalCode.PLAN_NOT_APPROVED
        assert court.published.asked == []

    def test_a_round_beyond_the_last_is_refused_without_looking_for_it(self, court: Court) -> None:
        """Whatever is published."""
        plan = court.published.plan(round=4)
        assert court.code(court.request(plan=plan)) is RefusalCode.ROUND_OUT_OF_ORDER
        assert court.published.asked == []

    def test_a_dead_line_refuses_with_a_local_reason(self, court: Court) -> None:
        """The school doesn't take the coordinator's word for the model."""
        court.published.publish(court.published.aborted())
        request = court.request()
        court.published.reachable = False
        answer = judge_round(request, court.judge)
        assert not isinstance(answer, Permission)
        assert answer.code is RefusalCode.NOT_REPLAYED
        assert answer.local_reason == "The coordinator doesn't answer."


class TestOneBit:
    """A bit flipped in a published sum, a model or a plan: refused and named."""

    def test_in_the_model(self, court: Court) -> None:
        """In the first round, and in a later one."""
        for _ in range(2):
            good = court.published.known().model
            answer = judge_round(court.request(model=flipped(good, 300)), court.judge)
            assert not isinstance(answer, Permission)
            assert answer.code is RefusalCode.WRONG_MODEL
            assert "isn't the one that this school computes" in answer.sentence
            court.published.publish(court.published.aborted())

    def test_in_the_model_and_in_the_plan_that_names_it(self, court: Court) -> None:
        """A crafted model under a plan made for it."""
        crafted = flipped(court.published.known().model, 300)
        plan = court.published.plan(
            model_digest=sha256_hex(crafted), epsilon_after=court.request().plan.epsilon_after
        )
        answer = judge_round(court.request(model=crafted, plan=plan), court.judge)
        assert not isinstance(answer, Permission)
        assert answer.code is RefusalCode.NOT_REPLAYED
        assert "the model is another" in answer.sentence

    def test_in_a_published_sum(self, court: Court) -> None:
        """The next plan rests on the honest sum, so that the two don't fit; the honest one is taken afterwards."""
        honest = court.published.publish(court.published.opened(vectors=OTHERS))
        request = court.request()
        court.published.rounds[1] = with_total(honest, flipped(honest.total, 10)).to_bytes()
        answer = judge_round(request, court.judge)
        assert not isinstance(answer, Permission)
        assert answer.code is RefusalCode.NOT_REPLAYED
        assert "the outcome before it is another" in answer.sentence

    def test_in_a_plan(self, court: Court) -> None:
        """Each of the digests that tie a round to what went before."""
        court.published.publish(court.published.opened(vectors=OTHERS))
        good = court.request()
        for name in ("previous_digest", "outcome_digest", "model_digest"):
            digest = getattr(good.plan, name)
            wrong = digest[:-1] + ("0" if digest[-1] != "0" else "1")
            answer = judge_round(court.request(plan=good.plan.model_copy(update={name: wrong})), court.judge)
            assert not isinstance(answer, Permission)
            assert answer.code is RefusalCode.NOT_REPLAYED
        assert court.code(good) is None

    def test_in_this_schools_own_vector(self, court: Court) -> None:
        """A sum that names this school, which sent nothing."""
        court.published.publish(court.published.opened(vectors=OTHERS | {"east": "e" * 64}))
        answer = judge_round(court.request(), court.judge)
        assert not isinstance(answer, Permission)
        assert "remembers no answer" in answer.sentence


class TestLog:
    """What the school has read of the public log is part of the judgement, for rounds and trips alike."""

    @pytest.mark.parametrize("seen", [None, FakeLog(consistent=False, sentence="Two heads of one size differ.")])
    def test_without_a_consistent_log_nothing_goes_on(self, court: Court, seen: FakeLog | None) -> None:
        """Refused by name."""
        judge = replace(court.judge, log=lambda: seen)
        answer = judge_round(court.request(), judge)
        assert not isinstance(answer, Permission)
        refusal = judge_campaign(court.campaign, judge)
        assert refusal is not None
        assert refusal.code is answer.code is RefusalCode.LOG_INCONSISTENT

    def test_a_round_that_rests_on_a_longer_log_waits(self, court: Court) -> None:
        """This school can't see what the others are shown."""
        plan = court.request().plan.model_copy(update={"log_size": 5})
        assert court.code(court.request(plan=plan)) is RefusalCode.LOG_INCONSISTENT
