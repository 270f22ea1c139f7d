"""A school's side of the protocol: pure steps from a state and a message to the next state and a reply.

The caller makes the next state durable before the reply leaves. A second call with the same message must not be
made: the caller answers it with the bytes that it kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from common.errors import Refused
from common.privacy.fixed_point import encode
from common.privacy.randomness import Randomness
from common.privacy.secagg.commitments import same, vector_digest
from common.privacy.secagg.dealing import deal_for_round, open_deal
from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.masks import KEY_BYTES, Mask, apply_masks, check_usable, own_masks, public_key
from common.privacy.secagg.messages import Deal, Evidence, Join, Masked, Survivors, Unmask, unmask_bytes
from common.privacy.secagg.packing import PURPOSE
from common.privacy.secagg.state import HeldShares, HolderState, LastRound, RoundSecrets
from common.privacy.secagg.terms import Attempt, SecaggTerms, check_attempt
from common.signing import Identity, verify

__all__ = [
    "HolderState",
    "OpenedDeals",
    "check_round",
    "freeze_and_deal",
    "join",
    "mask",
    "refill",
    "start",
    "unmask",
]

# Rounds for which deals wait at the coordinator, and how far ahead it may ever ask for.
DEALS_AHEAD, MOST_AHEAD = 2, 16
# Rounds that may end, in one campaign, without proof that all schools answered the same survivors.
MAX_UNPROVEN = 2


@dataclass(frozen=True, slots=True)
class OpenedDeals:
    """A round that passed every check: the masks to add, and the shares of each cohort member to hold."""

    attempt: Attempt
    unproven: int
    masks: tuple[Mask, ...] = field(repr=False)
    shares: tuple[HeldShares, ...] = field(repr=False)


def start(terms: SecaggTerms, me: int, randomness: Randomness) -> HolderState:
    """A fresh state with this campaign's box key; SecaggRefused for terms that aren't safe."""
    terms.honest_floor()
    return HolderState(me, randomness.draw(f"secagg/{terms.camp.hex()}/box", KEY_BYTES))


def join(state: HolderState, terms: SecaggTerms, identity: Identity) -> Join:
    """S1: the public box key, signed. The same at every call."""
    unsigned = Join(state.member, public_key(state.box_key), b"")
    return replace(unsigned, signature=identity.sign(PURPOSE, unsigned.signed(terms.camp)))


def freeze_and_deal(
    state: HolderState, terms: SecaggTerms, joins: Sequence[Join], *, identity: Identity, randomness: Randomness
) -> tuple[HolderState, tuple[Deal, ...]]:
    """S2: takes every member's box key for the whole campaign and deals for the first rounds.

    The same joins again give the same deals; others are refused.
    """
    boxes = checked_joins(terms, joins)
    if boxes[state.member] != public_key(state.box_key):
        sentence = "The box keys of the campaign hold another one in this school's name."
        raise SecaggRefused(SecaggFault.BAD_JOIN, sentence, party=COORDINATOR)
    if state.boxes and state.boxes != boxes:
        sentence = "The box keys of the campaign have changed since they were agreed."
        raise SecaggRefused(SecaggFault.JOINS_CHANGED, sentence, party=COORDINATOR)
    after = _deal_upto(replace(state, boxes=boxes), terms, DEALS_AHEAD, identity=identity, randomness=randomness)
    return after, waiting_deals(after)


def refill(
    state: HolderState, terms: SecaggTerms, upto: int, *, identity: Identity, randomness: Randomness
) -> tuple[HolderState, tuple[Deal, ...]]:
    """Deals for every round up to `upto` that has none yet; returns all deals that haven't been used."""
    if not state.boxes:
        raise SecaggRefused(SecaggFault.NO_DEALS_FOR_ROUND, "The campaign's box keys weren't agreed here.")
    if upto > state.dealt + MOST_AHEAD:
        sentence = f"Deals up to round {upto} were asked for; this school has dealt up to round {state.dealt}."
        raise SecaggRefused(SecaggFault.DEALT_TOO_FAR_AHEAD, sentence, party=COORDINATOR)
    after = _deal_upto(state, terms, upto, identity=identity, randomness=randomness)
    return after, waiting_deals(after)


def check_round(
    state: HolderState, terms: SecaggTerms, attempt: Attempt, *, deals: Sequence[Deal], evidence: Evidence | None
) -> OpenedDeals:
    """Every check of a round's plan, evidence and deals, before anything is charged; changes nothing.

    SecaggRefused names the fault and the party.
    """
    check_attempt(terms, attempt)
    if state.member not in attempt.cohort:
        raise SecaggRefused(SecaggFault.BAD_COHORT, "The round doesn't invite this school.", party=COORDINATOR)
    secrets = _unused_secrets(state, attempt)
    unproven = _unproven_after(state, terms, evidence)
    from_dealer = {deal.dealer: deal for deal in deals}
    for member in attempt.cohort:
        _check_addressed(state, attempt, member, deal=from_dealer.get(member))
    _check_own(secrets, from_dealer[state.member])
    chosen = tuple(from_dealer[member] for member in attempt.cohort)
    if len({deal.key for deal in chosen}) != len(chosen):
        raise SecaggRefused(SecaggFault.KEYS_REPEATED, "Two schools of the round have one mask key.")
    own = HeldShares(state.member, secrets.own_key_share, secrets.own_seed_share)
    shares = tuple(own if deal.dealer == state.member else open_deal(state, terms, deal) for deal in chosen)
    peers = {deal.dealer: deal.key for deal in chosen if deal.dealer != state.member}
    masks = own_masks(secrets.seed, secrets.key, state.member, peers=peers, ctx=attempt.ctx)
    return OpenedDeals(attempt, unproven, tuple(masks), shares)


