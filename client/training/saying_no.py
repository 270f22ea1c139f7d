"""A school's "no": kept with its reason for the administrator, signed with nothing but its code."""

from client.records.refusals import StoredRefusal
from client.training.training_school import Party
from common.errors import Corrupt, HomeroomError
from common.exchange import RoundReply, RoundRequest, seal_reply
from common.logs import EventLog
from common.plan import CampaignPlan
from common.privacy.secagg.faults import SecaggRefused
from common.refusals import Refusal, RefusalCode
from common.trips import TripReply, TripRequest, seal_trip_reply

_log = EventLog("training")


def refuse_message(refusal: Refusal, party: Party) -> bytes:
    """The answer to a message that couldn't be read, so that nobody knows which round it is about."""
    note_refusal(refusal, party, campaign="", number=0)
    return seal_reply(party.identity, RoundReply(party.name, "", refusal=refusal.code))


def refuse_round(refusal: Refusal, request: RoundRequest, party: Party) -> bytes:
    """The answer to a round's request."""
    note_refusal(refusal, party, campaign=request.campaign.campaign, number=request.plan.round)
    return seal_reply(party.identity, RoundReply(party.name, request.plan.digest, refusal=refusal.code))


def refuse_trip(refusal: Refusal, request: TripRequest, party: Party) -> bytes:
    """The answer to a trip's request."""
    note_refusal(refusal, party, campaign=request.campaign.campaign, number=0)
    reply = TripReply(party.name, request.trip, request.campaign.digest, refusal=refusal.code)
    return seal_trip_reply(party.identity, reply)


def masking_refusal(error: HomeroomError, campaign: CampaignPlan) -> Refusal:
    """What stays here of a failed check of the masking: its name, whose bytes are wrong, and the sentence.

    The code that leaves is the same for all checks.
    """
    if not isinstance(error, SecaggRefused):
        reason = "malformed" if isinstance(error, Corrupt) else str(error.code)
        return Refusal(RefusalCode.MASKING_REFUSED, error.sentence, local_reason=reason)
    reason = f"{error.fault}: {_whose(error.party, campaign)}"
    return Refusal(RefusalCode.MASKING_REFUSED, error.sentence, local_reason=reason)


def _whose(party: int | None, campaign: CampaignPlan) -> str:
    if party is None:
        return "nobody is to blame"
    return "the coordinator" if party < 0 else campaign.members[party].school


def note_refusal(refusal: Refusal, party: Party, *, campaign: str, number: int) -> None:
    """For the administrator's page and the school's log. number: 0 where no round is meant."""
    party.note_refusal(StoredRefusal(campaign, number, refusal, party.clock.now()))
    _log.warning("refused", campaign=campaign, round=number, code=str(refusal.code))
