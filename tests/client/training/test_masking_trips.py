"""The set-up of masking at a school: join, deal, deal again; the same answer when asked twice, or a named no."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.training.masking_store import MaskingStore
from common.plan import CampaignPlan, SecaggPlan
from common.privacy.secagg.messages import Join, unpack_deals
from common.refusals import Refusal, RefusalCode
from common.signing import new_identity
from common.trips import Trip, TripReply, TripRequest, seal_trip
from tests.support.masked_party import Died
from tests.support.masked_schools import MaskedSchools, masked_schools
from tests.support.masking_coordinator import MaskingCoordinator


@pytest.fixture
def schools(tmp_path: Path) -> Iterator[MaskedSchools]:
    """Three schools; nothing has been sent yet."""
    with masked_schools(tmp_path) as made:
        yield made


def ask(schools: MaskedSchools, message: bytes, school: str = "ash") -> TripReply:
    """A school's reply."""
    return schools.coordinator.read(school, schools.parties[school].answer(message))


def reason(schools: MaskedSchools) -> str:
    """The check that failed at "ash"."""
    return schools.homes["ash"].refusals[-1].local_reason


def joined(schools: MaskedSchools) -> MaskingCoordinator:
    """Everybody has joined."""
    for school, party in schools.parties.items():
        schools.coordinator.take_join(school, party.answer(schools.coordinator.invite()))
    return schools.coordinator


class TestInvite:
    """S1: a box key for the campaign."""

    def test_a_box_key_is_made_once_and_is_on_disk_before_it_leaves(self, schools: MaskedSchools) -> None:
        """Asked again after a restart, the school sends the same."""
        message = schools.coordinator.invite()
        first = schools.parties["ash"].answer(message)
        assert schools.open("ash").answer(message) == first
        passed = schools.homes["ash"].fuse.passed
        assert passed[:3] == ["before .state", "after .state", "before reply"]
        assert passed.count("after .state") == 1

    def test_it_passes_on_the_newest_head_of_the_log_that_it_knows(self, schools: MaskedSchools) -> None:
        """So that two schools that were shown two logs find out."""
        schools.parties["ash"].head = lambda: b"signed head"
        assert ask(schools, schools.coordinator.invite()).parts["head"] == b"signed head"
        assert ask(schools, schools.coordinator.invite(), "birch").parts["head"] == b""

    def test_a_crash_before_the_write_leaves_nothing_behind(self, schools: MaskedSchools) -> None:
        """Nothing was sent either."""
        schools.homes["ash"].fuse.left = 0
        with pytest.raises(Died):
            schools.parties["ash"].answer(schools.coordinator.invite())
        assert schools.open("ash").masking.read(schools.coordinator.campaign.digest) is None

    def test_unsafe_terms_are_refused_even_if_the_policy_overlooked_them(self, tmp_path: Path) -> None:
        """With a threshold of 1 of 3 both secrets of a school could open."""
        unsafe = SecaggPlan(corrupt=0, threshold=1, max_dropped=1, min_margin=1)
        with masked_schools(tmp_path, secagg=unsafe) as made:
            assert ask(made, made.coordinator.invite()).refusal is RefusalCode.MASKING_REFUSED
            assert reason(made) == "unsafe-terms: the coordinator"

    def test_a_campaign_without_masks_has_nothing_to_set_up(self, tmp_path: Path) -> None:
        """And no other school's campaign has, for this school."""
        with masked_schools(tmp_path) as made:
            party, coordinator = made.parties["ash"], made.coordinator
            plain = coordinator.campaign.model_copy(update={"secagg": None})
            others = coordinator.campaign.model_copy(update={"members": coordinator.campaign.members[1:]})
            for campaign in (plain, others):
                message = seal_trip(coordinator.identity, TripRequest(Trip.INVITE, campaign))
                assert coordinator.read("ash", party.answer(message)).refusal is RefusalCode.MASKING_REFUSED
                assert party.masking.read(campaign.digest) is None

    def test_a_full_disk_sends_nothing(self, schools: MaskedSchools) -> None:
        """A key that wasn't written down would be another one after a restart."""

        def full(path: Path, data: bytes) -> None:
            raise OSError("no space left on device")

        schools.parties["ash"].masking = MaskingStore(schools.homes["ash"].folder / "secagg", write=full)
        reply = ask(schools, schools.coordinator.invite())
        assert reply.refusal is RefusalCode.LEDGER_UNWRITABLE
        assert not reply.parts


