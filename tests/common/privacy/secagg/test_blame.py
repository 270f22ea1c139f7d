"""Signed bytes name the guilty, and never the innocent."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from common.privacy.secagg.blame import (
    dealt_something_else,
    judge_complaint,
    reveal_box_key,
    two_deals,
    two_survivor_sets,
    wrong_share,
)
from common.privacy.secagg.commitments import SEED_SHARE, commit_share
from common.privacy.secagg.dealing import box_key_of, open_with
from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Masked, Survivors, Unmask, unmask_bytes
from common.privacy.secagg.packing import pack
from tests.support.secagg_world import SecaggWorld, secagg_world


def _signed(world: SecaggWorld, deal: Deal) -> Deal:
    return replace(deal, signature=world.identities[deal.dealer].sign("secagg", deal.signed(world.terms.camp)))


def _masked(world: SecaggWorld) -> tuple[dict[int, Masked], Survivors]:
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    return masked, world.survivors(attempt, masked)


def test_a_good_deal_convicts_the_complainer() -> None:
    """The key that it shows itself opens the box to what was committed."""
    world = secagg_world(4)
    deal = world.deals[1][2, 0]
    key = reveal_box_key(world.states[0], world.terms, deal)
    assert key == reveal_box_key(world.states[2], world.terms, deal)
    assert judge_complaint(world.terms, deal, by_holder=key, by_dealer=None) == {0}


def test_two_unequal_keys_convict_nobody_alone() -> None:
    """A holder that shows a wrong key and a dealer that used one look alike: it is one of the two."""
    world = secagg_world(4)
    deal = world.deals[1][2, 0]
    key = reveal_box_key(world.states[2], world.terms, deal)
    assert judge_complaint(world.terms, deal, by_holder=bytes(32), by_dealer=key) == {0, 2}
    camp = world.terms.camp
    plain = open_with(world.terms, deal, key)
    wrong = ChaCha20Poly1305(b"w" * 32).encrypt(bytes(12), plain, pack("aad", camp, 1, 2, 0))
    closed = _signed(world, replace(deal, box=wrong))
    true_key = reveal_box_key(world.states[0], world.terms, closed)
    assert judge_complaint(world.terms, closed, by_holder=true_key, by_dealer=b"w" * 32) == {0, 2}


@pytest.mark.parametrize("change", [{"box": bytes(82)}, {"seed_share_commitment": bytes(16)}])
def test_a_bad_deal_convicts_its_dealer(change: dict[str, Any]) -> None:
    """No key shows what was committed to; an unsigned accusation proves nothing."""
    world = secagg_world(4)
    deal = _signed(world, replace(world.deals[1][2, 0], **change))
    key = reveal_box_key(world.states[0], world.terms, deal)
    for by_dealer in (key, None):
        assert judge_complaint(world.terms, deal, by_holder=key, by_dealer=by_dealer) == {2}
    with pytest.raises(SecaggRefused) as caught:
        judge_complaint(world.terms, replace(deal, number=2), by_holder=key, by_dealer=None)
    assert caught.value.fault is SecaggFault.BAD_DEAL_SIGNATURE


def test_a_revealed_key_opens_one_box() -> None:
    """Another round or holder has another key, from the same two box keys."""
    world = secagg_world(3)
    shown = {
        reveal_box_key(world.states[0], world.terms, world.deals[n][d, h])
        for n in (1, 2)
        for d, h in ((0, 1), (1, 0))
    }
    assert len(shown) == 4
    secret = b"s" * 32
    assert box_key_of(world.terms, world.deals[1][0, 1], secret) != box_key_of(
        world.terms, world.deals[1][0, 2], secret
    )


def test_a_signed_wrong_share_convicts_its_holder() -> None:
    """A good share, another's share or a share that wasn't signed doesn't."""
    world = secagg_world(4)
    _, survivors = _masked(world)
    good, _ = world.unmask(survivors, 1)
    deal = world.deals[1][2, 1]
    shares = tuple((m, bytes(33) if m == 2 else share) for m, share in good.shares)
    unsigned = Unmask(1, shares, b"")
    signature = world.identities[1].sign("secagg", unmask_bytes(survivors.name, 1, unsigned.body))
    bad = replace(unsigned, signature=signature)
    attempt = world.attempt(1)
    assert wrong_share(world.terms, attempt, survivors, unmask=bad, deal=deal) == 1
    for unmask, about in (
        (good, deal),
        (bad, world.deals[1][3, 1]),
        (bad, world.deals[1][2, 0]),
        (unsigned, deal),
    ):
        with pytest.raises(SecaggRefused) as caught:
            wrong_share(world.terms, attempt, survivors, unmask=unmask, deal=about)
        assert caught.value.fault is SecaggFault.BAD_PROOF


