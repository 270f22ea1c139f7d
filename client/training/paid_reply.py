"""The one step that spends: clipped sum, charge on disk, noise, mask, one durable write, in this order.

A crash anywhere leaves either nothing that could be sent, at worst with a charge that paid for nothing, or the
very bytes that are then sent again. Recorded epsilon is at least released epsilon at every instant.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from client.records.replies import StoredReply
from client.training.contribution import Contribution
from client.training.draw import not_today
from client.training.masked_round import ReadyToMask, mask_and_keep
from client.training.training_school import Party
from common.errors import Corrupt, Refused, RetryLater
from common.exchange import RoundReply, RoundRequest, seal_reply
from common.logs import EventLog
from common.permission import Permission
from common.privacy.clipping import ClippedSum
from common.privacy.fixed_point import encode
from common.privacy.ledger import Charge, Entry, RoundState
from common.privacy.mechanism import noised_integers
from common.refusals import Refusal, RefusalCode

_log = EventLog("training")


@dataclass(frozen=True, slots=True)
class PermittedRound:
    """A round that passed the school's policy and, with masking, every check of the kernel."""

    request: RoundRequest
    permission: Permission
    masking: ReadyToMask | None


def paid_reply(permitted: PermittedRound, party: Party, contribution: Contribution) -> bytes | Refusal:
    """The sealed reply, on disk, at the price of one charge; a refusal leaves nothing that could be sent."""
    raw_sum = contribution()
    if isinstance(raw_sum, Refusal):
        return raw_sum
    charge = _charge(permitted, party)
    if isinstance(charge, Refusal):
        return charge
    integers = _noised(raw_sum, permitted, party)
    if isinstance(integers, Refusal):
        return integers
    # How far the ledger has come, so that a restored one is noticed.
    parts = {"ledger": charge.seq.to_bytes(8, "big") + bytes.fromhex(charge.hash)}
    if permitted.masking is None:
        reply: bytes | Refusal = _keep_unmasked(integers, permitted.request, party, parts=parts)
    else:
        reply = mask_and_keep(permitted.masking, integers, party, parts=parts)
    if not isinstance(reply, Refusal):
        _mark_sent(permitted.request, party)
    return reply


def _charge(permitted: PermittedRound, party: Party) -> Entry | Refusal:
    """The charge, once it is on disk."""
    campaign, plan = permitted.request.campaign, permitted.request.plan
    try:
        charge = party.ledger.charge(
            Charge(
                campaign=plan.campaign_digest,
                round=plan.round,
                ctx=plan.digest,
                terms=campaign.mechanism(plan.kind),
                cohorts=permitted.permission.cohorts,
                own_honest_schools=permitted.permission.own_honest_schools,
                round_kind=plan.kind,
            )
        )
    except (Corrupt, RetryLater) as error:
        return Refusal(RefusalCode.LEDGER_UNWRITABLE, error.sentence)
    if not isinstance(charge, Refusal):
        _log.info(
            "round-charged", campaign=campaign.campaign, round=plan.round, epsilon_after=charge.epsilon_after
        )
    return charge


def _noised(raw_sum: ClippedSum, permitted: PermittedRound, party: Party) -> NDArray[np.int64] | Refusal:
    plan = permitted.request.plan
    try:
        return noised_integers(
            raw_sum,
            permitted.request.campaign.mechanism(plan.kind),
            own_honest_schools=permitted.permission.own_honest_schools,
            randomness=party.randomness,
            # Without ctx: two runs with seeded randomness add the same noise although their logs differ.
            purpose=f"{plan.campaign_digest}/{plan.round}",
        )
    except Refused as error:
        return not_today(error.sentence)


def _keep_unmasked(
    integers: NDArray[np.int64], request: RoundRequest, party: Party, *, parts: dict[str, bytes]
) -> bytes:
    plan = request.plan
    update = encode(integers, request.campaign.mechanism(plan.kind).modulus_bits)
    reply = seal_reply(party.identity, RoundReply(party.name, plan.digest, update=update, parts=parts))
    party.keep_reply(StoredReply(plan.digest, plan.campaign_digest, plan.round, reply, party.clock.now()))
    return reply


def _mark_sent(request: RoundRequest, party: Party) -> None:
    try:
        party.ledger.mark(request.plan.digest, RoundState.SENT)
    except (Corrupt, RetryLater) as error:
        # The charge stands and the reply is kept: only the note that it left is missing.
        _log.warning("ledger-not-marked", code=str(error.code), round=request.plan.round)
