"""A school without deals still checks who signed what in a masked round, and the sum where nobody left."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.training.masking_store import MaskingStore
from client.training.replay_round import Witness, replay_as_outsider, replay_round
from common.errors import RetryLater
from common.opened_round import OpenedRound
from common.privacy.secagg.transcript import Transcript
from common.refusals import Refusal
from tests.support.masked_training import MaskedTraining, masked_training
from tests.support.published_rounds import flipped, sentence_of, with_total
from tests.support.seeded import SeededRandomness


@pytest.fixture
def training(tmp_path: Path) -> Iterator[MaskedTraining]:
    """Two masked rounds, the second without "west"."""
    with masked_training(tmp_path) as made:
        for silent in ("", "west"):
            made.run_round(silent=silent)
        yield made


@pytest.fixture
def outsider(tmp_path: Path, training: MaskedTraining) -> Witness:
    """A school with nothing of its own."""
    return Witness(training.published, MaskingStore(tmp_path / "nothing"), SeededRandomness("outsider"))


def outcome(training: MaskedTraining, number: int) -> OpenedRound:
    """As published."""
    return OpenedRound.from_bytes(training.published.rounds[number])


def test_a_member_replays_with_its_deals(training: MaskedTraining) -> None:
    """Both rounds."""
    witness = Witness(training.published, training.school.masking, SeededRandomness("east"))
    assert [replay_round(outcome(training, n), training.campaign, witness) for n in (1, 2)] == [None, None]


def test_without_deals_the_sum_is_redone_only_where_nobody_left(
    training: MaskedTraining, outsider: Witness
) -> None:
    """It says which of the two it was; a replay as a member is refused."""
    assert replay_as_outsider(outcome(training, 1), training.campaign, outsider) is True
    assert replay_as_outsider(outcome(training, 2), training.campaign, outsider) is False
    assert isinstance(replay_round(outcome(training, 1), training.campaign, outsider), Refusal)


def test_an_outsider_finds_another_sum(training: MaskedTraining, outsider: Witness) -> None:
    """By one unit in one number."""
    record = outcome(training, 1)
    lie = with_total(record, flipped(record.total, 9))
    assert "isn't the sum of the vectors" in sentence_of(replay_as_outsider(lie, training.campaign, outsider))


@pytest.mark.parametrize("number", [1, 2])
def test_an_outsider_finds_vectors_that_nobody_signed(
    training: MaskedTraining, outsider: Witness, number: int
) -> None:
    """Another signature, another chunk, one vector fewer, another round's."""
    good = Transcript.from_bytes(training.published.transcripts[number])
    first, *rest = good.vectors
    lies = [
        replace(good, vectors=(replace(first, signature=flipped(first.signature)), *rest)),
        replace(good, vectors=(replace(first, chunks=(flipped(first.chunks[0]), *first.chunks[1:])), *rest)),
        replace(good, vectors=tuple(rest)),
        replace(good, number=3),
    ]
    for lie in lies:
        training.published.transcripts[number] = lie.to_bytes()
        sentence = sentence_of(replay_as_outsider(outcome(training, number), training.campaign, outsider))
        assert f"sum of round {number} isn't" in sentence


def test_what_cannot_be_read_is_no_contradiction(training: MaskedTraining, outsider: Witness) -> None:
    """A dead line says nothing against anybody."""
    training.published.reachable = False
    with pytest.raises(RetryLater):
        replay_as_outsider(outcome(training, 1), training.campaign, outsider)
