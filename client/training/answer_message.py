"""Everything that a coordinator may ask a school: one signed message in, one signed reply out, by its kind."""

from collections.abc import Callable, Mapping

from client.training.confirm import confirm
from client.training.join_round import join_round
from client.training.masking_trips import deal, invite, refill_deals
from client.training.saying_no import refuse_message, refuse_trip
from client.training.training_school import Party, TrainingSchool
from client.training.unmask_trip import help_unmask
from common import trips
from common.envelope import peek_kind
from common.errors import Corrupt, Refused
from common.logs import EventLog
from common.refusals import Refusal, RefusalCode
from common.trips import Trip, TripReply, TripRequest, open_trip, seal_trip_reply

# A sealed reply, or the parts of one.
Deed = Callable[[TripRequest, Party], Mapping[str, bytes] | bytes | Refusal]
MASKING_DEEDS: Mapping[Trip, Deed] = {
    Trip.INVITE: invite,
    Trip.DEAL: deal,
    Trip.REFILL: refill_deals,
    Trip.UNMASK: help_unmask,
}

_log = EventLog("training")


def answer_message(message: bytes, school: TrainingSchool) -> bytes:
    """The signed reply to a round's or a trip's request: what was asked for, or a refusal's code."""
    try:
        kind = peek_kind(message)
    except Corrupt as error:
        return refuse_message(Refusal(RefusalCode.BAD_MESSAGE, error.sentence), school)
    if kind != trips.REQUEST:
        return join_round(message, school)
    deeds: dict[Trip, Deed] = {**MASKING_DEEDS, Trip.CONFIRM: lambda request, party: confirm(request, school)}
    return answer_trip(message, school, deeds)


def answer_trip(message: bytes, party: Party, deeds: Mapping[Trip, Deed]) -> bytes:
    """Verified, then the campaign judged by the school's policy, then done."""
    try:
        request = open_trip(message, coordinator_key=party.coordinator_key)
    except Refused as error:
        return refuse_message(Refusal(RefusalCode.BAD_PLAN_SIGNATURE, error.sentence), party)
    except Corrupt as error:
        return refuse_message(Refusal(RefusalCode.BAD_MESSAGE, error.sentence), party)
    if request.campaign.coordinator_key != party.coordinator_key:
        sentence = "The plan names another coordinator than its signature."
        return refuse_trip(Refusal(RefusalCode.BAD_PLAN_SIGNATURE, sentence), request, party)
    answer = party.decide_campaign(request.campaign) or deeds[request.trip](request, party)
    if isinstance(answer, Refusal):
        return refuse_trip(answer, request, party)
    _log.info("trip-answered", campaign=request.campaign.campaign, kind=str(request.trip))
    if isinstance(answer, bytes):
        return answer
    reply = TripReply(party.name, request.trip, request.campaign.digest, parts=answer)
    return seal_trip_reply(party.identity, reply)