class TestDeal:
    """S2: everybody's box keys, frozen for the campaign."""

    def test_it_deals_for_two_rounds_to_everybody(self, schools: MaskedSchools) -> None:
        """Admitted by the relay; the secrets behind them are on disk first."""
        coordinator = joined(schools)
        reply = ask(schools, coordinator.deal())
        deals = unpack_deals(reply.parts["deals"])
        assert sorted((deal.number, deal.holder) for deal in deals) == [
            (number, holder) for number in (1, 2) for holder in (0, 1, 2)
        ]
        coordinator.take_deals("ash", reply.parts["deals"])
        assert schools.homes["ash"].fuse.passed[-3:] == ["before .state", "after .state", "before reply"]

    def test_asked_again_it_sends_the_same_deals(self, schools: MaskedSchools) -> None:
        """Also after a restart, when its randomness is another."""
        message = joined(schools).deal()
        first = schools.parties["ash"].answer(message)
        assert schools.open("ash").answer(message) == first

    def test_heads_that_contradict_end_it(self, schools: MaskedSchools) -> None:
        """The refusal is the log follower's own."""
        coordinator = joined(schools)
        two = Refusal(RefusalCode.LOG_INCONSISTENT, "Another school was shown another log.")
        heard: list[bytes] = []

        def hear(heads: bytes) -> Refusal:
            heard.append(heads)
            return two

        schools.parties["ash"].hear_heads = hear
        message = coordinator.trip(Trip.DEAL, joins=b"", heads=b"packed heads")
        assert ask(schools, message).refusal is RefusalCode.LOG_INCONSISTENT
        assert heard == [b"packed heads"]
        assert schools.homes["ash"].refusals == [two]


def bad_joins() -> dict[str, Callable[[MaskingCoordinator, list[Join]], list[Join]]]:
    """Box keys that a school refuses, each under the check's name."""

    def missing(coordinator: MaskingCoordinator, joins: list[Join]) -> list[Join]:
        return joins[:2]

    def by_a_stranger(coordinator: MaskingCoordinator, joins: list[Join]) -> list[Join]:
        identity = new_identity()
        signature = identity.sign("secagg", joins[1].signed(bytes.fromhex(coordinator.campaign.digest)))
        return [joins[0], replace(joins[1], signature=signature), joins[2]]

    def key_swapped(coordinator: MaskingCoordinator, joins: list[Join]) -> list[Join]:
        return [joins[0], replace(joins[1], box=joins[2].box), joins[2]]

    return {
        "bad-join: the coordinator": missing,
        "bad-join: birch": by_a_stranger,
        "bad-join: birch (key swapped)": key_swapped,
    }


