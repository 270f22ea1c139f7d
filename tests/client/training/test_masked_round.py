"""The first trip of a masked round at a school: what is checked, what is charged, what stays the same."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from client.training.masking_store import MaskingRecord, MaskingStore
from common.exchange import RoundReply
from common.masking import attempt_of
from common.plan import RoundPlan
from common.privacy.fixed_point import centre, decode
from common.privacy.ledger import RoundState
from common.privacy.secagg.holder import HolderState
from common.privacy.secagg.messages import pack_deals, unpack_deals
from common.refusals import RefusalCode
from tests.support.masked_schools import MaskedSchools, masked_schools
from tests.support.published_rounds import flipped


@pytest.fixture
def schools(tmp_path: Path) -> Iterator[MaskedSchools]:
    """Three schools, set up."""
    with masked_schools(tmp_path) as made:
        made.set_up()
        yield made


def ask(schools: MaskedSchools, plan: RoundPlan, **parts: bytes) -> RoundReply:
    """What the school "ash" answers to this plan, with some parts of the request changed."""
    message = schools.coordinator.request(plan, "ash", **parts)
    return schools.coordinator.read_round("ash", schools.parties["ash"].answer(message))


def refused(schools: MaskedSchools, reply: RoundReply) -> str:
    """The check that failed, as the administrator sees it; only the code has left, and nothing was charged."""
    assert reply.refusal is RefusalCode.MASKING_REFUSED
    assert reply.update is None
    assert not reply.parts
    assert schools.parties["ash"].ledger.rows() == ()
    return schools.homes["ash"].refusals[-1].local_reason


class TestARound:
    """What leaves, and what stays."""

    def test_the_opened_sum_is_the_sum_of_what_the_schools_noised(self, schools: MaskedSchools) -> None:
        """Two rounds in a row, exactly."""
        for number in (1, 2):
            plan = schools.coordinator.plan(number)
            opened = schools.finish(plan, schools.mask(plan))
            campaign = schools.coordinator.campaign
            sent = [home.sent_integers(campaign, number) for home in schools.homes.values()]
            np.testing.assert_array_equal(opened.total, np.sum(sent, axis=0))

    def test_the_vector_alone_tells_nothing(self, schools: MaskedSchools) -> None:
        """Its numbers fill the whole ring, while what was masked lies close to zero."""
        plan = schools.coordinator.plan(1)
        attempt = attempt_of(schools.coordinator.campaign, plan)
        update = ask(schools, plan).update
        assert update is not None
        masked = centre(decode(update, attempt.dimensions, attempt.bits), attempt.bits)
        behind = schools.homes["ash"].sent_integers(schools.coordinator.campaign, 1)
        half = 2 ** (attempt.bits - 1)
        assert np.abs(behind).max() < half / 10_000
        assert np.abs(masked).max() > 0.95 * half
        assert abs(float(np.mean(np.abs(masked) < half / 2)) - 0.5) < 0.1

    def test_the_charge_comes_first_and_the_reply_says_how_far_the_ledger_is(self, schools: MaskedSchools) -> None:
        """Row count and head after the charge; the note that it left comes later."""
        reply = ask(schools, schools.coordinator.plan(1))
        rows = schools.parties["ash"].ledger.rows()
        assert [row.state for row in rows] == [RoundState.CHARGED, RoundState.SENT]
        assert reply.parts["ledger"] == (1).to_bytes(8, "big") + bytes.fromhex(rows[0].hash)
        assert schools.homes["ash"].fuse.passed[-9:] == [
            "before charge",
            "after charge",
            "before .deals",
            "after .deals",
            "before .state",
            "after .state",
            "before mark sent",
            "after mark sent",
            "before reply",
        ]

    def test_the_same_plan_again_gives_the_same_bytes_and_one_charge(self, schools: MaskedSchools) -> None:
        """Also after a restart, and with other evidence or deals beside it."""
        plan = schools.coordinator.plan(1)
        message = schools.coordinator.request(plan, "ash")
        first = schools.parties["ash"].answer(message)
        assert schools.open("ash").answer(message) == first
        assert schools.open("ash").answer(schools.coordinator.request(plan, "ash", deals=b"")) == first
        assert len(schools.homes["ash"].refusals) == 0
        assert [row.kind for row in schools.parties["ash"].ledger.rows()] == ["charge", "state"]

    def test_the_secrets_are_gone_before_the_vector_leaves(self, schools: MaskedSchools) -> None:
        """Nobody who takes the disk afterwards can take the mask off."""
        party, digest = schools.parties["ash"], schools.coordinator.campaign.digest
        before = HolderState.from_bytes(record_of(party.masking, digest).holder).secrets_of(1)
        assert before is not None
        ask(schools, schools.coordinator.plan(1))
        record = record_of(party.masking, digest)
        assert HolderState.from_bytes(record.holder).secrets_of(1) is None
        on_disk = b"".join(
            path.read_bytes() for path in Path(schools.homes["ash"].folder).rglob("*") if path.is_file()
        )
        assert before.seed not in on_disk
        assert before.key not in on_disk

    def test_the_deals_are_kept_for_a_later_replay(self, schools: MaskedSchools) -> None:
        """One of each school of the cohort."""
        ask(schools, schools.coordinator.plan(1))
        kept = schools.parties["ash"].masking.deals(schools.coordinator.campaign.digest, 1)
        assert kept is not None
        assert [deal.dealer for deal in unpack_deals(kept)] == [0, 1, 2]


def record_of(masking: MaskingStore, campaign: str) -> MaskingRecord:
    """What the school keeps."""
    record = masking.read(campaign)
    assert record is not None
    return record


class TestMoreNoise:
    """A school that relies on fewer schools than the plan does."""

    def test_it_adds_more_noise_and_is_charged_for_what_it_relies_on(self, tmp_path: Path) -> None:
        """With h = 3 and own 1 the deviation is 3 ** 0.5 times the plan's, and the sum is exact all the same."""
        noise = {}
        for own in (3, 1):
            with masked_schools(tmp_path / str(own), 5) as made:
                campaign = made.coordinator.campaign
                assert campaign.privacy.honest_schools == 3
                made.homes["ash"].own_honest_schools = own
                made.open("ash")
                made.set_up()
                plan = made.coordinator.plan(1)
                opened = made.finish(plan, made.mask(plan))
                sent = [home.sent_integers(campaign, 1) for home in made.homes.values()]
                np.testing.assert_array_equal(opened.total, np.sum(sent, axis=0))
                noise[own] = float(np.std(sent[0]))
                [charge] = [row for row in made.parties["ash"].ledger.rows() if row.kind == "charge"]
                assert (charge.honest_schools, charge.own_honest_schools) == (3, own)
                plans_noise = campaign.privacy.noise_multiplier
                assert charge.event_alone.noise_multiplier == pytest.approx(plans_noise / own**0.5)
        # Six standard errors of a deviation from so many numbers, and of a ratio of two: neither 1 nor 3 is near.
        error = 6 / (2 * sent[0].size) ** 0.5
        assert noise[3] == pytest.approx(16.0, rel=error)
        assert noise[1] / noise[3] == pytest.approx(3**0.5, rel=error * 2**0.5)


