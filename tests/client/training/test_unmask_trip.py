"""The second trip of a round at a school: the last moment to refuse, and the same bytes for the same survivors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.training.unmask_trip import needed_survivors
from common.plan import CampaignPlan
from common.privacy.ledger import RoundState
from common.privacy.secagg.holder import HolderState
from common.privacy.secagg.messages import Survivors, Unmask, unpack_deals
from common.refusals import Refusal, RefusalCode
from common.signing import new_identity
from common.trips import Trip, TripReply
from tests.support.masked_schools import MaskedSchools, masked_schools
from tests.support.masking_coordinator import other_survivors


@pytest.fixture
def schools(tmp_path: Path) -> Iterator[MaskedSchools]:
    """Five schools, set up: h = 3, so that four survivors are needed and one may be silent."""
    with masked_schools(tmp_path, 5) as made:
        made.set_up()
        yield made


def masked_once(schools: MaskedSchools) -> Survivors:
    """Everybody's vector for round 1, and the list of all of them."""
    plan = schools.coordinator.plan(1)
    return schools.coordinator.survivors(plan, schools.mask(plan))


def ask(schools: MaskedSchools, survivors: Survivors, school: str = "ash") -> TripReply:
    """What a school answers to this list."""
    data = schools.parties[school].answer(schools.coordinator.unmask(survivors))
    return schools.coordinator.read(school, data)


class TestHelping:
    """What a school gives away."""

    def test_one_share_for_each_school_and_deals_for_the_round_after_next(self, schools: MaskedSchools) -> None:
        """Admitted by the relay; the deals are on disk already when they leave."""
        survivors = masked_once(schools)
        reply = ask(schools, survivors)
        assert [member for member, _ in Unmask.from_bytes(reply.parts["unmask"]).shares] == [0, 1, 2, 3, 4]
        assert {deal.number for deal in unpack_deals(reply.parts["deals"])} == {3}

    def test_the_ledger_notes_by_how_many_schools_the_promise_is_exceeded(self, schools: MaskedSchools) -> None:
        """Five survivors, three are relied on; it costs nothing."""
        ask(schools, masked_once(schools))
        rows = schools.parties["ash"].ledger.rows()
        assert [(row.state, row.margin) for row in rows if row.kind == "state"] == [
            (RoundState.SENT, -1),
            (RoundState.OPENED, 2),
        ]
        assert rows[-1].epsilon_after == rows[0].epsilon_after

    def test_the_same_survivors_again_give_the_same_bytes(self, schools: MaskedSchools) -> None:
        """Also after a restart."""
        message = schools.coordinator.unmask(masked_once(schools))
        first = schools.parties["ash"].answer(message)
        assert schools.open("ash").answer(message) == first
        assert schools.homes["ash"].refusals == []

    def test_the_shares_it_held_are_gone_from_the_disk(self, schools: MaskedSchools) -> None:
        """It can't be made to answer another list, not even by who takes the disk."""
        ask(schools, masked_once(schools))
        record = schools.parties["ash"].masking.read(schools.coordinator.campaign.digest)
        assert record is not None
        last = HolderState.from_bytes(record.holder).last_round
        assert last is not None
        assert last.shares == ()


def bad_lists() -> dict[str, Callable[[MaskedSchools, Survivors], Survivors]]:
    """Lists that a school refuses, each under the check's name."""

    def signed(schools: MaskedSchools, good: Survivors, entries: tuple[tuple[int, bytes], ...]) -> Survivors:
        return other_survivors(good, schools.coordinator.identity, entries=entries)

    def other_round(schools: MaskedSchools, good: Survivors) -> Survivors:
        return other_survivors(good, schools.coordinator.identity, ctx=b"c" * 32)

    def by_a_stranger(schools: MaskedSchools, good: Survivors) -> Survivors:
        return other_survivors(good, new_identity())

    def without_me(schools: MaskedSchools, good: Survivors) -> Survivors:
        return signed(schools, good, good.entries[1:])

    def my_vector_replaced(schools: MaskedSchools, good: Survivors) -> Survivors:
        return signed(schools, good, ((0, b"d" * 32), *good.entries[1:]))

    def a_stranger_in_it(schools: MaskedSchools, good: Survivors) -> Survivors:
        return signed(schools, good, (*good.entries, (7, b"d" * 32)))

    def two_dropped(schools: MaskedSchools, good: Survivors) -> Survivors:
        return signed(schools, good, good.entries[:3])

    return {
        "not-masked": other_round,
        "survivors-unsigned": by_a_stranger,
        "bad-survivors (without me)": without_me,
        "bad-survivors (my vector replaced)": my_vector_replaced,
        "bad-survivors (a stranger)": a_stranger_in_it,
        "too-many-dropped": two_dropped,
    }


