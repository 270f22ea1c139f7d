"""Every message is answered by its kind, signed, and with nothing but a code where the answer is no."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.records.refusals import recent_refusals
from client.training.answer_message import answer_message
from client.training.training_school import TrainingSchool
from common.envelope import seal
from common.exchange import open_reply
from common.privacy.ledger import charges_of
from common.refusals import Refusal, RefusalCode
from common.signing import new_identity
from common.trips import Trip, TripRequest, open_trip_reply, seal_trip
from tests.support.masked_training import masked_training
from tests.support.published_rounds import flipped
from tests.support.schools import Consortium, consortium_of, school_identity, training_school
from tests.support.stores import in_reader

MAX_BYTES = 10_000_000


@pytest.fixture
def consortium(tmp_path: Path) -> Consortium:
    """A campaign without masks."""
    return consortium_of(school_identity(tmp_path).public_key)


@pytest.fixture
def school(tmp_path: Path, consortium: Consortium) -> Iterator[TrainingSchool]:
    """The school "east"."""
    with training_school(tmp_path, consortium) as made:
        yield made


def refusal_of(school: TrainingSchool, message: bytes) -> RefusalCode | None:
    """The code that leaves for a message that can't be read; nothing is charged."""
    key = school.identity.public_key
    reply = open_reply(answer_message(message, school), school="east", school_key=key, max_bytes=MAX_BYTES)
    assert reply.update is None
    assert charges_of(school.ledger.rows()) == []
    return reply.refusal


class TestKinds:
    """Rounds and trips, and nothing else."""

    def test_a_round_is_answered_as_a_round(self, school: TrainingSchool, consortium: Consortium) -> None:
        """Without masks as well."""
        data = answer_message(consortium.request(), school)
        reply = open_reply(data, school="east", school_key=school.identity.public_key, max_bytes=MAX_BYTES)
        assert reply.update is not None
        assert set(reply.parts) == {"ledger"}

    def test_a_masked_campaign_goes_through_every_kind(self, tmp_path: Path) -> None:
        """Set-up, two rounds, a refill beside, and the word at the end."""
        with masked_training(tmp_path, rounds=2) as made:
            for _ in range(2):
                made.run_round()
            east = made.school
            refilled = made.coordinator.read("east", answer_message(made.coordinator.refill(5), east))
            assert refilled.parts["deals"]
            confirmed = made.coordinator.read("east", answer_message(made.confirm(), east))
            assert confirmed.parts == {"matched": b"\x01"}
            assert in_reader(east.store, lambda connection: recent_refusals(connection, count=5)) == []

    def test_another_kind_is_refused(self, school: TrainingSchool, consortium: Consortium) -> None:
        """Also one that the coordinator signed."""
        message = seal(consortium.coordinator, "campaign-plan", {"campaign": "x"})
        assert refusal_of(school, message) is RefusalCode.BAD_PLAN_SIGNATURE

    @pytest.mark.parametrize("message", [b"", b"HRE1", b"x" * 500])
    def test_bytes_that_are_no_message(self, school: TrainingSchool, message: bytes) -> None:
        """Malformed, and noted."""
        assert refusal_of(school, message) is RefusalCode.BAD_MESSAGE
        [noted] = in_reader(school.store, lambda connection: recent_refusals(connection, count=5))
        assert noted.refusal.code is RefusalCode.BAD_MESSAGE


class TestTrips:
    """Who asks, and for which campaign."""

    def test_a_stranger_is_refused(self, school: TrainingSchool, consortium: Consortium) -> None:
        """Whatever the trip."""
        for trip in Trip:
            message = seal_trip(new_identity(), TripRequest(trip, consortium.campaign))
            assert refusal_of(school, message) is RefusalCode.BAD_PLAN_SIGNATURE

    def test_any_flipped_bit_is_refused(self, school: TrainingSchool, consortium: Consortium) -> None:
        """Header, signature and parts."""
        parts = {"survivors": b"s" * 100}
        good = seal_trip(consortium.coordinator, TripRequest(Trip.UNMASK, consortium.campaign, parts))
        for at in range(0, len(good), 61):
            code = refusal_of(school, flipped(good, at))
            assert code in {RefusalCode.BAD_MESSAGE, RefusalCode.BAD_PLAN_SIGNATURE}, at

    def test_a_plan_of_another_coordinator_is_refused(
        self, school: TrainingSchool, consortium: Consortium
    ) -> None:
        """The signature is right, but the plan names somebody else."""
        other = consortium.campaign.model_copy(update={"coordinator_key": "a" * 64})
        message = seal_trip(consortium.coordinator, TripRequest(Trip.INVITE, other))
        key = school.identity.public_key
        reply = open_trip_reply(
            answer_message(message, school), school="east", school_key=key, max_bytes=MAX_BYTES
        )
        assert reply.refusal is RefusalCode.BAD_PLAN_SIGNATURE

    def test_the_sentence_stays_here_and_the_code_leaves(self, tmp_path: Path) -> None:
        """Which check of the masking failed is the administrator's to read."""
        with masked_training(tmp_path) as made:
            plan = made.next_plan()
            made.mask(plan)
            data = answer_message(made.coordinator.trip(Trip.UNMASK, survivors=b"nonsense"), made.school)
            assert made.coordinator.read("east", data).refusal is RefusalCode.MASKING_REFUSED
            [noted] = in_reader(made.school.store, lambda connection: recent_refusals(connection, count=5))
            assert noted.refusal == Refusal(
                RefusalCode.MASKING_REFUSED,
                "A message of secure aggregation is malformed or cut short.",
                local_reason="malformed",
            )
            assert b"malformed" not in data