class TestBadJoins:
    """A coordinator that swaps box keys could open the boxes."""

    @pytest.mark.parametrize("named", list(bad_joins()))
    def test_they_are_refused_by_name_and_nothing_is_frozen(self, schools: MaskedSchools, named: str) -> None:
        """The honest ones are taken afterwards."""
        coordinator = joined(schools)
        joins = [coordinator.joins[school] for school in coordinator.schools]
        message = coordinator.deal(bad_joins()[named](coordinator, joins))
        assert ask(schools, message).refusal is RefusalCode.MASKING_REFUSED
        assert reason(schools) == named.split(" (")[0]
        assert ask(schools, coordinator.deal()).refusal is None

    def test_keys_that_change_within_the_campaign_are_refused(
        self, schools: MaskedSchools, tmp_path: Path
    ) -> None:
        """Frozen is frozen, also for a key that its school signed."""
        coordinator = joined(schools)
        assert ask(schools, coordinator.deal()).refusal is None
        path = next((schools.homes["birch"].folder / "secagg").glob("*.state"))
        path.unlink()
        fresh = schools.open("birch").answer(coordinator.invite())
        coordinator.take_join("birch", fresh)
        assert ask(schools, coordinator.deal()).refusal is RefusalCode.MASKING_REFUSED
        assert reason(schools) == "joins-changed: the coordinator"

    def test_a_school_that_didnt_join_deals_nothing(self, schools: MaskedSchools) -> None:
        """Its box key isn't there."""
        coordinator = joined(schools)
        next((schools.homes["ash"].folder / "secagg").glob("*.state")).unlink()
        assert ask(schools, coordinator.deal()).refusal is RefusalCode.MASKING_REFUSED
        assert reason(schools) == "not-set-up"

    def test_bytes_that_are_no_joins(self, schools: MaskedSchools) -> None:
        """Malformed, and nobody's fault by name."""
        joined(schools)
        assert (
            ask(schools, schools.coordinator.trip(Trip.DEAL, joins=b"xx")).refusal is RefusalCode.MASKING_REFUSED
        )
        assert reason(schools) == "malformed"


class TestRefill:
    """A school that wasn't in a round deals again."""

    def test_it_deals_up_to_the_round_that_is_asked_for(self, schools: MaskedSchools) -> None:
        """All deals that weren't used yet, old and new."""
        schools.set_up()
        reply = ask(schools, schools.coordinator.refill(4))
        assert {deal.number for deal in unpack_deals(reply.parts["deals"])} == {1, 2, 3, 4}
        again = ask(schools, schools.coordinator.refill(4))
        assert again.parts == reply.parts

    def test_far_ahead_is_refused(self, schools: MaskedSchools) -> None:
        """A coordinator can't make a school's record grow without end."""
        schools.set_up()
        assert ask(schools, schools.coordinator.refill(500)).refusal is RefusalCode.MASKING_REFUSED
        assert reason(schools) == "dealt-too-far-ahead: the coordinator"

    def test_before_the_set_up_it_is_refused(self, schools: MaskedSchools) -> None:
        """Nothing is dealt to unknown keys."""
        joined(schools)
        assert ask(schools, schools.coordinator.refill(2)).refusal is RefusalCode.MASKING_REFUSED
        assert reason(schools).startswith("no-deals-for-round")

    def test_without_a_round_it_is_malformed(self, schools: MaskedSchools) -> None:
        """Eight bytes or nothing."""
        schools.set_up()
        for upto in (b"", b"\x01", bytes(9)):
            message = schools.coordinator.trip(Trip.REFILL, upto=upto)
            assert ask(schools, message).refusal is RefusalCode.MASKING_REFUSED
            assert reason(schools) == "malformed"


@pytest.mark.parametrize("trip", [Trip.INVITE, Trip.DEAL, Trip.REFILL, Trip.UNMASK])
def test_no_trip_goes_on_against_the_schools_policy(schools: MaskedSchools, trip: Trip) -> None:
    """The campaign is judged before anything else, and nothing is written."""
    no = Refusal(RefusalCode.MASKING_UNSAFE, "This plan's masks could be taken off.")

    def refuse(campaign: CampaignPlan) -> Refusal:
        return no

    schools.parties["ash"].decide_campaign = refuse
    assert ask(schools, schools.coordinator.trip(trip)).refusal is RefusalCode.MASKING_UNSAFE
    assert schools.homes["ash"].refusals == [no]
    assert schools.homes["ash"].fuse.passed == ["before reply"]
