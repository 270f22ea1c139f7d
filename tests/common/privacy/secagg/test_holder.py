"""A school's side: exact sums through silence in either trip, and a named refusal for whatever it won't do."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from common.errors import Corrupt
from common.privacy.secagg import holder, relay
from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Evidence, Survivors
from common.privacy.secagg.state import HolderState
from common.signing import new_identity
from tests.support.secagg_world import SecaggWorld, secagg_world


@pytest.mark.parametrize("members", [3, 5, 8])
def test_the_opened_sum_is_the_survivors_sum(members: int) -> None:
    """Three rounds, one member silent in the second, which comes back."""
    world = secagg_world(members)
    for number, silent in ((1, []), (2, [0]), (3, [])):
        _, masked, opened = world.run_round(number, silent=silent)
        assert opened.total.tolist() == world.plain_sum(number, sorted(masked)).tolist()
        assert len(masked) == members - len(silent)


def test_a_holder_that_falls_silent_after_masking_is_in_the_sum() -> None:
    """Its vector counts; its shares aren't needed."""
    world = secagg_world(10)
    _, masked, opened = world.run_round(1, silent=[4], late=[7])
    assert 7 in masked
    assert opened.total.tolist() == world.plain_sum(1, sorted(masked)).tolist()


def test_a_state_comes_back_from_its_bytes_at_every_step() -> None:
    """And any other bytes are corrupt."""
    world = secagg_world(3)
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in (0, 1, 2)}
    steps = [secagg_world(3).states[0], world.states[0]]
    world.unmask(world.survivors(attempt, masked), 0)
    for state in [*steps, world.states[0]]:
        assert HolderState.from_bytes(state.to_bytes()) == state
    for damaged in (steps[0].to_bytes()[:-1], steps[0].to_bytes() + b"\0", b"", b"something else"):
        with pytest.raises(Corrupt):
            HolderState.from_bytes(damaged)


def test_secrets_show_in_no_text() -> None:
    """A state in a traceback tells nothing."""
    state = secagg_world(3).states[0]
    assert state.secrets[0].key.hex() not in repr(state)
    assert repr(state.box_key) not in repr(state)
    assert repr(state.secrets[0].seed) not in repr(state)


def test_the_secrets_of_a_round_are_gone_once_it_is_masked() -> None:
    """What isn't there can't be given away twice."""
    world = secagg_world(3)
    world.mask(world.attempt(1), 0)
    assert [one.number for one in world.states[0].secrets] == [2]
    assert world.states[0].last == 1


def test_the_same_joins_deal_the_same() -> None:
    """A set-up trip that is repeated after a crash changes nothing."""
    world = secagg_world(4)
    joins = [holder.join(s, world.terms, i) for s, i in zip(world.states, world.identities, strict=True)]
    state, deals = holder.freeze_and_deal(
        world.states[1], world.terms, joins, identity=world.identities[1], randomness=world.randomness(1)
    )
    assert state == world.states[1]
    assert {deal.to_bytes() for deal in deals} <= {
        deal.to_bytes() for table in world.deals.values() for deal in table.values()
    }


def expect_refused(fault: SecaggFault, party: int | None = COORDINATOR) -> "pytest.RaisesExc[SecaggRefused]":
    return pytest.RaisesExc(SecaggRefused, check=lambda error: (error.fault, error.party) == (fault, party))


def test_other_or_forged_joins_areexpect_refused() -> None:
    """A second set, a key that another signed, one key twice, a member left out, a key in this school's name."""
    world = secagg_world(4)
    states, terms = world.states, world.terms
    joins = [holder.join(s, terms, i) for s, i in zip(states, world.identities, strict=True)]
    fresh = holder.start(terms, 2, world.randomness(9))
    others = [*joins[:2], holder.join(fresh, terms, world.identities[2]), joins[3]]
    forged = [*joins[:3], replace(joins[3], box=joins[2].box)]
    alone = replace(joins[3], box=joins[2].box, signature=b"")
    twice = [
        *joins[:3],
        replace(alone, signature=world.identities[3].sign("secagg", alone.signed(terms.camp))),
    ]
    cases = [
        (0, others, SecaggFault.JOINS_CHANGED, COORDINATOR),
        (0, forged, SecaggFault.BAD_JOIN, 3),
        (0, twice, SecaggFault.KEYS_REPEATED, None),
        (0, joins[:3], SecaggFault.BAD_JOIN, COORDINATOR),
        (2, others, SecaggFault.BAD_JOIN, COORDINATOR),
    ]
    for member, given, fault, party in cases:
        with expect_refused(fault, party):
            holder.freeze_and_deal(
                states[member],
                terms,
                given,
                identity=world.identities[member],
                randomness=world.randomness(member),
            )


def test_unsafe_terms_never_start() -> None:
    """A threshold under which two survivor sets could open."""
    world = secagg_world(5)
    with expect_refused(SecaggFault.UNSAFE_TERMS):
        holder.start(replace(world.terms, threshold=3), 0, world.randomness(0))