def test_shares_that_open_to_something_else_convict_their_dealer() -> None:
    """Every holder's share is the committed one, and together they aren't the committed seed."""
    world = secagg_world(4)
    attempt, camp = world.attempt(1), world.terms.camp
    # Member 3 deals honest boxes under a commitment to another seed.
    for holder in world.everybody:
        deal = world.deals[1][3, holder]
        world.deals[1][3, holder] = _signed(world, replace(deal, seed_commitment=bytes(32)))
    own = next(one for one in world.states[3].secrets if one.number == 1)
    lied = replace(own, deals=tuple(world.deals[1][3, h] for h in world.everybody))
    world.states[3] = replace(world.states[3], secrets=(lied, *world.states[3].secrets[1:]))
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    survivors = world.survivors(attempt, masked)
    unmasks = {m: world.unmask(survivors, m)[0] for m in world.everybody}
    with pytest.raises(SecaggRefused) as caught:
        world.open(attempt, masked, unmasks)
    assert (caught.value.fault, caught.value.party) == (SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT, 3)
    replies = list(unmasks.values())
    deals = {h: world.deals[1][3, h] for h in world.everybody}
    assert dealt_something_else(world.terms, attempt, survivors, unmasks=replies, deals=deals) == 3
    honest = {h: world.deals[1][2, h] for h in world.everybody}
    for given, about in ((replies, honest), (replies[:2], deals)):
        with pytest.raises(SecaggRefused):
            dealt_something_else(world.terms, attempt, survivors, unmasks=given, deals=about)
    assert commit_share(SEED_SHARE, (camp, 1, 3, 0), dict(unmasks[0].shares)[3]) == deals[0].seed_share_commitment


def test_two_signed_sets_of_survivors_convict_the_coordinator() -> None:
    """One set twice, or an unsigned one, doesn't."""
    world = secagg_world(5)
    _, survivors = _masked(world)
    unsigned = replace(survivors, entries=survivors.entries[:4])
    other = replace(unsigned, signature=world.coordinator.sign("secagg", unsigned.signed))
    assert two_survivor_sets(world.terms, survivors, other) == COORDINATOR
    for second in (survivors, unsigned):
        with pytest.raises(SecaggRefused):
            two_survivor_sets(world.terms, survivors, second)


def test_messages_of_different_rounds_frame_nobody() -> None:
    """An honest reply isn't held against the deal of another round, nor against a dealer outside the cohort."""
    world = secagg_world(4, minimum_cohort=3, threshold=3, max_dropped=0, corrupt=0)
    attempt = world.attempt(1, cohort=(0, 1, 2))
    masked = {m: world.mask(attempt, m) for m in attempt.cohort}
    survivors = world.survivors(attempt, masked)
    honest, _ = world.unmask(survivors, 1)
    for about in (world.deals[2][2, 1], world.deals[1][3, 1]):
        for claimed in (attempt, world.attempt(2), world.attempt(1, plan="another")):
            with pytest.raises(SecaggRefused) as caught:
                wrong_share(world.terms, claimed, survivors, unmask=honest, deal=about)
            assert caught.value.fault is SecaggFault.BAD_PROOF


def test_one_corrupt_holder_can_not_frame_a_dealer_with_a_share_of_another_round() -> None:
    """Mixed with honest shares it opens to nonsense, and every share matches a signed deal."""
    world = secagg_world(4)
    attempt = world.attempt(1)
    later = next(one for one in world.states[0].secrets if one.number == 2).own_seed_share
    _, survivors = _masked(world)
    replies = {m: world.unmask(survivors, m)[0] for m in world.everybody}
    # The dealer's own state gives the share here; a corrupt holder has its own share of round 2 from its box.
    shares = tuple((m, later if m == 0 else share) for m, share in replies[0].shares)
    unsigned = Unmask(0, shares, b"")
    signature = world.identities[0].sign("secagg", unmask_bytes(survivors.name, 0, unsigned.body))
    replies[0] = replace(unsigned, signature=signature)
    deals = {h: world.deals[2 if h == 0 else 1][0, h] for h in world.everybody}
    with pytest.raises(SecaggRefused) as caught:
        dealt_something_else(world.terms, attempt, survivors, unmasks=list(replies.values()), deals=deals)
    assert caught.value.fault is SecaggFault.BAD_PROOF


def test_two_signed_deals_for_one_place_convict_their_dealer() -> None:
    """Also two mask keys told to two holders; deals to two holders or of two rounds don't."""
    world = secagg_world(4)
    deal = world.deals[1][2, 0]
    other_box = _signed(world, replace(deal, box=bytes(82)))
    other_key = _signed(world, replace(world.deals[1][2, 1], key=world.deals[1][3, 1].key))
    assert two_deals(world.terms, deal, other_box) == 2
    assert two_deals(world.terms, deal, other_key) == 2
    for second in (deal, world.deals[1][2, 1], world.deals[2][2, 0], world.deals[1][3, 0]):
        with pytest.raises(SecaggRefused) as caught:
            two_deals(world.terms, deal, second)
        assert caught.value.fault is SecaggFault.BAD_PROOF
