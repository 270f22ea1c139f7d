"""The second trip of a masked round at a school: the last moment to refuse, and one kind of share per member."""

from client.training.masked_round import not_writable, set_up_record
from client.training.masking_store import MaskingRecord
from client.training.saying_no import masking_refusal
from client.training.training_school import Party
from common.errors import Corrupt, FixSettings, Refused, RetryLater
from common.logs import EventLog
from common.masking import secagg_terms
from common.plan import CampaignPlan
from common.privacy.ledger import RoundState
from common.privacy.secagg.holder import HolderState, unmask
from common.privacy.secagg.messages import Survivors, pack_deals
from common.refusals import Refusal
from common.trips import TripReply, TripRequest, seal_trip_reply

_log = EventLog("training")


def help_unmask(request: TripRequest, party: Party) -> bytes | Refusal:
    """The sealed shares that open this round's sum over these survivors, and the deals for the round after next.

    Refused below honest_schools + min_margin survivors, and for a second set. The same survivors again give the
    same bytes.
    """
    campaign, asked = request.campaign, request.parts.get("survivors", b"")
    record = set_up_record(campaign, party)
    if isinstance(record, Refusal):
        return record
    earlier = record.unmask_for(asked)
    if earlier is not None:
        return earlier
    try:
        survivors = Survivors.from_bytes(asked)
        sealed, after = _unmasked(request, party, record, survivors=survivors)
        party.masking.write(campaign.digest, after)
    except (Refused, Corrupt, FixSettings) as error:
        return masking_refusal(error, campaign)
    except OSError as error:
        return not_writable(error)
    _mark_opened(survivors, campaign, party)
    return sealed


def _unmasked(
    request: TripRequest, party: Party, record: MaskingRecord, *, survivors: Survivors
) -> tuple[bytes, MaskingRecord]:
    state, mine, deals = unmask(
        HolderState.from_bytes(record.holder),
        secagg_terms(request.campaign),
        survivors,
        needed=needed_survivors(request.campaign),
        identity=party.identity,
        randomness=party.randomness,
    )
    parts = {"unmask": mine.to_bytes(), "deals": pack_deals(deals)}
    reply = TripReply(party.name, request.trip, request.campaign.digest, parts=parts)
    sealed = seal_trip_reply(party.identity, reply)
    return sealed, record.with_unmask(state.to_bytes(), request.parts["survivors"], sealed)


def needed_survivors(campaign: CampaignPlan) -> int:
    """How many schools a sum has to hold before this school helps to open it."""
    margin = campaign.secagg.min_margin if campaign.secagg else 0
    return campaign.privacy.honest_schools + margin


def _mark_opened(survivors: Survivors, campaign: CampaignPlan, party: Party) -> None:
    """In the ledger: by how many schools the sum exceeds what the promise needs. It costs nothing."""
    try:
        party.ledger.mark(
            survivors.ctx.hex(),
            RoundState.OPENED,
            margin=len(survivors.entries) - campaign.privacy.honest_schools,
        )
    except (Corrupt, RetryLater) as error:
        # The reply is kept and may leave: only the note is missing.
        _log.warning("ledger-not-marked", code=str(error.code))
