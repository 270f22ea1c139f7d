"""What a school answered itself, as it looks for it in published rounds: with masks and without, as it left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.training.answer_message import answer_message
from client.training.masking_store import Answered
from client.training.training_school import TrainingSchool
from common.exchange import open_reply, open_request
from common.privacy.secagg.commitments import vector_digest
from tests.support.masked_training import masked_training
from tests.support.schools import Consortium, consortium_of, school_identity, training_school


@pytest.fixture
def consortium(tmp_path: Path) -> Consortium:
    """A campaign without masks."""
    return consortium_of(school_identity(tmp_path).public_key)


@pytest.fixture
def school(tmp_path: Path, consortium: Consortium) -> Iterator[TrainingSchool]:
    """The school "east"."""
    with training_school(tmp_path, consortium) as made:
        yield made


def test_without_masks_it_is_the_kept_reply(school: TrainingSchool, consortium: Consortium) -> None:
    """Named by the digest of its vector, as the record of the round names it."""
    message = consortium.request()
    key = school.identity.public_key
    reply = open_reply(answer_message(message, school), school="east", school_key=key, max_bytes=10_000_000)
    ctx = open_request(message, coordinator_key=school.coordinator_key).plan.digest
    assert reply.update is not None
    expected = Answered(1, ctx, vector_digest(reply.update, consortium.campaign.privacy.modulus_bits).hex())
    assert school.replica.answered(consortium.campaign, 1) == expected
    assert school.replica.answered(consortium.campaign, 2) is None


def test_with_masks_it_is_in_the_record(tmp_path: Path) -> None:
    """Every round's, although only the newest reply is kept."""
    with masked_training(tmp_path) as made:
        outcomes = [made.run_round() for _ in range(2)]
        for outcome in outcomes:
            answered = made.school.replica.answered(made.campaign, outcome.plan.round)
            assert answered == Answered(outcome.plan.round, outcome.plan.digest, dict(outcome.survivors)["east"])
        assert made.school.replica.answered(made.campaign, 3) is None


def test_a_school_that_was_never_asked_answered_nothing(school: TrainingSchool, consortium: Consortium) -> None:
    """With masks or without."""
    other = consortium.campaign.model_copy(update={"campaign": "winter"})
    assert school.replica.answered(other, 1) is None
