"""Blame: what signed bytes prove about a party, checked by anybody who has the campaign's terms and nothing else.

Each function takes evidence and returns the guilty party's position (COORDINATOR is -1), or raises
SecaggRefused(bad-proof) when the evidence proves nothing. Silence is nobody's fault.
"""

from collections.abc import Mapping, Sequence

from common.errors import Refused
from common.privacy.secagg.commitments import commit_seed, same
from common.privacy.secagg.dealing import box_key_of, box_secret, check_signature, open_with, shares_fault
from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.masks import public_key
from common.privacy.secagg.messages import Deal, Survivors, Unmask, unmask_bytes
from common.privacy.secagg.packing import PURPOSE
from common.privacy.secagg.relay import share_matches
from common.privacy.secagg.shamir import SHARE_BYTES, coefficients_at_zero, recover
from common.privacy.secagg.state import HeldShares, HolderState
from common.privacy.secagg.terms import SecaggTerms
from common.signing import verify


def reveal_box_key(state: HolderState, terms: SecaggTerms, deal: Deal) -> bytes:
    """The key of this one box, as its dealer or its holder may show it; it opens nothing else."""
    peer = deal.holder if deal.dealer == state.member else deal.dealer
    return box_key_of(terms, deal, box_secret(state.box_key, state.boxes[peer]))


def judge_complaint(terms: SecaggTerms, deal: Deal, revealed: Sequence[bytes]) -> int:
    """Who is guilty when a holder complains: the holder if any revealed key shows a good box, else the dealer.

    revealed: what complainer and dealer showed. Both can compute the one right key, so an honest dealer always
    clears itself, and a dealer without a key that opens to the committed shares can't be honest.
    """
    check_signature(terms, deal)
    for box_key in revealed:
        try:
            plain = open_with(terms, deal, box_key)
        except SecaggRefused:
            continue
        shares = HeldShares(deal.dealer, plain[:SHARE_BYTES], plain[SHARE_BYTES:])
        if not shares_fault(terms, deal, shares):
            return deal.holder
    return deal.dealer


def wrong_share(terms: SecaggTerms, survivors: Survivors, unmask: Unmask, deal: Deal) -> int:
    """The holder, if it signed a share that isn't the one which the signed deal commits to."""
    check_signature(terms, deal)
    _check_reply(terms, survivors, unmask)
    share = dict(unmask.shares).get(deal.dealer)
    alive = deal.dealer in survivors.members
    if deal.holder != unmask.member or (share is not None and share_matches(terms, deal, share, alive=alive)):
        raise _proves_nothing()
    return unmask.member


def dealt_something_else(
    terms: SecaggTerms, survivors: Survivors, unmasks: Sequence[Unmask], *, deals: Mapping[int, Deal]
) -> int:
    """The dealer, if t holders' good shares open to something else than the dealer committed to.

    deals: the accused dealer's signed deals by holder.
    """
    dealers = {deal.dealer for deal in deals.values()}
    holders = sorted({unmask.member for unmask in unmasks})
    if len(dealers) != 1 or len(holders) < terms.threshold or not set(holders) <= set(deals):
        raise _proves_nothing()
    dealer = dealers.pop()
    alive, shares = dealer in survivors.members, {}
    for unmask in unmasks:
        deal = deals[unmask.member]
        check_signature(terms, deal)
        _check_reply(terms, survivors, unmask)
        shares[unmask.member] = dict(unmask.shares).get(dealer, b"")
        if not share_matches(terms, deal, shares[unmask.member], alive=alive):
            raise _proves_nothing()  # the holder's fault, see wrong_share
    chosen = holders[: terms.threshold]
    secret = recover([shares[holder] for holder in chosen], coefficients_at_zero(chosen))
    if secret is not None and _is_committed(terms, deals[chosen[0]], secret, alive=alive):
        raise _proves_nothing()
    return dealer


def two_survivor_sets(terms: SecaggTerms, one: Survivors, other: Survivors) -> int:
    """COORDINATOR, if it signed two lists of survivors for one round."""
    for survivors in (one, other):
        try:
            verify(terms.coordinator_key, PURPOSE, survivors.signed, signature=survivors.signature)
        except Refused as error:
            raise _proves_nothing() from error
    if one.ctx != other.ctx or one.entries == other.entries:
        raise _proves_nothing()
    return COORDINATOR


def _check_reply(terms: SecaggTerms, survivors: Survivors, unmask: Unmask) -> None:
    try:
        signed = unmask_bytes(survivors.name, unmask.member, unmask.body)
        verify(terms.keys[unmask.member], PURPOSE, signed, signature=unmask.signature)
    except (Refused, IndexError) as error:
        raise _proves_nothing() from error


def _is_committed(terms: SecaggTerms, deal: Deal, secret: bytes, *, alive: bool) -> bool:
    if alive:
        return same(commit_seed(terms.camp, deal.number, deal.dealer, seed=secret), deal.seed_commitment)
    return same(public_key(secret), deal.key)


def _proves_nothing() -> SecaggRefused:
    return SecaggRefused(SecaggFault.BAD_PROOF, "These signed bytes don't prove what they are said to prove.")