def mask(
    state: HolderState, opened: OpenedDeals, values: NDArray[np.int64], *, identity: Identity
) -> tuple[HolderState, Masked]:
    """Trip 1: the masked vector. The next state no longer holds the secrets of this round or an older one.

    values: (dimensions,) integers that carry this school's noise; the ledger was charged for them.
    """
    attempt = opened.attempt
    _unused_secrets(state, attempt)
    if values.shape != (attempt.dimensions,):
        raise SecaggRefused(
            SecaggFault.BAD_VALUES, f"A vector has {values.size} numbers, not {attempt.dimensions}."
        )
    residues = values.astype(np.uint32)  # modulo 2^32; fewer bits are the low ones
    apply_masks(residues, opened.masks)
    y = encode(residues.astype(np.int64), attempt.bits)
    unsigned = Masked(state.member, attempt.ctx, y, b"")
    masked = replace(unsigned, signature=identity.sign(PURPOSE, unsigned.signed(attempt.bits)))
    last = LastRound(
        attempt.number,
        attempt.ctx,
        attempt.cohort,
        digest=vector_digest(y, attempt.bits),
        shares=opened.shares,
    )
    unused = tuple(one for one in state.secrets if one.number > attempt.number)
    return replace(state, unproven=opened.unproven, secrets=unused, last_round=last), masked


def unmask(
    state: HolderState,
    terms: SecaggTerms,
    survivors: Survivors,
    *,
    needed: int,
    identity: Identity,
    randomness: Randomness,
) -> tuple[HolderState, Unmask, tuple[Deal, ...]]:
    """Trip 2: for each cohort member one share, of its seed if it survived and of its key if not; and new deals.

    needed: fewest survivors that this school helps to open (honest_schools + min_margin).
    """
    last = _check_survivors(state, terms, survivors, needed=needed)
    alive = set(survivors.members)
    shares = tuple((one.member, one.seed_share if one.member in alive else one.key_share) for one in last.shares)
    unsigned = Unmask(state.member, shares, b"")
    signature = identity.sign(PURPOSE, unmask_bytes(survivors.name, state.member, unsigned.body))
    answered = replace(state, last_round=replace(last, survivors=survivors.name, shares=()))
    upto = last.number + DEALS_AHEAD
    after = _deal_upto(answered, terms, upto, identity=identity, randomness=randomness)
    new = tuple(deal for one in after.secrets if one.number > state.dealt for deal in one.deals)
    return after, replace(unsigned, signature=signature), new


def checked_joins(terms: SecaggTerms, joins: Sequence[Join]) -> tuple[bytes, ...]:
    """Every member's box key by position; SecaggRefused unless there is one of each, signed, all different."""
    if [one.member for one in sorted(joins, key=lambda one: one.member)] != list(range(terms.members)):
        sentence = "The campaign's box keys aren't one of each member."
        raise SecaggRefused(SecaggFault.BAD_JOIN, sentence, party=COORDINATOR)
    for one in joins:
        check_join(terms, one)
    boxes = tuple(one.box for one in sorted(joins, key=lambda one: one.member))
    if len(set(boxes)) != len(boxes):
        raise SecaggRefused(SecaggFault.KEYS_REPEATED, "Two members of the campaign have one box key.")
    return boxes


def check_join(terms: SecaggTerms, one: Join) -> None:
    """SecaggRefused(bad-join, worthless-key) unless the member signed a usable box key for this campaign."""
    try:
        verify(terms.keys[one.member], PURPOSE, one.signed(terms.camp), signature=one.signature)
    except (Refused, IndexError) as error:
        sentence = f"The box key of member {one.member} isn't signed with its key."
        raise SecaggRefused(SecaggFault.BAD_JOIN, sentence, party=one.member) from error
    check_usable(one.member, one.box)


def waiting_deals(state: HolderState) -> tuple[Deal, ...]:
    """Every deal of a round that this school hasn't masked yet."""
    return tuple(deal for one in state.secrets for deal in one.deals)


def _deal_upto(
    state: HolderState, terms: SecaggTerms, upto: int, *, identity: Identity, randomness: Randomness
) -> HolderState:
    first = max(state.dealt, state.last) + 1
    new = tuple(
        deal_for_round(state, terms, number, identity=identity, randomness=randomness)
        for number in range(first, upto + 1)
    )
    return replace(state, secrets=state.secrets + new, dealt=max(state.dealt, upto))


