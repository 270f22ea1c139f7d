"""Damaged, forged and dishonest messages in a masked campaign: each drops or names a school; no sum is wrong."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from common import trips
from common.envelope import peek_kind
from common.errors import Corrupt
from common.exchange import open_reply, seal_reply
from common.plan import SecaggPlan
from common.privacy.secagg.faults import SecaggRefused
from common.privacy.secagg.holder import waiting_deals
from common.privacy.secagg.messages import (
    Deal,
    Join,
    Survivors,
    Unmask,
    pack_deals,
    unmask_bytes,
    unpack_deals,
)
from common.privacy.secagg.packing import PURPOSE
from common.refusals import RefusalCode
from common.trips import TripRequest, open_trip, open_trip_reply, seal_trip_reply
from server.blame_proofs import guilty_by
from server.blames import read_blames
from server.campaign_records import CampaignState
from server.checkpoint import load_checkpoint
from server.deals_store import read_survivors
from server.journal import read_journal
from server.round_records import RoundState
from server.transport import Lost
from tests.support.fake_masked_schools import FakeMaskedSchool
from tests.support.masked_campaigns import FIVE, MEASURED, MaskedWorld, masked_world
from tests.support.memory_transport import MemoryTransport

MAX = 10_000_000
Parts = dict[str, bytes]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MaskedWorld]:
    """Five schools; one may be missing; four open a sum."""
    with masked_world(tmp_path, rounds=2) as made:
        yield made


class Meddling(MemoryTransport):
    """Changes what one school answers to one trip, once."""

    def __init__(
        self, world: MaskedWorld, school: str, kind: str, *, change: Callable[[bytes], bytes | Lost]
    ) -> None:
        def meddled(message: bytes) -> bytes | Lost | None:
            answer = world.schools[school](message)
            return answer if answer is None or not self._is(message) else self._once(answer)

        super().__init__({**world.schools, school: meddled})
        self._world, self._kind, self._change, self._done = world, kind, change, False

    def _is(self, message: bytes) -> bool:
        if peek_kind(message) != trips.REQUEST:
            return self._kind == "round"
        request = open_trip(message, coordinator_key=self._world.coordinator.identity.public_key)
        return str(request.trip) == self._kind

    def _once(self, answer: bytes) -> bytes | Lost:
        if self._done:
            return answer
        self._done = True
        return self._change(answer)


def _changed_parts(world: MaskedWorld, school: str, change: Callable[[Parts], Parts]) -> Callable[[bytes], bytes]:
    """What a school would sign itself: its parts, changed."""
    identity = world.schools[school].identity

    def changed(answer: bytes) -> bytes:
        reply = open_trip_reply(answer, school=school, school_key=identity.public_key, max_bytes=MAX)
        return seal_trip_reply(identity, replace(reply, parts=change(dict(reply.parts))))

    return changed


def _flip(data: bytes, at: int = -1) -> bytes:
    flipped = bytearray(data)
    flipped[at] ^= 1
    return bytes(flipped)


def _without(school: str) -> tuple[str, ...]:
    return tuple(name for name in FIVE if name != school)


def _assert_exact(world: MaskedWorld, number: int, schools: tuple[str, ...]) -> None:
    assert tuple(world.opened(number).schools) == schools
    np.testing.assert_array_equal(world.total(number), world.true_total(number, schools))


ROUND_REPLIES: dict[str, tuple[Callable[[bytes], bytes | Lost], str]] = {
    "a flipped bit": (lambda answer: _flip(answer), "bad-message"),
    "not a message": (lambda answer: b"hello", "bad-message"),
    "a lost connection": (lambda answer: Lost("node-unavailable"), "node-unavailable"),
}


@pytest.mark.parametrize("damage", ROUND_REPLIES, ids=str)
def test_a_damaged_vector_drops_its_school(world: MaskedWorld, damage: str) -> None:
    """Four go on without it."""
    change, code = ROUND_REPLIES[damage]
    world.run(Meddling(world, "birch", "round", change=change))
    _assert_exact(world, 1, _without("birch"))
    _assert_exact(world, 2, FIVE)
    answers = {answer.school: answer for answer in world.rounds()[0].answers}
    assert answers["birch"].code == code


def test_a_vector_that_is_signed_for_nothing_drops_its_school(world: MaskedWorld) -> None:
    """The envelope is right, the signature under the vector isn't."""
    identity = world.schools["birch"].identity

    def unsigned(answer: bytes) -> bytes:
        reply = open_reply(answer, school="birch", school_key=identity.public_key, max_bytes=MAX)
        return seal_reply(identity, replace(reply, parts={**reply.parts, "signature": bytes(64)}))

    world.run(Meddling(world, "birch", "round", change=unsigned))
    _assert_exact(world, 1, _without("birch"))
    answers = {answer.school: answer for answer in world.rounds()[0].answers}
    assert answers["birch"].code == "bad-masked-vector"


def test_a_refusal_drops_its_school(world: MaskedWorld) -> None:
    """With its code in words."""
    world.schools["birch"].refusal = RefusalCode.BUDGET_YEAR
    record = world.run()
    assert record.state == CampaignState.RELEASED
    _assert_exact(world, 1, _without("birch"))
    assert world.rounds()[0].answers[1].code == "budget-year"


