"""A whole masked campaign of real schools in one process: what each computes, pays, confirms and installs.

The coordinator is the product's own; the public record is read from its database. Students, noise and masks are
in earnest, and only the schools' randomness is seeded.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from client.federation.installing import installer_of, recompute
from client.federation.releases import verify
from client.federation.school_link import LinkedSchool, open_school
from client.records.refusals import recent_refusals
from client.training.answer_message import answer_message
from common.arrays import from_bytes
from common.canonical import sha256_hex
from common.errors import Refused
from common.models.release import read_release, write_release
from common.opened_round import OpenedRound
from common.privacy.ledger import RoundState, charges_of
from common.refusals import RefusalCode
from server.campaign import run_campaign
from server.campaign_records import CampaignState, want_campaign
from server.registry import read_release_file
from tests.support.campaign_endings import CampaignRecords
from tests.support.consortium_folders import ConsortiumFolders
from tests.support.direct_record import DirectRecord
from tests.support.memory_transport import MemorySchool, MemoryTransport, SteppedTime
from tests.support.published_rounds import flipped
from tests.support.seeded import SeededRandomness

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class LyingRecord:
    """The coordinator's record as one school is shown it: round `number` with one bit of its sum the other way."""

    honest: DirectRecord
    number: int
    told: list[int] = field(default_factory=list)

    def signed_head(self) -> bytes:
        """The same log."""
        return self.honest.signed_head()

    def entries(self, start: int, end: int) -> list[bytes]:
        """The same log."""
        return list(self.honest.entries(start, end))

    def start(self, campaign: str) -> bytes:
        """The same start."""
        return self.honest.start(campaign)

    def opened_round(self, campaign: str, number: int) -> bytes:
        """The lie."""
        data = self.honest.opened_round(campaign, number)
        if number != self.number:
            return data
        self.told.append(number)
        opened = OpenedRound.from_bytes(data)
        return replace(opened, total=flipped(opened.total, 30)).to_bytes()

    def transcript(self, campaign: str, number: int, chunk: int | None) -> bytes:
        """The true transcript."""
        return self.honest.transcript(campaign, number, chunk)


@dataclass(slots=True)
class Campaign:
    """A coordinator's records and five schools that are up."""

    records: CampaignRecords
    folders: ConsortiumFolders
    schools: dict[str, LinkedSchool]

    def run(self) -> None:
        """To its end, whatever that is."""
        coordinator, digest = self.records.coordinator, self.folders.plans["masked"].digest
        with coordinator.store.write() as connection:
            want_campaign(connection, digest, wanted=True, at=coordinator.clock.now())
        answers = {name: _answers(school) for name, school in self.schools.items()}
        run_campaign(MemoryTransport(answers), coordinator, digest, pace=SteppedTime().pace())

    def refusals(self, name: str) -> list[tuple[int, RefusalCode, str]]:
        """What a school said no to."""
        with self.schools[name].training.store.read() as connection:
            found = recent_refusals(connection, count=20)
        return [(one.round, one.refusal.code, one.refusal.sentence) for one in found]


def _answers(school: LinkedSchool) -> MemorySchool:
    return lambda message: answer_message(message, school.training)


@pytest.fixture
def lie() -> int:
    """About which round "fir" is lied to; 0: about none."""
    return 0


@pytest.fixture
def campaign(masked_consortium: ConsortiumFolders, tmp_path: Path, lie: int) -> Iterator[Campaign]:
    """A fresh copy of the consortium, nothing run yet."""
    folders = masked_consortium.copy(tmp_path / "consortium")
    with ExitStack() as stack:
        records = stack.enter_context(CampaignRecords(folders, "masked"))
        honest = DirectRecord(records.coordinator)
        schools = {
            name: stack.enter_context(
                open_school(
                    folders.school(name),
                    randomness=SeededRandomness(name),
                    record=LyingRecord(honest, lie) if lie and name == "fir" else honest,
                )
            )
            for name in folders.schools
        }
        yield Campaign(records, folders, schools)


def test_it_ends_with_a_model_that_every_school_computed_itself(campaign: Campaign) -> None:
    """And paid for, confirmed and would install; one bit of another model is refused."""
    campaign.run()
    plan, key = campaign.folders.plans["masked"], campaign.records.coordinator.identity.public_key
    assert plan.secagg is not None
    assert plan.metrics is not None
    assert campaign.records.record().state == CampaignState.RELEASED, campaign.records.record().reason
    digest = campaign.records.release()
    data = read_release_file(campaign.records.coordinator, digest)
    released = read_release(data, key)
    for name, school in campaign.schools.items():
        training = school.training
        assert campaign.refusals(name) == []
        own = from_bytes(recompute(training.replica, plan))
        assert all(own[array].tobytes() == released.arrays[array].tobytes() for array in own)
        rows = training.ledger.rows()
        assert [row.round for row in charges_of(rows)] == list(range(1, plan.total_rounds + 1))
        assert {row.round_kind for row in charges_of(rows)} == {"train", "evaluate"}
        opened = [row for row in rows if row.state == RoundState.OPENED]
        assert [row.margin for row in opened] == [5 - plan.privacy.honest_schools] * plan.total_rounds
        installer = installer_of(training, school.api, school.folder)
        assert verify(installer, digest, data).card == released.card
        crafted = {
            **released.arrays,
            "b_out": released.arrays["b_out"] + released.arrays["b_out"].dtype.type(1e-7),
        }
        forged = write_release(replace(released, arrays=crafted), campaign.records.coordinator.identity)
        with pytest.raises(Refused, match="isn't the model that this school computes"):
            verify(installer, sha256_hex(forged), forged)


@pytest.mark.parametrize("lie", [2])
def test_a_school_that_is_shown_another_sum_says_so_and_installs_nothing(campaign: Campaign, lie: int) -> None:
    """The others can do without one school; that one neither masks, confirms nor installs after the lie."""
    campaign.run()
    assert campaign.records.record().state == CampaignState.RELEASED, campaign.records.record().reason
    no = [(number, code) for number, code, _ in reversed(campaign.refusals("fir"))]
    assert no[0] == (lie + 1, RefusalCode.NOT_REPLAYED)
    assert {code for _, code in no} == {RefusalCode.NOT_REPLAYED}
    assert all("the outcome before it is another" in sentence for _, _, sentence in campaign.refusals("fir"))
    training = campaign.schools["fir"].training
    assert [row.round for row in charges_of(training.ledger.rows())] == list(range(1, lie + 1))
    digest = campaign.records.release()
    data = read_release_file(campaign.records.coordinator, digest)
    installer = installer_of(training, campaign.schools["fir"].api, campaign.schools["fir"].folder)
    with pytest.raises(Refused, match="isn't what this school computes"):
        verify(installer, digest, data)
    assert campaign.refusals("ash") == []
