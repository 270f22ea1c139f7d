"""The link put together: a school that joined, approved, answers a round and installs what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from client.federation.approvals import approve, known_campaigns
from client.federation.join import join
from client.federation.re_measuring import measure_again
from client.federation.school_link import (
    LinkedSchool,
    duties_of,
    gate_of,
    look_for_news,
    measure_if_due,
    open_answer,
    open_school,
    seldom,
)
from client.records.audit_trail import recent_audit
from client.records.refusals import recent_refusals
from client.records.releases import active_release
from client.records.serving import load_bkt
from client.records.serving_now import serving_now
from client.settings import SchoolFolder, create_folder
from common.campaign_message import seal_campaign
from common.clock import StoppedClock
from common.errors import ErrorCode, FixSettings, RetryLater
from common.exchange import RoundReply, open_reply, open_request
from common.log_entries import Enrolled, entry_bytes
from common.models.release import release_digest, write_release
from common.opened_round import OpenedRound
from common.privacy.ledger import charges_of
from common.refusals import RefusalCode
from common.signing import load_identity
from tests.support.fake_coordinator import FakeCoordinator, fake_coordinator
from tests.support.published_rounds import PublishedRounds
from tests.support.releases import released
from tests.support.schools import Consortium, consortium_of, fill_store, student_names
from tests.support.seeded import SeededRandomness
from tests.support.stores import in_reader, in_writer


@dataclass
class Joined:
    """A school that has joined, and what its coordinator will propose."""

    folder: SchoolFolder
    coordinator: FakeCoordinator
    consortium: Consortium
    clock: StoppedClock

    def offer(self) -> None:
        """Proposes the campaign."""
        self.coordinator.campaigns = [seal_campaign(self.coordinator.identity, self.consortium.campaign)]

    def approve(self, school: LinkedSchool) -> None:
        """The administrator's word, a moment ago."""
        digest, now = self.consortium.campaign.digest, self.clock.now()
        in_writer(school.training.store, lambda c: approve(c, digest, by="Mr Abe", now=now))

    def request(self, **changes: Any) -> bytes:
        """A round's request that rests on the whole log, unless changed."""
        head = self.coordinator.log_head()
        return self.consortium.request(**({"log_size": head.size, "log_root": head.root} | changes))

    def abort_all(self, request: bytes) -> None:
        """Nothing came of the three rounds, so that the start is what every school computes."""
        published = self.coordinator.published
        assert published is not None
        first = open_request(request, coordinator_key=self.coordinator.identity.public_key).plan
        published.publish(OpenedRound(first, "aborted"))
        for _ in range(2):
            published.publish(published.aborted())

    def open(self) -> Any:
        """The school, opened with seeded randomness."""
        return open_school(self.folder, randomness=SeededRandomness("link"), clock=self.clock)


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[Joined]:
    """The school "east" with forty students."""
    clock = StoppedClock()
    folder = create_folder(tmp_path / "school", school="east")
    with fake_coordinator(tmp_path) as coordinator:
        join(coordinator.invitation(tmp_path), folder, 100, clock=clock)
        key = load_identity(folder.identity_key).public_key
        consortium = consortium_of(
            key, coordinator=coordinator.identity, package_version=version("homeroom"), rounds=3
        )
        coordinator.published = PublishedRounds(consortium.campaign, consortium.model)
        coordinator.log = [
            entry_bytes(Enrolled(school=one.school, identity_key=one.identity_key, students=one.students))
            for one in consortium.campaign.members
        ]
        with open_school(folder, clock=clock) as school:
            fill_store(school.training.store, student_names(40))
        yield Joined(folder, coordinator, consortium, clock)


def opened(reply: bytes, school: LinkedSchool) -> RoundReply:
    """The reply as the coordinator reads it."""
    key = school.training.identity.public_key
    return open_reply(reply, school="east", school_key=key, max_bytes=10_000_000)


