"""Blame: what signed bytes prove about a party, checked by anybody who has a campaign's terms and round's plan.

Each function takes evidence and returns the guilty party's position (COORDINATOR is -1), or raises
SecaggRefused(bad-proof) when the evidence proves nothing. `attempt` is of the signed plan that the messages
belong to: without it a message of one round could be held against a deal of another. Silence is nobody's fault.
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
from common.privacy.secagg.terms import Attempt, SecaggTerms
from common.signing import verify


def reveal_box_key(state: HolderState, terms: SecaggTerms, deal: Deal) -> bytes:
    """The key of this one box, as its dealer or its holder may show it; it opens nothing else."""
    peer = deal.holder if deal.dealer == state.member else deal.dealer
    return box_key_of(terms, deal, box_secret(state, peer))


def judge_complaint(
    terms: SecaggTerms, deal: Deal, *, by_holder: bytes, by_dealer: bytes | None
) -> frozenset[int]:
    """Who may be guilty when a holder complains of a deal: one party if that is proven, both if it isn't.

    by_holder, by_dealer: the box key that each of them revealed; None if the dealer showed nothing. An honest
    holder reveals the key that it really tried, and an honest dealer the one that it really used; honest both,
    these are equal. Two unequal keys, the dealer's opening to good shares, prove that one of the two lied and
    not which one: a dealer can close a box with a wrong key as easily as a holder can show one.
    """
    check_signature(terms, deal)
    if _shows_good_shares(terms, deal, by_holder):
        return frozenset({deal.holder})
    if by_dealer is None or not _shows_good_shares(terms, deal, by_dealer):
        return frozenset({deal.dealer})
    return frozenset({deal.dealer, deal.holder})


def wrong_share(terms: SecaggTerms, attempt: Attempt, survivors: Survivors, *, unmask: Unmask, deal: Deal) -> int:
    """The holder, if it signed a share that isn't the one which the signed deal of this round commits to.

    A holder that was dealt something else by the same dealer shows that other deal: see `two_deals`.
    """
    check_signature(terms, deal)
    _check_reply(terms, attempt, survivors, unmask=unmask)
    _require(deal.number == attempt.number and deal.holder == unmask.member and deal.dealer in attempt.cohort)
    share = dict(unmask.shares).get(deal.dealer)
    alive = deal.dealer in survivors.members
    _require(share is None or not share_matches(terms, deal, share, alive=alive))
    return unmask.member


def dealt_something_else(
    terms: SecaggTerms,
    attempt: Attempt,
    survivors: Survivors,
    *,
    unmasks: Sequence[Unmask],
    deals: Mapping[int, Deal],
) -> int:
    """The dealer, if t holders' good shares open to something else than the dealer committed to.

    deals: the accused dealer's signed deals of this round, by holder.
    """
    replies = {unmask.member: unmask for unmask in unmasks}
    chosen = sorted(replies)[: terms.threshold]
    _require(len(chosen) == terms.threshold and set(chosen) <= set(deals))
    used = [deals[holder] for holder in chosen]
    public = {(deal.number, deal.dealer, deal.key, deal.seed_commitment) for deal in used}
    _require(len(public) == 1 and used[0].number == attempt.number)
    alive = used[0].dealer in survivors.members
    shares = [_good_share(terms, attempt, survivors, unmask=replies[deal.holder], deal=deal) for deal in used]
    secret = recover(shares, coefficients_at_zero(chosen))
    _require(secret is None or not _is_committed(terms, used[0], secret, alive=alive))
    return used[0].dealer


def two_deals(terms: SecaggTerms, one: Deal, other: Deal) -> int:
    """The dealer, if it signed two deals for one round and holder, or two public parts for one round."""
    check_signature(terms, one)
    check_signature(terms, other)
    _require((one.number, one.dealer) == (other.number, other.dealer))
    same_public = (one.key, one.seed_commitment) == (other.key, other.seed_commitment)
    _require(
        not same_public or (one.holder == other.holder and one.signed(terms.camp) != other.signed(terms.camp))
    )
    return one.dealer


def two_survivor_sets(terms: SecaggTerms, one: Survivors, other: Survivors) -> int:
    """COORDINATOR, if it signed two lists of survivors for one round."""
    for survivors in (one, other):
        try:
            verify(terms.coordinator_key, PURPOSE, survivors.signed, signature=survivors.signature)
        except Refused as error:
            raise _proves_nothing() from error
    _require(one.ctx == other.ctx and one.entries != other.entries)
    return COORDINATOR


def _shows_good_shares(terms: SecaggTerms, deal: Deal, box_key: bytes) -> bool:
    try:
        plain = open_with(terms, deal, box_key)
    except SecaggRefused:
        return False
    shares = HeldShares(deal.dealer, plain[:SHARE_BYTES], plain[SHARE_BYTES:])
    return not shares_fault(terms, deal, shares)


def _good_share(
    terms: SecaggTerms, attempt: Attempt, survivors: Survivors, *, unmask: Unmask, deal: Deal
) -> bytes:
    """A holder's signed share of the dealer's secret; a share that wasn't dealt is the holder's own fault."""
    check_signature(terms, deal)
    _check_reply(terms, attempt, survivors, unmask=unmask)
    share = dict(unmask.shares).get(deal.dealer, b"")
    _require(deal.holder == unmask.member)
    _require(share_matches(terms, deal, share, alive=deal.dealer in survivors.members))
    return share


def _check_reply(terms: SecaggTerms, attempt: Attempt, survivors: Survivors, *, unmask: Unmask) -> None:
    _require(survivors.ctx == attempt.ctx and unmask.member in attempt.cohort)
    try:
        signed = unmask_bytes(survivors.name, unmask.member, unmask.body)
        verify(terms.keys[unmask.member], PURPOSE, signed, signature=unmask.signature)
    except (Refused, IndexError) as error:
        raise _proves_nothing() from error


def _is_committed(terms: SecaggTerms, deal: Deal, secret: bytes, *, alive: bool) -> bool:
    if alive:
        return same(commit_seed(terms.camp, deal.number, deal.dealer, seed=secret), deal.seed_commitment)
    return same(public_key(secret), deal.key)


def _require(holds: bool) -> None:
    if not holds:
        raise _proves_nothing()


def _proves_nothing() -> SecaggRefused:
    return SecaggRefused(SecaggFault.BAD_PROOF, "These signed bytes don't prove what they are said to prove.")
