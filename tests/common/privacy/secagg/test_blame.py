"""Signed bytes name the guilty, and never the innocent."""

from dataclasses import replace

import pytest

from common.privacy.secagg.blame import (
    dealt_something_else,
    judge_complaint,
    reveal_box_key,
    two_survivor_sets,
    wrong_share,
)
from common.privacy.secagg.commitments import SEED_SHARE, commit_share
from common.privacy.secagg.dealing import box_key_of
from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.messages import Deal, Masked, Survivors, Unmask, unmask_bytes
from tests.support.secagg_world import SecaggWorld, secagg_world


def _signed(world: SecaggWorld, deal: Deal) -> Deal:
    return replace(deal, signature=world.identities[deal.dealer].sign("secagg", deal.signed(world.terms.camp)))


def _masked(world: SecaggWorld) -> tuple[dict[int, Masked], Survivors]:
    attempt = world.attempt(1)
    masked = {m: world.mask(attempt, m) for m in world.everybody}
    return masked, world.survivors(attempt, masked)


def test_a_good_deal_convicts_the_complainer() -> None:
    """Even if it shows a wrong key: the dealer shows the right one."""
    world = secagg_world(4)
    deal = world.deals[1][2, 0]
    assert judge_complaint(world.terms, deal, [reveal_box_key(world.states[0], world.terms, deal)]) == 0
    assert judge_complaint(world.terms, deal, [bytes(32), reveal_box_key(world.states[2], world.terms, deal)]) == 0


@pytest.mark.parametrize("change", [{"box": bytes(82)}, {"seed_share_commitment": bytes(16)}])
def test_a_bad_deal_convicts_its_dealer(change: dict[str, bytes]) -> None:
    """No key shows what was committed to; an unsigned accusation proves nothing."""
    world = secagg_world(4)
    deal = _signed(world, replace(world.deals[1][2, 0], **change))
    keys = [reveal_box_key(world.states[m], world.terms, deal) for m in (0, 2)]
    assert judge_complaint(world.terms, deal, keys) == 2
    with pytest.raises(SecaggRefused) as caught:
        judge_complaint(world.terms, replace(deal, number=2), keys)
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
    assert wrong_share(world.terms, survivors, bad, deal) == 1
    for unmask, about in (
        (good, deal),
        (bad, world.deals[1][3, 1]),
        (bad, world.deals[1][2, 0]),
        (unsigned, deal),
    ):
        with pytest.raises(SecaggRefused) as caught:
            wrong_share(world.terms, survivors, unmask, about)
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
    assert dealt_something_else(world.terms, survivors, replies, deals=deals) == 3
    honest = {h: world.deals[1][2, h] for h in world.everybody}
    for given, about in ((replies, honest), (replies[:2], deals)):
        with pytest.raises(SecaggRefused):
            dealt_something_else(world.terms, survivors, given, deals=about)
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