def _unused_secrets(state: HolderState, attempt: Attempt) -> RoundSecrets:
    """This school's secrets for the round; refused if they were used, or never dealt."""
    last = state.last_round
    if last is not None and attempt.number <= last.number:
        is_other = attempt.number == last.number and not same(attempt.ctx, last.ctx)
        fault = SecaggFault.TWO_PLANS_FOR_A_ROUND if is_other else SecaggFault.ROUND_REPLAYED
        sentence = (
            f"Round {attempt.number} was masked already; another vector under its masks would bare this school."
        )
        raise SecaggRefused(fault, sentence, party=COORDINATOR)
    secrets = state.secrets_of(attempt.number)
    if secrets is None:
        sentence = f"This school hasn't dealt for round {attempt.number}."
        raise SecaggRefused(SecaggFault.NO_DEALS_FOR_ROUND, sentence, party=COORDINATOR)
    return secrets


def _unproven_after(state: HolderState, terms: SecaggTerms, evidence: Evidence | None) -> int:
    """How many rounds stay unproven; refused for evidence of another survivor set, or when there are too many."""
    last = state.last_round
    if last is None or not last.survivors:
        return state.unproven
    if evidence is not None and len(evidence.replies) >= terms.threshold:
        for member, body, signature in evidence.replies:
            _check_reply(terms, unmask_bytes(last.survivors, member, body), member, signature=signature)
        return state.unproven
    if state.unproven == MAX_UNPROVEN:
        sentence = f"{MAX_UNPROVEN + 1} rounds ended without proof that all schools were told the same survivors."
        raise SecaggRefused(SecaggFault.UNPROVEN_TOO_OFTEN, sentence, party=COORDINATOR)
    return state.unproven + 1


def _check_reply(terms: SecaggTerms, signed: bytes, member: int, *, signature: bytes) -> None:
    try:
        verify(terms.keys[member], PURPOSE, signed, signature=signature)
    except (Refused, IndexError) as error:
        sentence = f"Member {member} didn't answer the survivors that this school was told."
        raise SecaggRefused(SecaggFault.EVIDENCE_WRONG, sentence, party=COORDINATOR) from error


def _check_addressed(state: HolderState, attempt: Attempt, member: int, *, deal: Deal | None) -> None:
    if deal is None or (deal.number, deal.holder) != (attempt.number, state.member):
        sentence = f"The deal of member {member} for round {attempt.number} is missing."
        raise SecaggRefused(SecaggFault.DEAL_MISSING, sentence, party=COORDINATOR)


def _check_own(secrets: RoundSecrets, deal: Deal) -> None:
    if deal not in secrets.deals:
        sentence = "The coordinator holds another deal of this school than it made."
        raise SecaggRefused(SecaggFault.DEALS_DIFFER, sentence, party=COORDINATOR)


def _check_survivors(state: HolderState, terms: SecaggTerms, survivors: Survivors, *, needed: int) -> LastRound:
    last = state.last_round
    if last is None or not same(last.ctx, survivors.ctx):
        sentence = "Survivors were named for a round that this school hasn't masked."
        raise SecaggRefused(SecaggFault.NOT_MASKED, sentence, party=COORDINATOR)
    if last.survivors:
        sentence = "This round's survivors were answered already; another set would open more than the sum."
        raise SecaggRefused(SecaggFault.TWO_SURVIVOR_SETS, sentence, party=COORDINATOR)
    try:
        verify(terms.coordinator_key, PURPOSE, survivors.signed, signature=survivors.signature)
    except Refused as error:
        sentence = "The list of survivors isn't signed by the coordinator."
        raise SecaggRefused(SecaggFault.SURVIVORS_UNSIGNED, sentence, party=COORDINATOR) from error
    _check_set(last, terms, dict(survivors.entries), me=state.member, needed=needed)
    return last


def _check_set(last: LastRound, terms: SecaggTerms, vectors: Mapping[int, bytes], *, me: int, needed: int) -> None:
    own = vectors.get(me)
    if not set(vectors) <= set(last.cohort) or own is None or not same(own, last.digest):
        sentence = "The survivors name a stranger, or leave out or replace this school's vector."
        raise SecaggRefused(SecaggFault.BAD_SURVIVORS, sentence, party=COORDINATOR)
    dropped = len(last.cohort) - len(vectors)
    if dropped > terms.max_dropped:
        sentence = f"{dropped} schools are called silent; this school helps to leave out {terms.max_dropped}."
        raise SecaggRefused(SecaggFault.TOO_MANY_DROPPED, sentence, party=COORDINATOR)
    if len(vectors) < needed:
        sentence = f"The sum would hold {len(vectors)} schools; this school helps from {needed} on."
        raise SecaggRefused(SecaggFault.TOO_FEW_SURVIVORS, sentence, party=COORDINATOR)
