"""The set-up of masking at a school, before and beside the rounds: join, deal to everybody, deal again.

A campaign is judged first. Whatever a reply holds is on disk before it leaves; asked again, the school answers
from what it keeps.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from client.training.masked_round import not_writable, read_record, set_up_record
from client.training.masking_store import MaskingRecord
from client.training.saying_no import masking_refusal
from client.training.training_school import Party
from common.errors import Corrupt, ErrorCode, FixSettings, Refused
from common.masking import position, secagg_terms
from common.plan import CampaignPlan
from common.privacy.secagg.holder import HolderState, freeze_and_deal, join, refill, start
from common.privacy.secagg.messages import Deal, pack_deals, unpack_joins
from common.refusals import Refusal
from common.trips import TripRequest

Parts = Mapping[str, bytes]
Dealt = tuple[HolderState, tuple[Deal, ...]]

_UPTO_BYTES = 8


def invite(request: TripRequest, party: Party) -> Parts | Refusal:
    """S1: a box key for this campaign, and the newest head of the public log that this school knows."""
    campaign = request.campaign
    record = read_record(campaign, party)
    if isinstance(record, Refusal):
        return record
    try:
        terms = secagg_terms(campaign)
        if record is None:
            state = start(terms, position(campaign, party.name), party.randomness)
            record = MaskingRecord(state.to_bytes())
            party.masking.write(campaign.digest, record)
        mine = join(HolderState.from_bytes(record.holder), terms, party.identity)
    except (Refused, Corrupt, FixSettings) as error:
        return masking_refusal(error, campaign)
    except OSError as error:
        return not_writable(error)
    return {"join": mine.to_bytes(), "head": party.head()}


def deal(request: TripRequest, party: Party) -> Parts | Refusal:
    """S2: everybody's box keys are frozen for the campaign, and this school deals for the first two rounds."""
    campaign = request.campaign
    contradiction = party.hear_heads(request.parts.get("heads", b""))
    if contradiction is not None:
        return contradiction

    def work(state: HolderState) -> Dealt:
        joins = unpack_joins(request.parts.get("joins", b""))
        return freeze_and_deal(
            state, secagg_terms(campaign), joins, identity=party.identity, randomness=party.randomness
        )

    return _dealt(work, campaign, party)


def refill_deals(request: TripRequest, party: Party) -> Parts | Refusal:
    """Beside a round that this school isn't in: it deals again, up to the round that is asked for."""
    campaign, asked = request.campaign, request.parts.get("upto", b"")

    def work(state: HolderState) -> Dealt:
        if len(asked) != _UPTO_BYTES:
            raise Corrupt(ErrorCode.BAD_MESSAGE, "A refill doesn't say up to which round.")
        upto = int.from_bytes(asked, "big")
        return refill(state, secagg_terms(campaign), upto, identity=party.identity, randomness=party.randomness)

    return _dealt(work, campaign, party)


def _dealt(work: Callable[[HolderState], Dealt], campaign: CampaignPlan, party: Party) -> Parts | Refusal:
    """New deals, sent once the secrets behind them are on disk."""
    record = set_up_record(campaign, party)
    if isinstance(record, Refusal):
        return record
    try:
        state, deals = work(HolderState.from_bytes(record.holder))
        party.masking.write(campaign.digest, replace(record, holder=state.to_bytes()))
    except (Refused, Corrupt, FixSettings) as error:
        return masking_refusal(error, campaign)
    except OSError as error:
        return not_writable(error)
    return {"deals": pack_deals(deals)}
