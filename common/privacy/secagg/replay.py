"""Replay: a school redoes a published sum from masked vectors and opened secrets, and believes only itself.

Each opened secret is checked against the deals that this school received, each vector against its signature.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.errors import Refused
from common.privacy.secagg.commitments import chunk_count, chunk_span, commit_seed, same, sha256
from common.privacy.secagg.faults import COORDINATOR, SecaggFault, SecaggRefused
from common.privacy.secagg.masks import masks_left, public_key, sum_and_unmask
from common.privacy.secagg.messages import Deal, deals_by_dealer, masked_bytes
from common.privacy.secagg.packing import PURPOSE
from common.privacy.secagg.terms import Attempt, SecaggTerms
from common.privacy.secagg.transcript import MaskedView, Transcript
from common.signing import verify


def replay(
    terms: SecaggTerms,
    attempt: Attempt,
    transcript: Transcript,
    *,
    deals: Sequence[Deal],
    total: NDArray[np.int64],
    answered: bytes = b"",
) -> None:
    """SecaggRefused(replay-differs) unless the shown chunks of the sum are the ones in `total`, (d,) integers.

    deals: those of this round that this school received, its own included. answered: the name of the survivor set
    that this school answered, where it remembers one: no later round's evidence speaks of a campaign's last
    round, so a split view there shows here (two-survivor-sets) or nowhere.
    """
    received = deals_by_dealer(deals)
    _check_shape(attempt, transcript, known=set(received), total=total)
    if answered and not same(answered, transcript.survivors):
        sentence = "The published sum holds other schools than the list of survivors that this school was shown."
        raise SecaggRefused(SecaggFault.TWO_SURVIVOR_SETS, sentence, party=COORDINATOR)
    _check_vectors(terms, attempt, transcript)
    for member, seed in transcript.seeds:
        promised = received[member].seed_commitment
        if not same(commit_seed(terms.camp, attempt.number, member, seed=seed), promised):
            raise _differs(f"the opened self seed of member {member} isn't the one it committed to")
    for member, key in transcript.keys:
        if not same(public_key(key), received[member].key):
            raise _differs(f"the opened mask key of member {member} isn't the one it dealt")
    _check_sum(attempt, transcript, {member: deal.key for member, deal in received.items()}, total=total)


def replay_without_deals(
    terms: SecaggTerms, attempt: Attempt, transcript: Transcript, *, total: NDArray[np.int64]
) -> bool:
    """What a school can say that received no deals of this round; SecaggRefused (replay-differs) if that is wrong.

    Every vector is signed by its member. Where nobody dropped out, the shown chunks are redone too, and this
    returns True: the pair masks cancel, and self seeds that aren't the committed ones give a sum of noise, not one
    of somebody's choice. Where somebody did, the pair masks left take keys that only deals hold.
    """
    _check_shape(attempt, transcript, known=set(attempt.cohort), total=total)
    _check_vectors(terms, attempt, transcript)
    if transcript.keys:
        return False
    no_keys = dict.fromkeys((member for member, _ in transcript.seeds), b"")  # nobody is gone: none is looked at
    _check_sum(attempt, transcript, no_keys, total=total)
    return True


def _check_vectors(terms: SecaggTerms, attempt: Attempt, transcript: Transcript) -> None:
    for view in transcript.vectors:
        _check_vector(terms, attempt, view, shown=transcript.shown)


def _check_shape(attempt: Attempt, transcript: Transcript, *, known: set[int], total: NDArray[np.int64]) -> None:
    survivors = {view.member for view in transcript.vectors}
    gone = set(attempt.cohort) - survivors
    chunks = chunk_count(attempt.dimensions)
    holds = (
        (transcript.number, transcript.ctx) == (attempt.number, attempt.ctx)
        and survivors <= set(attempt.cohort) <= known
        and {member for member, _ in transcript.seeds} == survivors
        and {member for member, _ in transcript.keys} == gone
        and bool(transcript.shown)
        and all(chunk < chunks for chunk in transcript.shown)
        and total.shape == (attempt.dimensions,)
    )
    if not holds:
        raise _differs("it is of another round, or its vectors and opened secrets don't belong together")


def _check_vector(terms: SecaggTerms, attempt: Attempt, view: MaskedView, *, shown: Sequence[int]) -> None:
    whole = len(view.hashes) == chunk_count(attempt.dimensions)
    if not whole or any(sha256(part) != view.hashes[at] for at, part in zip(shown, view.chunks, strict=True)):
        raise _differs(f"a chunk of member {view.member}'s vector isn't the one whose hash is shown")
    try:
        signed = masked_bytes(attempt.ctx, view.member, view.digest)
        verify(terms.keys[view.member], PURPOSE, signed, signature=view.signature)
    except Refused as error:
        raise _differs(f"member {view.member}'s vector isn't signed with its key") from error


def _check_sum(
    attempt: Attempt, transcript: Transcript, public: dict[int, bytes], *, total: NDArray[np.int64]
) -> None:
    masks = masks_left(attempt.ctx, dict(transcript.seeds), dict(transcript.keys), public=public)
    modulus = np.int64((1 << attempt.bits) - 1)
    for place, chunk in enumerate(transcript.shown):
        first, last = chunk_span(chunk, attempt.dimensions)
        vectors = [view.chunks[place] for view in transcript.vectors]
        if any(len(vector) != (last - first) * attempt.bits // 8 for vector in vectors):
            raise _differs("a chunk has another length than the plan gives it")
        again = sum_and_unmask(vectors, masks, count=last - first, bits=attempt.bits, start=first)
        if not np.array_equal(again, total[first:last] & modulus):
            raise _differs(f"the published sum isn't the sum of the vectors, in coordinates {first} to {last - 1}")


def _differs(what: str) -> SecaggRefused:
    return SecaggRefused(
        SecaggFault.REPLAY_DIFFERS, f"The published round doesn't replay: {what}.", party=COORDINATOR
    )