class TestRounds:
    """What a school refuses before it masks."""

    def test_a_round_that_was_masked_already(self) -> None:
        """With the same plan the caller has the bytes; with another it is an attack; an older one is a replay."""
        world = secagg_world(3)
        world.run_round(1)
        attempt = world.attempt(2)
        world.mask(attempt, 0)
        for again, fault in (
            (attempt, SecaggFault.ROUND_REPLAYED),
            (world.attempt(2, plan="another"), SecaggFault.TWO_PLANS_FOR_A_ROUND),
            (world.attempt(1), SecaggFault.ROUND_REPLAYED),
        ):
            with expect_refused(fault):
                world.mask(again, 0)

    def test_a_cohort_that_is_small_strange_or_without_this_school(self) -> None:
        """m is counted in the promise, so fewer are refused."""
        world = secagg_world(5, minimum_cohort=4, threshold=4, max_dropped=0)
        for cohort, fault in (
            ((0, 1, 2), SecaggFault.COHORT_TOO_SMALL),
            ((0, 1, 2, 2), SecaggFault.BAD_COHORT),
            ((0, 1, 2, 9), SecaggFault.BAD_COHORT),
            ((1, 2, 3, 4), SecaggFault.BAD_COHORT),
        ):
            attempt = world.attempt(1, cohort=cohort)
            with expect_refused(fault):
                world.mask(attempt, 0, deals=[])

    def test_a_round_too_far_ahead_has_no_deals(self) -> None:
        """And no coordinator can have it deal a thousand rounds ahead."""
        world = secagg_world(3)
        with expect_refused(SecaggFault.NO_DEALS_FOR_ROUND):
            world.mask(world.attempt(7), 0, deals=[])
        with expect_refused(SecaggFault.DEALT_TOO_FAR_AHEAD):
            world.refill(0, 2 + holder.MOST_AHEAD + 1)

    def test_deals_that_are_missing_forged_swapped_or_altered(self) -> None:
        """Each is named with the dealer where the dealer's name is under it."""
        world = secagg_world(4)
        attempt = world.attempt(1)
        good = world.deals_for(attempt, 0)
        stranger = new_identity()
        swapped = replace(good[2], key=good[3].key)
        cases = [
            (good[:3], SecaggFault.DEAL_MISSING, COORDINATOR),
            ([*good[:3], world.deals[1][3, 1]], SecaggFault.DEAL_MISSING, COORDINATOR),
            ([*good[:3], world.deals[2][3, 0]], SecaggFault.DEAL_MISSING, COORDINATOR),
            ([*good[:2], swapped, good[3]], SecaggFault.KEYS_REPEATED, None),
            ([*good[:3], replace(good[3], key=bytes(31) + b"\x09")], SecaggFault.BAD_DEAL_SIGNATURE, 3),
            ([*good[:3], replace(good[3], box=good[3].box[:-1] + b"\0")], SecaggFault.BAD_DEAL_SIGNATURE, 3),
            (
                [
                    *good[:3],
                    replace(good[3], signature=stranger.sign("secagg", good[3].signed(world.terms.camp))),
                ],
                SecaggFault.BAD_DEAL_SIGNATURE,
                3,
            ),
            ([replace(good[0], key=good[1].key), *good[1:]], SecaggFault.DEALS_DIFFER, COORDINATOR),
        ]
        for deals, fault, party in cases:
            with expect_refused(fault, party):
                world.mask(attempt, 0, deals=deals)
        assert world.states[0].last == 0

    def test_a_dealer_that_signs_rubbish_is_named(self) -> None:
        """A box that doesn't open, or shares that differ from what it committed to."""
        world = secagg_world(4)
        attempt, camp = world.attempt(1), world.terms.camp
        good = world.deals_for(attempt, 0)
        cases: tuple[tuple[dict[str, Any], SecaggFault], ...] = (
            ({"box": bytes(82)}, SecaggFault.BOX_DOES_NOT_OPEN),
            ({"box": b""}, SecaggFault.BOX_DOES_NOT_OPEN),
            ({"key_share_commitment": bytes(16)}, SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT),
            ({"seed_share_commitment": bytes(16)}, SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT),
        )
        for change, fault in cases:
            unsigned = replace(good[3], **change)
            bad = replace(unsigned, signature=world.identities[3].sign("secagg", unsigned.signed(camp)))
            with expect_refused(fault, 3):
                world.mask(attempt, 0, deals=[*good[:3], bad])

    def test_a_vector_of_another_length(self) -> None:
        """The plan says how long it is."""
        world = secagg_world(3)
        attempt = world.attempt(1)
        opened = holder.check_round(
            world.states[0], world.terms, attempt, deals=world.deals_for(attempt, 0), evidence=None
        )
        with expect_refused(SecaggFault.BAD_VALUES, None):
            holder.mask(world.states[0], opened, np.zeros(3, np.int64), identity=world.identities[0])


