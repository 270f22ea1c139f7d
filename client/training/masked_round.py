"""The first trip of a masked round at a school: every check before the charge, then the mask and one write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from client.training.masking_store import Answered, MaskingRecord, rolled_back
from client.training.saying_no import masking_refusal
from client.training.training_school import Party
from common.errors import Corrupt, FixSettings, Refused
from common.exchange import RoundReply, RoundRequest, seal_reply
from common.masking import attempt_of, evidence_name, secagg_terms
from common.plan import CampaignPlan
from common.privacy.secagg.commitments import vector_digest
from common.privacy.secagg.holder import HolderState, OpenedDeals, check_round, mask
from common.privacy.secagg.messages import Evidence, unpack_deals
from common.refusals import Refusal, RefusalCode
from common.sections import split_sections


@dataclass(frozen=True, slots=True)
class ReadyToMask:
    """Everything that a vector needs but the vector itself. deals: as they came, kept for a later replay."""

    request: RoundRequest
    record: MaskingRecord = field(repr=False)
    opened: OpenedDeals = field(repr=False)
    deals: bytes = field(repr=False)


def check_masking(request: RoundRequest, party: Party) -> ReadyToMask | Refusal:
    """Deals, evidence and order of rounds, before anything is charged."""
    campaign, parts = request.campaign, request.parts
    record = set_up_record(campaign, party)
    if isinstance(record, Refusal):
        return record
    deals = parts.get("deals", b"")
    try:
        state = HolderState.from_bytes(record.holder)
        opened = check_round(
            state,
            secagg_terms(campaign),
            attempt_of(campaign, request.plan),
            deals=unpack_deals(deals),
            evidence=_evidence(state, parts.get("evidence", b"")),
        )
    except (Refused, Corrupt, FixSettings) as error:
        return masking_refusal(error, campaign)
    return ReadyToMask(request, record, opened, deals)


def _evidence(state: HolderState, sections: bytes) -> Evidence | None:
    """Of the very round that this school answered last; the coordinator may send those of several."""
    data = split_sections(sections).get(evidence_name(state.last))
    return Evidence.from_bytes(data) if data else None


def mask_and_keep(
    ready: ReadyToMask, integers: NDArray[np.int64], party: Party, *, parts: Mapping[str, bytes]
) -> bytes | Refusal:
    """The sealed reply with the masked vector, once it is on disk and the secrets behind it are gone."""
    campaign, plan = ready.request.campaign, ready.request.plan
    try:
        state, masked = mask(
            HolderState.from_bytes(ready.record.holder),
            ready.opened,
            integers,
            identity=party.identity,
        )
    except (Refused, Corrupt) as error:
        return masking_refusal(error, campaign)
    reply = RoundReply(party.name, plan.digest, update=masked.y, parts={**parts, "signature": masked.signature})
    sealed = seal_reply(party.identity, reply)
    answered = Answered(plan.round, plan.digest, vector_name(masked.y, campaign, round=plan.round))
    try:
        party.masking.keep_deals(plan.campaign_digest, plan.round, ready.deals)
        party.masking.write(plan.campaign_digest, ready.record.with_masked(state.to_bytes(), answered, sealed))
    except OSError as error:
        return not_writable(error)
    return sealed


def set_up_record(campaign: CampaignPlan, party: Party) -> MaskingRecord | Refusal:
    """The record of a campaign whose set-up this school went through; a refusal if it isn't here or is too old."""
    record = read_record(campaign, party)
    if record is not None:
        return record
    sentence = "This school wasn't there when the campaign was set up. It waits for the next campaign."
    return Refusal(RefusalCode.MASKING_REFUSED, sentence, local_reason="not-set-up")


def read_record(campaign: CampaignPlan, party: Party) -> MaskingRecord | Refusal | None:
    """What this school keeps of a campaign; a refusal if that is damaged or older than its ledger."""
    try:
        record = party.masking.read(campaign.digest)
        rows = party.ledger.rows()
    except Corrupt as error:
        return masking_refusal(error, campaign)
    return rolled_back(record, campaign.digest, rows) or record


def vector_name(update: bytes, campaign: CampaignPlan, *, round: int) -> str:
    """How a published round names the vector that this school sent."""
    return vector_digest(update, campaign.mechanism(campaign.kind_of(round)).modulus_bits).hex()


def not_writable(error: OSError) -> Refusal:
    """P17: what can't be written down may not leave."""
    sentence = "The masking record couldn't be written, so this school sits the round out."
    return Refusal(RefusalCode.LEDGER_UNWRITABLE, sentence, local_reason=str(error))
