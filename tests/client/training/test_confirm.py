"""A school's word on a candidate: every bit redone, and what differs kept by name at the school."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from client.records.refusals import recent_refusals
from client.training.answer_message import answer_message
from client.training.confirm import DIFFERS, MATCHED
from common.canonical import sha256_hex
from common.federated_step import dimensions
from common.opened_round import OpenedRound
from common.plan import MetricTerms
from common.privacy.secagg.messages import Survivors
from common.privacy.secagg.transcript import Transcript
from common.refusals import Refusal, RefusalCode
from common.trips import Trip, TripReply, TripRequest, open_trip_reply, seal_trip
from tests.support.masked_training import OTHERS, MaskedTraining, masked_training
from tests.support.published_rounds import PublishedRounds, flipped, with_total
from tests.support.schools import consortium_of, school_identity, training_school
from tests.support.stores import in_reader


@pytest.fixture
def training(tmp_path: Path) -> Iterator[MaskedTraining]:
    """Three masked rounds, the second without "west"; all published."""
    with masked_training(tmp_path) as made:
        for silent in ("", "west", ""):
            made.run_round(silent=silent)
        yield made


def ask(training: MaskedTraining, candidate: bytes | None = None) -> TripReply:
    """What the school says."""
    return training.coordinator.read("east", answer_message(training.confirm(candidate), training.school))


def why(training: MaskedTraining) -> Refusal:
    """The newest entry of the school's own log."""
    return in_reader(training.school.store, lambda connection: recent_refusals(connection, count=1))[0].refusal


def must_differ(training: MaskedTraining, candidate: bytes | None = None) -> str:
    """The school says no, and its administrator reads why."""
    assert ask(training, candidate).parts == {"matched": DIFFERS}
    assert why(training).code is RefusalCode.NOT_REPLAYED
    return why(training).sentence


class TestMatching:
    """An honest coordinator."""

    def test_the_candidate_that_follows_from_the_sums_matches(self, training: MaskedTraining) -> None:
        """Every round was read again from the start, and each sum redone from its transcript."""
        training.published.asked.clear()
        assert ask(training).parts == {"matched": MATCHED}
        rounds = [f"round {number}" for number in (1, 2, 3)]
        transcripts = [f"transcript {number} None" for number in (1, 2, 3)]
        assert training.published.asked == ["start", *rounds, *transcripts]

    def test_a_round_that_was_aborted_is_no_obstacle(self, tmp_path: Path) -> None:
        """It moved nothing and has no transcript."""
        with masked_training(tmp_path, rounds=2) as made:
            made.published.publish(made.published.aborted())
            made.run_round(made.next_plan())
            assert ask(made).parts == {"matched": MATCHED}

    def test_a_measuring_round_counts_as_one(self, tmp_path: Path) -> None:
        """It moves nothing, and its sum is replayed like any other."""
        metrics = MetricTerms(bins=10, noise_multiplier=4.0, modulus_bits=24)
        with masked_training(tmp_path, rounds=1, metrics=metrics) as made:
            made.run_round()
            trained = made.published.known().model
            measured = made.run_round()
            assert measured.plan.kind == "evaluate"
            assert made.published.known().model == trained
            assert ask(made).parts == {"matched": MATCHED}