class TestRefusing:
    """Nothing is opened, and the honest list is answered afterwards."""

    @pytest.mark.parametrize("named", list(bad_lists()))
    def test_a_bad_list_is_named_here_and_not_outside(self, schools: MaskedSchools, named: str) -> None:
        """The coordinator hears one code."""
        good = masked_once(schools)
        reply = ask(schools, bad_lists()[named](schools, good))
        assert reply.refusal is RefusalCode.MASKING_REFUSED
        assert not reply.parts
        reason = schools.homes["ash"].refusals[-1].local_reason
        assert reason == f"{named.split(' (')[0]}: the coordinator"
        assert RoundState.OPENED not in {row.state for row in schools.parties["ash"].ledger.rows()}
        assert ask(schools, good).refusal is None

    def test_a_second_list_is_refused_and_the_first_still_answered(self, schools: MaskedSchools) -> None:
        """Two lists together would open a single school."""
        good = masked_once(schools)
        first = ask(schools, good)
        second = other_survivors(good, schools.coordinator.identity, entries=good.entries[:4])
        assert ask(schools, second).refusal is RefusalCode.MASKING_REFUSED
        assert schools.homes["ash"].refusals[-1].local_reason == "two-survivor-sets: the coordinator"
        assert ask(schools, good) == first

    def test_below_honest_schools_and_the_margin_nothing_opens(self, tmp_path: Path) -> None:
        """The protocol would allow four of five here; the plan's margin of 2 doesn't."""
        with masked_schools(tmp_path / "fewer", 5) as probe:
            terms = probe.coordinator.campaign.secagg
        assert terms is not None
        with masked_schools(tmp_path, 5, secagg=terms.model_copy(update={"min_margin": 2})) as made:
            made.set_up()
            assert needed_survivors(made.coordinator.campaign) == 5
            good = masked_once(made)
            four = other_survivors(good, made.coordinator.identity, entries=good.entries[:4])
            assert ask(made, four).refusal is RefusalCode.MASKING_REFUSED
            assert made.homes["ash"].refusals[-1].local_reason == "too-few-survivors: the coordinator"
            assert ask(made, good).refusal is None

    def test_a_list_that_is_no_list(self, schools: MaskedSchools) -> None:
        """Cut short, or none at all."""
        good = masked_once(schools)
        for broken in (b"", good.to_bytes()[:-1], good.to_bytes() + b"x"):
            message = schools.coordinator.trip(Trip.UNMASK, survivors=broken)
            reply = schools.coordinator.read("ash", schools.parties["ash"].answer(message))
            assert reply.refusal is RefusalCode.MASKING_REFUSED
            assert schools.homes["ash"].refusals[-1].local_reason == "malformed"

    def test_a_campaign_that_the_administrator_has_refused_meanwhile(self, schools: MaskedSchools) -> None:
        """It is judged before anything else, also in the second trip."""
        good = masked_once(schools)
        no = Refusal(RefusalCode.PLAN_NOT_APPROVED, "No administrator of this school has approved this.")

        def refuse(campaign: CampaignPlan) -> Refusal:
            return no

        schools.parties["ash"].decide_campaign = refuse
        assert ask(schools, good).refusal is RefusalCode.PLAN_NOT_APPROVED
        assert schools.homes["ash"].refusals == [no]
