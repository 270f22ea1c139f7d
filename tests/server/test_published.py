"""What is published of a round stays as it was published, and is served whole, in part, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from common.errors import Corrupt, FixSettings
from common.opened_round import OpenedRound
from common.privacy.secagg.commitments import CHUNK
from common.privacy.secagg.transcript import Transcript, transcript_of
from server.coordinator import Coordinator
from server.published import Publication, publish, read_opened, read_transcript, transcript_file
from tests.support.coordinators import add_test_campaign, new_coordinator, three_schools
from tests.support.plans import round_plan
from tests.support.secagg_world import BITS, secagg_world


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path)
    yield made
    made.close()


def _transcript() -> Transcript:
    world = secagg_world(3, dimensions=CHUNK + 10)
    _, masked, opened = world.run_round(1)
    return transcript_of(1, masked, seeds=opened.seeds, keys=opened.keys, bits=BITS)


def test_a_round_is_published_once(coordinator: Coordinator) -> None:
    """And read as it was written; a round that isn't over isn't there."""
    campaign = add_test_campaign(coordinator, three_schools(coordinator))
    opened, transcript = OpenedRound(round_plan(campaign), "aborted"), _transcript()
    folder = coordinator.folder.transcripts
    with coordinator.store.write() as connection:
        publish(connection, folder, Publication(opened, transcript.to_bytes()))
    with coordinator.store.read() as connection:
        assert read_opened(connection, campaign.digest, 1) == opened.to_bytes()
        whole = read_transcript(connection, folder, campaign.digest, round_number=1, chunk=None)
        assert Transcript.from_bytes(whole) == transcript
        part = read_transcript(connection, folder, campaign.digest, round_number=1, chunk=1)
        assert Transcript.from_bytes(part) == transcript.part(1)
        assert len(part) < len(whole) / 2
        for number, chunk in ((2, None), (1, 7)):
            with pytest.raises(FixSettings):
                read_transcript(connection, folder, campaign.digest, round_number=number, chunk=chunk)
        with pytest.raises(FixSettings):
            read_opened(connection, campaign.digest, 2)
    with pytest.raises(IntegrityError), coordinator.store.write() as connection:
        publish(connection, folder, Publication(opened))


def test_a_transcript_that_was_changed_on_disk_is_not_served(coordinator: Coordinator) -> None:
    """And an unmasked round has none."""
    campaign = add_test_campaign(coordinator, three_schools(coordinator))
    folder = coordinator.folder.transcripts
    with coordinator.store.write() as connection:
        publish(
            connection, folder, Publication(OpenedRound(round_plan(campaign), "aborted"), _transcript().to_bytes())
        )
        publish(connection, folder, Publication(OpenedRound(round_plan(campaign, round=2), "aborted")))
    path = transcript_file(folder, campaign.digest, 1)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with coordinator.store.read() as connection:
        with pytest.raises(Corrupt):
            read_transcript(connection, folder, campaign.digest, round_number=1, chunk=None)
        with pytest.raises(FixSettings):
            read_transcript(connection, folder, campaign.digest, round_number=2, chunk=None)
