"""The coordinator's side: take what schools send, name the survivors, and open one exact sum or nothing.

Pure: the caller keeps messages and decides when to send. Trusted with nothing but availability.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from common.errors import Refused
from common.privacy.fixed_point import centre, encode
from common.privacy.secagg.commitments import KEY_SHARE, SEED_SHARE, commit_seed, commit_share, same, vector_digest
from common.privacy.secagg.faults import SecaggFault, SecaggRefused
from common.privacy.secagg.holder import check_join, checked_joins
from common.privacy.secagg.masks import check_usable, masks_left, public_key, sum_and_unmask
from common.privacy.secagg.messages import Deal, Evidence, Join, Masked, Survivors, Unmask, unmask_bytes
from common.privacy.secagg.packing import PURPOSE
from common.privacy.secagg.shamir import coefficients_at_zero, recover
from common.privacy.secagg.terms import Attempt, SecaggTerms
from common.signing import Identity, verify

__all__ = [
    "Opened",
    "admit_deals",
    "admit_join",
    "admit_masked",
    "admit_unmask",
    "checked_joins",
    "evidence_of",
    "make_survivors",
    "open_attempt",
]

# A round's deals by dealer and holder.
DealTable = Mapping[tuple[int, int], Deal]


@dataclass(frozen=True, slots=True)
class Opened:
    """total: (d,) signed integers; residues: the same modulo 2^bits as bytes.

    seeds, keys: the opened secrets, of survivors and of dropped schools: what a replay needs.
    """

    total: NDArray[np.int64] = field(repr=False)
    residues: bytes = field(repr=False)
    seeds: Mapping[int, bytes] = field(repr=False)
    keys: Mapping[int, bytes] = field(repr=False)
    evidence: Evidence = field(repr=False)


def admit_join(terms: SecaggTerms, member: int, join: Join) -> None:
    """SecaggRefused(bad-join) unless this member signed this box key."""
    if join.member != member:
        raise SecaggRefused(SecaggFault.BAD_JOIN, f"Member {member} sent another's box key.", party=member)
    check_join(terms, join)


def admit_deals(terms: SecaggTerms, dealer: int, deals: Sequence[Deal]) -> None:
    """SecaggRefused(deal-missing) unless there is, for each round in them, one deal for each member.

    SecaggRefused(worthless-key) for a mask key with which every holder would refuse the round. Signatures and
    boxes are the holders' to check, and they do.
    """
    rounds = {deal.number for deal in deals}
    places = {(deal.number, deal.holder) for deal in deals if deal.dealer == dealer}
    complete = {(number, holder) for number in rounds for holder in range(terms.members)}
    public = {(deal.number, deal.key, deal.seed_commitment) for deal in deals}
    if len(deals) != len(places) or places != complete or len(public) != len(rounds):
        sentence = f"The deals of member {dealer} aren't one for each member, or differ in their public part."
        raise SecaggRefused(SecaggFault.DEAL_MISSING, sentence, party=dealer)
    for _, key, _ in public:
        check_usable(dealer, key)


def admit_masked(terms: SecaggTerms, attempt: Attempt, masked: Masked) -> None:
    """SecaggRefused(bad-masked-vector) unless a cohort member signed this vector for this round."""
    member, length = masked.member, attempt.dimensions * attempt.bits // 8
    if member not in attempt.cohort or masked.ctx != attempt.ctx or len(masked.y) != length:
        sentence = f"The vector of member {member} is of another round or size."
        raise SecaggRefused(SecaggFault.BAD_MASKED_VECTOR, sentence, party=member)
    try:
        verify(terms.keys[member], PURPOSE, masked.signed(attempt.bits), signature=masked.signature)
    except Refused as error:
        sentence = f"The vector of member {member} isn't signed with its key."
        raise SecaggRefused(SecaggFault.BAD_MASKED_VECTOR, sentence, party=member) from error


def make_survivors(
    terms: SecaggTerms, attempt: Attempt, masked: Mapping[int, Masked], *, identity: Identity
) -> Survivors:
    """The signed list of who is in the sum. SecaggRefused(too-many-dropped): abort, nothing has been opened."""
    missing = len(attempt.cohort) - len(masked)
    if missing > terms.max_dropped:
        sentence = f"{missing} schools fell silent before they masked; at most {terms.max_dropped} may."
        raise SecaggRefused(SecaggFault.TOO_MANY_DROPPED, sentence)
    entries = tuple((member, vector_digest(masked[member].y, attempt.bits)) for member in sorted(masked))
    unsigned = Survivors(attempt.ctx, entries, b"")
    return replace(unsigned, signature=identity.sign(PURPOSE, unsigned.signed))


def admit_unmask(
    terms: SecaggTerms, attempt: Attempt, survivors: Survivors, *, unmask: Unmask, deals: DealTable
) -> None:
    """SecaggRefused names a holder whose reply isn't signed, or whose share differs from what was dealt to it."""
    holder = unmask.member
    try:
        signed = unmask_bytes(survivors.name, holder, unmask.body)
        verify(terms.keys[holder], PURPOSE, signed, signature=unmask.signature)
    except (Refused, IndexError) as error:
        sentence = f"The shares of member {holder} aren't signed with its key for these survivors."
        raise SecaggRefused(SecaggFault.BAD_UNMASK_SIGNATURE, sentence, party=holder) from error
    shares, alive = dict(unmask.shares), set(survivors.members)
    if tuple(shares) != attempt.cohort or holder not in alive:
        sentence = f"Member {holder} didn't send one share for each school of the round."
        raise SecaggRefused(SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT, sentence, party=holder)
    for dealer, share in shares.items():
        if not share_matches(terms, deals[dealer, holder], share, alive=dealer in alive):
            sentence = f"Member {holder}'s share of member {dealer}'s secret isn't the one that was dealt."
            raise SecaggRefused(SecaggFault.SHARE_DIFFERS_FROM_COMMITMENT, sentence, party=holder)