def bad_requests() -> dict[str, Callable[[MaskedSchools, RoundPlan], RoundReply]]:
    """Requests that a check of the masking refuses, each under the check's name."""

    def with_deals(schools: MaskedSchools, plan: RoundPlan, deals: bytes) -> RoundReply:
        return ask(schools, plan, deals=deals)

    def good(schools: MaskedSchools, plan: RoundPlan) -> list[bytes]:
        return [pack_deals([deal]) for deal in unpack_deals(schools.coordinator.deals_for(plan, "ash"))]

    def missing(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        return with_deals(schools, plan, b"".join(good(schools, plan)[:2]))

    def another_holders(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        return with_deals(schools, plan, schools.coordinator.deals_for(plan, "birch"))

    def signature(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        own, birch, cedar = good(schools, plan)
        return with_deals(schools, plan, own + flipped(birch) + cedar)

    def own_replaced(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        own, birch, cedar = good(schools, plan)
        return with_deals(schools, plan, flipped(own) + birch + cedar)

    def small_cohort(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        return ask(schools, schools.coordinator.plan(1, ["ash", "birch"]))

    def undealt_round(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        third = schools.coordinator.plan(3)
        return ask(schools, third, deals=schools.coordinator.deals_for(plan, "ash"))

    def malformed(schools: MaskedSchools, plan: RoundPlan) -> RoundReply:
        return with_deals(schools, plan, schools.coordinator.deals_for(plan, "ash")[:-1])

    return {
        "deal-missing: the coordinator": missing,
        "deal-missing: the coordinator (for another school)": another_holders,
        "bad-deal-signature: birch": signature,
        "deals-differ: the coordinator": own_replaced,
        "cohort-too-small: the coordinator": small_cohort,
        "no-deals-for-round: the coordinator": undealt_round,
        "malformed": malformed,
    }


class TestRefusals:
    """Whatever is refused leaves the ledger and the record as they were."""

    @pytest.mark.parametrize("named", list(bad_requests()))
    def test_a_check_that_fails_is_named_here_and_not_outside(self, schools: MaskedSchools, named: str) -> None:
        """One code leaves for all of them; afterwards the honest request is answered."""
        plan = schools.coordinator.plan(1)
        before = schools.parties["ash"].masking.read(schools.coordinator.campaign.digest)
        reason = refused(schools, bad_requests()[named](schools, plan))
        assert reason == named.split(" (")[0]
        assert schools.parties["ash"].masking.read(schools.coordinator.campaign.digest) == before
        assert ask(schools, plan).update is not None

    def test_a_second_plan_for_a_round_is_refused_and_the_first_still_answered(
        self, schools: MaskedSchools
    ) -> None:
        """Another vector under the same masks would bare the school."""
        first, second = schools.coordinator.plan(1), schools.coordinator.plan(1, epsilon_after=0.5)
        sent = ask(schools, first)
        assert ask(schools, second).refusal is RefusalCode.MASKING_REFUSED
        assert schools.homes["ash"].refusals[-1].local_reason == "two-plans-for-a-round: the coordinator"
        assert ask(schools, first) == sent
        assert len(schools.homes["ash"].charges_of(schools.parties["ash"])) == 1

    def test_an_older_round_is_refused(self, schools: MaskedSchools) -> None:
        """Also one that this school never answered."""
        ask(schools, schools.coordinator.plan(2))
        assert ask(schools, schools.coordinator.plan(1)).refusal is RefusalCode.MASKING_REFUSED
        assert schools.homes["ash"].refusals[-1].local_reason == "round-replayed: the coordinator"

    def test_a_school_that_wasnt_there_at_the_set_up_waits_for_the_next_campaign(self, tmp_path: Path) -> None:
        """It has no box key, and nobody could close a box for it."""
        with masked_schools(tmp_path) as made:
            made.set_up()
            path = next((made.homes["ash"].folder / "secagg").glob("*.state"))
            path.unlink()
            assert refused(made, ask(made, made.coordinator.plan(1))) == "not-set-up"

    def test_a_damaged_record_is_never_masked_from(self, schools: MaskedSchools) -> None:
        """The refusal says so."""
        path = next((schools.homes["ash"].folder / "secagg").glob("*.state"))
        good = path.read_bytes()
        path.write_bytes(flipped(good, 60))
        refused(schools, ask(schools, schools.coordinator.plan(1)))
        assert "record of a campaign is damaged" in schools.homes["ash"].refusals[-1].sentence

    def test_a_record_from_before_the_last_round_is_refused(self, schools: MaskedSchools) -> None:
        """A restored disk: the ledger knows of a round that the record doesn't."""
        [path] = (schools.homes["ash"].folder / "secagg").glob("*.state")
        old = path.read_bytes()
        ask(schools, schools.coordinator.plan(1))
        path.write_bytes(old)
        for number in (1, 2):
            reply = ask(schools, schools.coordinator.plan(number))
            assert reply.refusal is RefusalCode.MASKING_REFUSED
            refusal = schools.homes["ash"].refusals[-1]
            assert refusal.local_reason.startswith("store-rolled-back")
            assert "older than its privacy ledger" in refusal.sentence

    def test_a_full_disk_sends_nothing(self, schools: MaskedSchools) -> None:
        """The charge paid for nothing; the next try is a second one."""

        def full(path: Path, data: bytes) -> None:
            raise OSError("no space left on device")

        party = schools.parties["ash"]
        party.masking, whole = MaskingStore(schools.homes["ash"].folder / "secagg", write=full), party.masking
        plan = schools.coordinator.plan(1)
        assert ask(schools, plan).refusal is RefusalCode.LEDGER_UNWRITABLE
        party.masking = whole
        assert ask(schools, plan).update is not None
        assert len(schools.homes["ash"].charges_of(party)) == 2