class TestDiffering:
    """One bit anywhere."""

    def test_another_candidate(self, training: MaskedTraining) -> None:
        """The release would hold another model than the sums give."""
        assert ask(training, b"\x00" * 32).parts == {"matched": DIFFERS}
        assert "isn't the model that this school computes" in why(training).sentence
        assert ask(training, b"").parts == {"matched": DIFFERS}

    def test_a_flipped_bit_in_a_published_sum(self, training: MaskedTraining) -> None:
        """In a round before the last: the next plan rests on another outcome."""
        candidate = bytes.fromhex(sha256_hex(training.published.known().model))
        record = OpenedRound.from_bytes(training.published.rounds[2])
        training.published.rounds[2] = with_total(record, flipped(record.total, 9)).to_bytes()
        assert "the outcome before it is another" in must_differ(training, candidate)

    def test_a_lie_in_the_last_sum_that_the_candidate_goes_along_with(self, training: MaskedTraining) -> None:
        """Nothing rests on it yet, but the masked vectors don't add up to it."""
        record = OpenedRound.from_bytes(training.published.rounds[3])
        training.published.rounds[3] = with_total(record, flipped(record.total, 9)).to_bytes()
        sentence = must_differ(training)
        assert "The published sum of round 3 isn't the sum of the masked vectors" in sentence
        assert why(training).local_reason == "replay-differs: the coordinator"

    def test_its_own_vector_replaced(self, training: MaskedTraining) -> None:
        """In the list of the last round."""
        record = OpenedRound.from_bytes(training.published.rounds[3])
        survivors = tuple((name, "d" * 64 if name == "east" else digest) for name, digest in record.survivors)
        training.published.rounds[3] = replace(record, survivors=survivors).to_bytes()
        assert "another vector in this school's name" in must_differ(training)

    def test_a_school_counted_in_that_isn_t_in_the_sum(self, training: MaskedTraining) -> None:
        """The sum would be divided by its students too, and its noise be counted on."""
        record = OpenedRound.from_bytes(training.published.rounds[3])
        transcript = Transcript.from_bytes(training.published.transcripts[3])
        fewer = tuple(pair for pair in record.survivors if pair[0] != "west")
        training.published.rounds[3] = replace(record, survivors=fewer).to_bytes()
        assert "aren't the ones that its outcome names" in must_differ(training)
        nobody = replace(transcript.vectors[-1], member=7)
        training.published.rounds[3] = record.to_bytes()
        forged = replace(transcript, vectors=(*transcript.vectors[:-1], nobody))
        training.published.transcripts[3] = forged.to_bytes()
        assert "a vector of nobody's" in must_differ(training)

    def test_another_list_of_survivors_in_the_last_round(self, training: MaskedTraining) -> None:
        """No later round's evidence speaks of it: what this school was shown is compared with what was opened."""
        store, campaign = training.school.masking, training.campaign.digest
        record = store.read(campaign)
        assert record is not None
        shown = Survivors.from_bytes(record.survivors)
        other = replace(shown, entries=shown.entries[:-1]).to_bytes()
        store.write(campaign, replace(record, survivors=other))
        assert "other schools than the list of survivors that this school was shown" in must_differ(training)

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_any_flipped_bit_in_a_transcript(self, training: MaskedTraining, number: int) -> None:
        """Vectors, hashes, signatures, opened secrets: a sample of places all over it."""
        good = training.published.transcripts[number]
        for at in range(3, len(good), max(1, len(good) // 11)):
            training.published.transcripts[number] = flipped(good, at)
            assert f"sum of round {number} isn't" in must_differ(training)
        training.published.transcripts[number] = good
        assert ask(training).parts == {"matched": MATCHED}

    def test_a_transcript_that_shows_less_than_was_asked_for(self, training: MaskedTraining) -> None:
        """A coordinator that chooses the part that a school may check could lie in the rest."""
        whole = Transcript.from_bytes(training.published.transcripts[1])
        nothing = replace(whole, shown=(), vectors=tuple(replace(one, chunks=()) for one in whole.vectors))
        training.published.transcripts[1] = nothing.to_bytes()
        assert "doesn't show what was asked for" in must_differ(training)


class TestMeasuring:
    """The last round of a plan that measures; the coordinator's rule is the school's too."""

    @pytest.fixture
    def trained(self, tmp_path: Path) -> Iterator[MaskedTraining]:
        """One training round is over."""
        metrics = MetricTerms(bins=10, noise_multiplier=4.0, modulus_bits=24)
        with masked_training(tmp_path, rounds=1, metrics=metrics) as made:
            made.run_round()
            yield made

    def test_a_measurement_that_honest_schools_can_t_have_sent(self, trained: MaskedTraining) -> None:
        """600 public students and the noise stay below 1,000 or so; this sum stands for more than 10,000."""
        campaign = trained.campaign
        total = np.full(dimensions(campaign, "evaluate"), int(2000 * campaign.mechanism("evaluate").scale))
        trained.published.publish(trained.published.opened(total, vectors=dict.fromkeys(OTHERS, "e" * 64)))
        assert "honest schools stay below" in must_differ(trained)

    def test_no_measurement_at_all(self, trained: MaskedTraining) -> None:
        """A coordinator that goes on regardless gets no confirmation."""
        trained.published.publish(trained.published.aborted())
        assert "the measuring round gave no sum" in must_differ(trained)


class TestNotKnowing:
    """Neither yes nor no."""

    def test_without_the_public_record_the_school_says_nothing(self, training: MaskedTraining) -> None:
        """A refusal: it can be asked again."""
        training.published.reachable = False
        assert ask(training, b"\x00" * 32).refusal is RefusalCode.NOT_REPLAYED
        assert "doesn't answer" in why(training).local_reason

    def test_a_missing_transcript_is_waited_for(self, training: MaskedTraining) -> None:
        """It may be published in a while."""
        del training.published.transcripts[2]
        assert ask(training).refusal is RefusalCode.NOT_REPLAYED

    def test_a_round_that_isnt_published_is_waited_for(self, training: MaskedTraining) -> None:
        """The campaign isn't over."""
        candidate = bytes.fromhex("00" * 32)
        del training.published.rounds[3]
        assert ask(training, candidate).refusal is RefusalCode.NOT_REPLAYED


def test_without_masks_the_rounds_are_redone_and_there_is_no_transcript(tmp_path: Path) -> None:
    """The sums are what every school computes from; the own vector is looked for in each."""
    consortium = consortium_of(school_identity(tmp_path).public_key, minimum_cohort=2, rounds=1)
    published = PublishedRounds(consortium.campaign, consortium.model)
    with training_school(tmp_path, consortium, published=published) as school:
        published.publish(published.opened(vectors={"north": "e" * 64, "west": "e" * 64}))
        for candidate, word in ((sha256_hex(published.known().model), MATCHED), ("0" * 64, DIFFERS)):
            parts = {"candidate": bytes.fromhex(candidate)}
            message = seal_trip(consortium.coordinator, TripRequest(Trip.CONFIRM, consortium.campaign, parts))
            reply = open_trip_reply(
                answer_message(message, school),
                school="east",
                school_key=school.identity.public_key,
                max_bytes=10_000,
            )
            assert reply.parts == {"matched": word}
