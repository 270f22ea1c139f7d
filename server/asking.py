"""Asking schools something beside a round: a trip's messages out, and back each school's parts or why not."""

from collections.abc import Callable, Mapping

from common.errors import Corrupt, Refused
from common.logs import EventLog
from common.trips import Trip, TripReply, TripRequest, open_trip_reply, seal_trip
from server.admission import NOT_A_MEMBER, WRONG_ROUND, Answer, AnswerState
from server.gathering import Wait, gather, send_to_reachable
from server.running import Running
from server.transport import Lost

# Room for the deals of 24 rounds and whatever else a reply holds, per member of the campaign.
_BYTES_PER_MEMBER, _ENVELOPE_BYTES = 10_000, 8192

# Uses a reply's parts, durably; raises Corrupt or Refused if they can't be used.
Use = Callable[[str, Mapping[str, bytes]], None]

_log = EventLog("trip")


def ask(
    running: Running,
    trip: Trip,
    parts: Mapping[str, Mapping[str, bytes]],
    *,
    use: Use,
    enough: int | None = None,
    deadline_seconds: float | None = None,
) -> dict[str, Answer]:
    """Sends each named school its parts and waits. use: called with each good reply before it counts.

    deadline_seconds: where it is less than the plan's.
    """
    messages = {school: trip_message(running, trip, mine) for school, mine in parts.items()}
    answers = send_to_reachable(running.transport, messages)
    asked = set(parts) - set(answers)
    _log.info("trip-sent", kind=str(trip), cohort=len(asked))

    def take(school: str, arrived: bytes | Lost) -> Answer:
        return trip_answer(running, trip, school=school, arrived=arrived, use=use)

    wait = Wait(min(running.deadline_seconds, deadline_seconds or running.deadline_seconds), enough)
    answers |= gather(running.transport, asked, take, wait=wait, pace=running.pace)
    for answer in answers.values():
        _log.info("trip-answer", kind=str(trip), school=answer.school, state=str(answer.state), code=answer.code)
    return answers


def trip_message(running: Running, trip: Trip, parts: Mapping[str, bytes]) -> bytes:
    """Signed bytes for one school; the same for the same parts."""
    return seal_trip(running.coordinator.identity, TripRequest(trip, running.campaign, parts))


def trip_answer(running: Running, trip: Trip, *, school: str, arrived: bytes | Lost, use: Use) -> Answer:
    """What arrived, opened, checked and used."""
    if isinstance(arrived, Lost):
        return Answer(school, AnswerState.LOST, arrived.reason)
    member = running.campaign.member(school)
    if member is None:
        return Answer(school, AnswerState.REJECTED, NOT_A_MEMBER)
    most = _ENVELOPE_BYTES + _BYTES_PER_MEMBER * len(running.campaign.members)
    try:
        reply = open_trip_reply(arrived, school=school, school_key=member.identity_key, max_bytes=most)
        return _used(running, trip, reply, use=use)
    except (Corrupt, Refused) as error:
        return Answer(school, AnswerState.REJECTED, str(getattr(error, "fault", error.code)))


def _used(running: Running, trip: Trip, reply: TripReply, *, use: Use) -> Answer:
    if reply.trip != trip or reply.campaign_digest != running.campaign.digest:
        return Answer(reply.school, AnswerState.REJECTED, WRONG_ROUND)
    if reply.refusal is not None:
        return Answer(reply.school, AnswerState.REFUSED, str(reply.refusal))
    use(reply.school, reply.parts)
    return Answer(reply.school, AnswerState.ANSWERED, parts=reply.parts)