def test_another_school_s_box_key_is_not_taken(world: MaskedWorld) -> None:
    """The set-up names whose join can't be used."""

    def swapped(parts: dict[str, bytes]) -> dict[str, bytes]:
        return parts | {"join": replace(Join.from_bytes(parts["join"]), member=0).to_bytes()}

    change = _changed_parts(world, "birch", swapped)
    record = world.run(Meddling(world, "birch", "invite", change=change))
    assert record.state == CampaignState.STOPPED
    assert "has sent its box key: birch is missing" in record.reason
    assert world.run().state == CampaignState.RELEASED


@pytest.mark.parametrize("what", ["one deal too few", "another's signature", "junk"])
def test_bad_deals_are_not_kept(world: MaskedWorld, what: str) -> None:
    """The school is asked again when the campaign goes on."""

    def spoilt(parts: dict[str, bytes]) -> dict[str, bytes]:
        deals = unpack_deals(parts["deals"])
        unsigned = (replace(deals[0], signature=bytes(64)), *deals[1:])
        return {
            "one deal too few": {"deals": pack_deals(deals[1:])},
            "another's signature": {"deals": pack_deals(unsigned)},
            "junk": {"deals": b"junk"},
        }[what]

    record = world.run(Meddling(world, "birch", "deal", change=_changed_parts(world, "birch", spoilt)))
    assert record.state == CampaignState.STOPPED
    assert "has dealt: birch is missing" in record.reason
    assert world.run().state == CampaignState.RELEASED
    _assert_exact(world, 1, FIVE)


def test_a_wrong_share_is_named_and_the_sum_is_exact(world: MaskedWorld) -> None:
    """Elm signs a share that it wasn't dealt: anybody can check the proof, and the others open the sum."""
    elm = world.schools["elm"].identity

    def wrong(parts: dict[str, bytes]) -> dict[str, bytes]:
        unmask = Unmask.from_bytes(parts["unmask"])
        with world.coordinator.store.read() as connection:
            data = read_survivors(connection, world.plan.digest, 1)
        assert data is not None
        (member, share), *others = unmask.shares
        forged = replace(unmask, shares=((member, _flip(share)), *others))
        name = Survivors.from_bytes(data).name
        signature = elm.sign(PURPOSE, unmask_bytes(name, unmask.member, forged.body))
        return parts | {"unmask": replace(forged, signature=signature).to_bytes()}

    world.run(Meddling(world, "elm", "unmask", change=_changed_parts(world, "elm", wrong)))
    _assert_exact(world, 1, FIVE)
    with world.coordinator.store.read() as connection:
        (blame,) = read_blames(connection, world.plan.digest)
        events = [row.entry for row in read_journal(connection, campaign=world.plan.digest)]
    assert (blame.round, blame.school, blame.is_dealer) == (1, "elm", False)
    assert guilty_by(world.plan, blame.proof) == "elm"
    assert ("school-blamed", "elm") in {(event.event, event.school) for event in events}
    with pytest.raises((SecaggRefused, Corrupt)):
        guilty_by(world.plan, _flip(blame.proof))
    assert world.rounds()[1].plan.cohort == FIVE, "a wrong share is no reason to leave a school out"


def test_an_unsigned_reply_proves_nothing(world: MaskedWorld) -> None:
    """It isn't used, and nobody is blamed for it."""
    change = _changed_parts(
        world,
        "elm",
        lambda parts: (
            parts | {"unmask": replace(Unmask.from_bytes(parts["unmask"]), signature=bytes(64)).to_bytes()}
        ),
    )
    world.run(Meddling(world, "elm", "unmask", change=change))
    _assert_exact(world, 1, FIVE)
    with world.coordinator.store.read() as connection:
        assert read_blames(connection, world.plan.digest) == []


class CheatingDealer(FakeMaskedSchool):
    """Commits to another seed than the one whose shares it deals for round 1, and signs that."""

    def _deal(self, request: TripRequest) -> dict[str, bytes]:
        """Its own state says the same, so it goes on masking."""
        FakeMaskedSchool._deal(self, request)
        state = self._state()
        first, *others = state.secrets
        camp = bytes.fromhex(request.campaign.digest)
        cheated = replace(first, deals=tuple(self._cheated(deal, camp) for deal in first.deals))
        self.state = replace(state, secrets=(cheated, *others))
        return {"deals": pack_deals(waiting_deals(self.state))}

    def _cheated(self, deal: Deal, camp: bytes) -> Deal:
        lie = replace(deal, seed_commitment=bytes(32))
        return replace(lie, signature=self.identity.sign(PURPOSE, lie.signed(camp)))


def _with_a_cheat(folder: Path, **changes: Any) -> AbstractContextManager[MaskedWorld]:
    def cheat(world_schools: dict[str, FakeMaskedSchool]) -> None:
        honest = world_schools["cedar"]
        world_schools["cedar"] = CheatingDealer("cedar", honest.coordinator_key)

    return masked_world(folder, before=cheat, rounds=2, **changes)