def share_matches(terms: SecaggTerms, deal: Deal, share: bytes, *, alive: bool) -> bool:
    """Whether a share is the one that its dealer committed to: of its seed if it survived, of its key if not."""
    slot = (terms.camp, deal.number, deal.dealer, deal.holder)
    if alive:
        return same(commit_share(SEED_SHARE, slot, share), deal.seed_share_commitment)
    return same(commit_share(KEY_SHARE, slot, share), deal.key_share_commitment)


def open_attempt(
    terms: SecaggTerms,
    attempt: Attempt,
    *,
    masked: Mapping[int, Masked],
    unmasks: Mapping[int, Unmask],
    deals: DealTable,
    threads: int = 2,
) -> Opened:
    """The exact sum of the survivors' values. masked and unmasks hold admitted messages only.

    SecaggRefused(too-few-shares): wait for more replies, or abort. SecaggRefused(secret-differs-from-commitment)
    names a dealer that dealt shares of something else than it committed to.
    """
    if len(unmasks) < terms.threshold:
        sentence = f"{len(unmasks)} schools sent good shares, and {terms.threshold} are needed to open the sum."
        raise SecaggRefused(SecaggFault.TOO_FEW_SHARES, sentence)
    seeds, keys = _secrets(terms, attempt, masked, unmasks=unmasks, deals=deals)
    public = {member: deals[member, member].key for member in attempt.cohort}
    masks = masks_left(attempt.ctx, seeds, keys, public=public)
    vectors = [masked[member].y for member in sorted(masked)]
    residues = sum_and_unmask(vectors, masks, count=attempt.dimensions, bits=attempt.bits, threads=threads)
    total = centre(residues, attempt.bits)
    return Opened(total, encode(residues, attempt.bits), seeds, keys, evidence_of(unmasks))


def evidence_of(unmasks: Mapping[int, Unmask]) -> Evidence:
    """What shows every school, in the next round, that all answered one set of survivors."""
    replies = [unmasks[member] for member in sorted(unmasks)]
    return Evidence(tuple((one.member, one.body, one.signature) for one in replies))


def _secrets(
    terms: SecaggTerms,
    attempt: Attempt,
    masked: Mapping[int, Masked],
    *,
    unmasks: Mapping[int, Unmask],
    deals: DealTable,
) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Seeds of survivors and keys of dropped schools, each checked against its commitment."""
    holders = sorted(unmasks)[: terms.threshold]
    coefficients = coefficients_at_zero(holders)  # once for all secrets
    held = [dict(unmasks[holder].shares) for holder in holders]
    seeds: dict[int, bytes] = {}
    keys: dict[int, bytes] = {}
    for dealer in attempt.cohort:
        secret, own = recover([shares[dealer] for shares in held], coefficients), deals[dealer, dealer]
        if dealer in masked:
            good = secret is not None and same(
                commit_seed(terms.camp, attempt.number, dealer, seed=secret), own.seed_commitment
            )
        else:
            good = secret is not None and same(public_key(secret), own.key)
        if secret is None or not good:
            sentence = f"Member {dealer} dealt shares of something else than it committed to."
            raise SecaggRefused(SecaggFault.SECRET_DIFFERS_FROM_COMMITMENT, sentence, party=dealer)
        (seeds if dealer in masked else keys)[dealer] = secret
    return seeds, keys