class TestSurvivors:
    """The last moment to refuse."""

    @staticmethod
    def _masked(members: int = 5) -> tuple[SecaggWorld, Survivors]:
        world = secagg_world(members)
        attempt = world.attempt(1)
        masked = {m: world.mask(attempt, m) for m in world.everybody}
        return world, world.survivors(attempt, masked)

    def _signed(
        self, world: SecaggWorld, survivors: Survivors, entries: tuple[tuple[int, bytes], ...]
    ) -> Survivors:
        unsigned = replace(survivors, entries=entries)
        return replace(unsigned, signature=world.coordinator.sign("secagg", unsigned.signed))

    def test_lists_that_areexpect_refused(self) -> None:
        """Unsigned, of another round, without this school's vector or with another, with a stranger, too short."""
        world, good = self._masked()
        entries = good.entries
        cases = [
            (replace(good, entries=entries[:4]), SecaggFault.SURVIVORS_UNSIGNED),
            (replace(good, signature=new_identity().sign("secagg", good.signed)), SecaggFault.SURVIVORS_UNSIGNED),
            (replace(good, ctx=bytes(32)), SecaggFault.NOT_MASKED),
            (self._signed(world, good, entries[1:]), SecaggFault.BAD_SURVIVORS),
            (self._signed(world, good, ((0, bytes(32)), *entries[1:])), SecaggFault.BAD_SURVIVORS),
            (self._signed(world, good, (*entries, (9, bytes(32)))), SecaggFault.BAD_SURVIVORS),
            (self._signed(world, good, entries[:3]), SecaggFault.TOO_MANY_DROPPED),
        ]
        for survivors, fault in cases:
            with expect_refused(fault):
                world.unmask(survivors, 0)

    def test_fewer_survivors_than_the_noise_needs(self) -> None:
        """honest_schools and the margin decide, whatever the dropout budget allows."""
        world, good = self._masked()
        with expect_refused(SecaggFault.TOO_FEW_SURVIVORS):
            world.unmask(self._signed(world, good, good.entries[:4]), 0, needed=5)

    def test_a_second_set_is_refused_and_shares_are_gone(self) -> None:
        """One answer per round; what was answered with is dropped."""
        world, good = self._masked()
        reply, _ = world.unmask(good, 0)
        assert len(reply.shares) == 5
        last = world.states[0].last_round
        assert last is not None
        assert last.shares == ()
        with expect_refused(SecaggFault.TWO_SURVIVOR_SETS):
            world.unmask(self._signed(world, good, good.entries[:4]), 0)

    def test_before_masking_there_is_nothing_to_open(self) -> None:
        """A list of survivors for a round that this school never saw."""
        _, good = self._masked()
        with expect_refused(SecaggFault.NOT_MASKED):
            secagg_world(5).unmask(good, 0)


class TestEvidence:
    """After it answered, a school wants to see that the others answered the same."""

    def test_evidence_of_another_set_names_the_coordinator(self) -> None:
        """A member that was told other survivors signed other bytes."""
        world = secagg_world(5)
        _, _, opened = world.run_round(1)
        replies = opened.evidence.replies
        world.evidence[1] = Evidence(((replies[0][0], bytes(32), replies[0][2]), *replies[1:]))
        with expect_refused(SecaggFault.EVIDENCE_WRONG):
            world.mask(world.attempt(2), 0)

    def test_two_rounds_may_stay_unproven_and_a_third_may_not(self) -> None:
        """They were charged and are safe; they are counted all the same."""
        world = secagg_world(5)
        for number in (1, 2, 3):
            world.run_round(number)
            world.evidence.clear()
        assert world.states[0].unproven == holder.MAX_UNPROVEN
        with expect_refused(SecaggFault.UNPROVEN_TOO_OFTEN):
            world.mask(world.attempt(4), 0)


def _deal_with_key(world: SecaggWorld, to: int, key: bytes) -> Deal:
    """Member 2's deal for round 1, with another mask key under its signature."""
    unsigned = replace(world.deals[1][2, to], key=key)
    return replace(unsigned, signature=world.identities[2].sign("secagg", unsigned.signed(world.terms.camp)))


# Points of small order (RFC 7748, section 6.1): whatever the private key, the secret is zero.
WORTHLESS = (bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f")


@pytest.mark.parametrize("key", WORTHLESS, ids=["zero", "one", "minus one"])
def test_a_key_that_protects_nothing_is_refused_before_anything_is_charged(key: bytes) -> None:
    """As a mask key by holders and coordinator, as a box key at the set-up; the dealer is named."""
    world = secagg_world(4)
    attempt = world.attempt(1)
    deals = {h: _deal_with_key(world, h, key) for h in world.everybody}
    given = [deals[0] if deal.dealer == 2 else deal for deal in world.deals_for(attempt, 0)]
    joined = replace(holder.join(world.states[2], world.terms, world.identities[2]), box=key)
    joined = replace(joined, signature=world.identities[2].sign("secagg", joined.signed(world.terms.camp)))
    for call in (
        lambda: holder.check_round(world.states[0], world.terms, attempt, deals=given, evidence=None),
        lambda: relay.admit_deals(world.terms, 2, list(deals.values())),
        lambda: relay.admit_join(world.terms, 2, joined),
    ):
        with pytest.raises(SecaggRefused) as caught:
            call()
        assert (caught.value.fault, caught.value.party) == (SecaggFault.WORTHLESS_KEY, 2)