def test_a_dealer_that_spoils_a_sum_is_proven_guilty_and_left_out(tmp_path: Path) -> None:
    """The round is void; anybody can check why; four go on without it."""
    loose = SecaggPlan(corrupt=1, threshold=4, max_dropped=0, min_margin=1)
    with _with_a_cheat(tmp_path, secagg=loose, minimum_cohort=4) as world:
        record = world.run()
        assert record.state == CampaignState.RELEASED, record.reason
        first, second, measuring = world.rounds()
        assert first.state == RoundState.VOID
        assert first.reason == "Round 1 can't be opened: cedar dealt shares of something else."
        assert world.opened(1).state == "aborted"
        assert second.plan.cohort == measuring.plan.cohort == _without("cedar")
        _assert_exact(world, 2, _without("cedar"))
        with world.coordinator.store.read() as connection:
            (blame,) = read_blames(connection, world.plan.digest)
        assert (blame.school, blame.is_dealer) == ("cedar", True)
        assert guilty_by(world.plan, blame.proof) == "cedar"


def test_a_cohort_of_everybody_ends_with_a_guilty_dealer(tmp_path: Path) -> None:
    """The plan promised all five: it stops and names the one that is left out."""
    with _with_a_cheat(tmp_path) as world:
        record = world.run()
        assert record.state == CampaignState.STOPPED
        assert "Left out, revoked or without deals for this round: cedar." in record.reason


def test_a_measuring_round_that_never_opens_rejects_the_candidate(tmp_path: Path) -> None:
    """Nothing that could be sent again would help, and nobody knows what the model is worth."""

    class LateCheat(CheatingDealer):
        """Cheats for the measuring round."""

        def _refill(self, request: TripRequest) -> dict[str, bytes]:
            """Its last deals are the wrong ones."""
            FakeMaskedSchool._refill(self, request)
            state, camp = self._state(), bytes.fromhex(request.campaign.digest)
            secrets = [
                replace(one, deals=tuple(self._cheated(deal, camp) for deal in one.deals))
                if one.number == 3
                else one
                for one in state.secrets
            ]
            self.state = replace(state, secrets=tuple(secrets))
            return {"deals": pack_deals(waiting_deals(self.state))}

        def _deal(self, request: TripRequest) -> dict[str, bytes]:
            """Honest so far."""
            return FakeMaskedSchool._deal(self, request)

    def cheat(schools: dict[str, FakeMaskedSchool]) -> None:
        schools["cedar"] = LateCheat("cedar", schools["cedar"].coordinator_key)

    with masked_world(tmp_path, before=cheat, rounds=2) as world:
        record = world.run()
        assert record.state == CampaignState.REJECTED
        assert record.reason == "The measuring round gave no usable sum, so nobody knows what the model is worth."
        assert world.rounds()[2].state == RoundState.VOID


def test_an_enormous_sum_is_opened_published_and_moves_nothing(tmp_path: Path) -> None:
    """Masks hide who shouted; that somebody did is seen from the sum's length."""

    class Shouting(FakeMaskedSchool):
        """Ignores the clip."""

        def direction(self, count: int) -> NDArray[np.float64]:
            """A thousand clips long."""
            return 1000.0 * FakeMaskedSchool.direction(self, count)

    def shout(schools: dict[str, FakeMaskedSchool]) -> None:
        schools["cedar"] = Shouting("cedar", schools["cedar"].coordinator_key)

    with masked_world(tmp_path, before=shout, rounds=2) as world:
        record = world.run()
        assert record.state == CampaignState.STOPPED
        assert "honest schools stay below" in record.reason
        assert [r.state for r in world.rounds()] == [RoundState.VOID] * 2
        _assert_exact(world, 1, FIVE)
        with world.coordinator.store.read() as connection:
            checkpoint = load_checkpoint(connection, world.plan)
        assert checkpoint is not None
        assert not checkpoint.weights.memory.any()


def test_an_enormous_measurement_is_published_and_rejects_the_candidate(tmp_path: Path) -> None:
    """A school that puts ten thousand students into its histogram can't decide alone what a model is worth."""

    class Stuffing(FakeMaskedSchool):
        """Honest in training, ten thousand students long when it measures."""

        def direction(self, count: int) -> NDArray[np.float64]:
            """A histogram has fewer numbers than an update."""
            honest = FakeMaskedSchool.direction(self, count)
            return honest if count > 4 * MEASURED.bins else 10_000.0 * honest

    def stuff(schools: dict[str, FakeMaskedSchool]) -> None:
        schools["cedar"] = Stuffing("cedar", schools["cedar"].coordinator_key)

    wide = MEASURED.model_copy(update={"modulus_bits": 24})
    with masked_world(tmp_path, before=stuff, rounds=2, metrics=wide) as world:
        record = world.run()
        assert record.state == CampaignState.REJECTED
        assert "no usable sum" in record.reason
        assert [r.state for r in world.rounds()] == [RoundState.APPLIED] * 2 + [RoundState.VOID]
        assert "honest schools stay below" in world.rounds()[2].reason
        _assert_exact(world, 3, FIVE)
        assert not any("confirm" in message for _, message in world.messages())