class TestRounds:
    """From an offered plan to a charged round."""

    def test_an_offered_plan_waits_and_an_approved_one_is_answered(self, joined: Joined) -> None:
        """The real policy, the real accountant and the real ledger."""
        joined.offer()
        request = joined.request()
        with joined.open() as school:
            duties = duties_of(school)
            assert opened(duties.answer(request), school).refusal is RefusalCode.PLAN_NOT_APPROVED
            duties.idle()
            [known] = in_reader(school.training.store, known_campaigns)
            assert known.waiting
            assert not duties.approved(known.bundle_digest)
            joined.approve(school)
            assert duties.approved(known.bundle_digest)
            assert not duties.approved("c" * 64)
            assert opened(duties.answer(request), school).update is not None
            assert len(charges_of(school.training.ledger.rows())) == 1
            assert len(in_reader(school.training.store, lambda c: recent_refusals(c, count=5))) == 1

    def test_polls_are_quick_between_approval_and_the_first_round(self, joined: Joined) -> None:
        """For ten minutes; afterwards a message itself makes them quick."""
        joined.offer()
        with joined.open() as school:
            look_for_news(school, set())
            duties = duties_of(school)
            assert not duties.in_campaign()
            joined.approve(school)
            assert duties.in_campaign()
            duties.answer(joined.request())
            assert not duties.in_campaign()

    def test_an_old_approval_does_not_keep_polls_quick(self, joined: Joined) -> None:
        """A campaign that never begins must not cost the coordinator a thousand polls an hour."""
        joined.offer()
        with joined.open() as school:
            look_for_news(school, set())
            joined.approve(school)
            joined.clock.advance(timedelta(minutes=11))
            assert not duties_of(school).in_campaign()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"epsilon_after": 0.01}, RefusalCode.FIGURES_DIFFER),
            ({"model": b"not a model"}, RefusalCode.WRONG_MODEL),
            ({"cohort": ("east", "north")}, RefusalCode.COHORT_TOO_SMALL),
            ({"round": 4}, RefusalCode.ROUND_OUT_OF_ORDER),
        ],
    )
    def test_a_bad_plan_is_refused_with_nothing_charged(
        self, joined: Joined, changes: dict[str, Any], code: RefusalCode
    ) -> None:
        """End to end: the signature is right, the plan isn't."""
        joined.offer()
        with joined.open() as school:
            look_for_news(school, set())
            joined.approve(school)
            reply = opened(duties_of(school).answer(joined.request(**changes)), school)
            assert reply.refusal is code
            assert charges_of(school.training.ledger.rows()) == []

    def test_a_stock_supernode_gets_the_same_answer(self, joined: Joined) -> None:
        """It finds the school by its folder and gives it back after each message."""
        joined.offer()
        with joined.open() as school:
            look_for_news(school, set())
            joined.approve(school)
            first = duties_of(school).answer(joined.request())
        answer = open_answer(joined.folder.path)
        assert answer(joined.request()) == first
        assert answer(joined.request()) == first


class TestReleases:
    """What came of a campaign."""

    def test_a_release_is_measured_on_the_schools_own_students(self, joined: Joined) -> None:
        """With the real gate; forty students are few, so the reason says why the school's own model stays."""
        joined.offer()
        with joined.open() as school:
            look_for_news(school, set())
            joined.approve(school)
            request = joined.request()
            duties_of(school).answer(request)
            joined.abort_all(request)
            data = write_release(released(joined.consortium.campaign, "autumn"), joined.coordinator.identity)
            joined.coordinator.releases[release_digest(data)] = data
            assert look_for_news(school, set()) == [release_digest(data)]
            active = in_reader(school.training.store, active_release)
            assert active is not None
            assert {"auc_start", "auc_model", "auc_local", "auc_served"} <= set(active.figures)
            # The release is the start itself here, so both figures agree.
            assert active.figures["auc_start"] == active.figures["auc_model"]
            assert active.rung == "bkt"
            assert in_reader(school.training.store, load_bkt) is not None
            later = joined.clock.now() + timedelta(days=3)
            assert measure_again(school.training.store, school.folder, by="Ms Reed", now=later) == active.reason
            found = in_reader(school.training.store, serving_now)
            assert found is not None
            assert found.release is not None
            assert (found.release.digest, found.measured_at) == (active.digest, later)


class TestMeasuringAgain:
    """Once a month, in a quiet hour."""

    def test_what_serves_is_measured_again_after_a_month(self, joined: Joined) -> None:
        """Never before anything was measured, not within the month, and then with the audit trail's word."""
        with joined.open() as school:
            store = school.training.store
            assert not measure_if_due(school)
            measure_again(store, school.folder, by="Ms Reed", now=joined.clock.now())
            joined.clock.advance(timedelta(days=29))
            assert not measure_if_due(school)
            joined.clock.advance(timedelta(days=1))
            assert measure_if_due(school)
            assert not measure_if_due(school)
            trail = in_reader(store, lambda c: recent_audit(c, count=5))
            assert [row.actor for row in trail if row.action == "models-measured"] == ["link", "Ms Reed"]


class TestOpening:
    """What can be missing."""

    def test_a_school_that_has_not_joined(self, tmp_path: Path) -> None:
        """A sentence, and the database isn't touched."""
        folder = create_folder(tmp_path / "alone", school="east")
        with pytest.raises(FixSettings) as caught, open_school(folder):
            pass
        assert caught.value.code is ErrorCode.NOT_ENROLLED

    def test_a_second_link_is_turned_away(self, joined: Joined) -> None:
        """Two processes would answer one round twice."""
        with joined.open(), pytest.raises(RetryLater), joined.open():
            pass
        with joined.open() as school:
            assert school.enrolment.school == "east"

    def test_the_link_connects_to_the_enrolled_coordinator_with_the_schools_node_key(self, joined: Joined) -> None:
        """Address, certificate and key come from the folder."""
        with joined.open() as school:
            gate = gate_of(school)
        assert gate.address == joined.coordinator.url.removeprefix("https://")
        assert gate.ca_pem == joined.coordinator.ca_pem.encode()
        assert gate.node_key == joined.folder.node_key.read_bytes()

    def test_a_deed_is_done_at_once_and_then_seldom(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Idle is called many times a second."""
        now = [100.0]
        monkeypatch.setattr("client.federation.school_link.time.monotonic", lambda: now[0])
        done: list[float] = []
        deed: Callable[[], None] = seldom(lambda: done.append(now[0]), every_seconds=3)
        for now[0] in (100.0, 102.9, 103.0, 103.1, 110.0):
            deed()
        assert done == [100.0, 103.0, 110.0]
