"""Journey 2: one signed request in, one signed reply out; in between, a charge on disk, noise and a mask.

Order matters. A plan is verified and judged, and the masking's checks are made, before a student is looked at;
students are filtered before anything is computed; the ledger is charged, and flushed, before noise is drawn; the
reply is on disk before it is sent.
"""

import time

from client.training.contribution import Contribution, contribution_of
from client.training.masked_round import check_masking, read_record
from client.training.paid_reply import PermittedRound, paid_reply
from client.training.saying_no import refuse_message, refuse_round
from client.training.training_school import Party, TrainingSchool
from common.errors import Corrupt, Refused
from common.exchange import RoundRequest, open_request
from common.logs import EventLog
from common.permission import Permission
from common.refusals import Refusal, RefusalCode

_log = EventLog("training")


def join_round(message: bytes, school: TrainingSchool) -> bytes:
    """The signed reply to a round's request: a noised vector, masked if the plan says so, or a refusal's code.

    The same plan again gives the same bytes at no charge. A refusal costs nothing. After a crash between charge
    and reply the round is charged again: recorded epsilon is at least released epsilon at every instant.
    """
    request = open_round(message, school)
    if isinstance(request, Refusal):
        return refuse_message(request, school)
    reply = answered_before(request, school) or _first_answer(request, school)
    return refuse_round(reply, request, school) if isinstance(reply, Refusal) else reply


def open_round(message: bytes, party: Party) -> RoundRequest | Refusal:
    """P7: only the coordinator that this school enrolled with is listened to."""
    try:
        request = open_request(message, coordinator_key=party.coordinator_key)
    except Refused as error:
        return Refusal(RefusalCode.BAD_PLAN_SIGNATURE, error.sentence)
    except Corrupt as error:
        return Refusal(RefusalCode.BAD_MESSAGE, error.sentence)
    if request.campaign.coordinator_key != party.coordinator_key:
        return Refusal(RefusalCode.BAD_PLAN_SIGNATURE, "The plan names another coordinator than its signature.")
    return request


def answered_before(request: RoundRequest, party: Party) -> bytes | Refusal | None:
    """The sealed reply to this very plan; a refusal if what was answered can't be told any more."""
    ctx = request.plan.digest
    if not request.campaign.secure_aggregation:
        earlier = party.kept_reply(ctx)
    else:
        record = read_record(request.campaign, party)
        if isinstance(record, Refusal):
            return record
        earlier = record.answer_to(ctx) if record else None
    if earlier is not None:
        _log.info("round-answered-again", campaign=request.campaign.campaign, round=request.plan.round)
    return earlier


def answer_permitted(
    request: RoundRequest, permission: Permission, party: Party, *, contribution: Contribution
) -> bytes | Refusal:
    """What follows the school's yes: the masking's checks, then the step that spends."""
    masking = check_masking(request, party) if request.campaign.secure_aggregation else None
    if isinstance(masking, Refusal):
        return masking
    return paid_reply(PermittedRound(request, permission, masking), party, contribution)


def _first_answer(request: RoundRequest, school: TrainingSchool) -> bytes | Refusal:
    started = time.monotonic()
    permission = school.decide(request)
    if isinstance(permission, Refusal):
        return permission
    contribution = contribution_of(request, permission, school)
    reply = answer_permitted(request, permission, school, contribution=contribution)
    if not isinstance(reply, Refusal):
        _log.info(
            "round-joined",
            campaign=request.campaign.campaign,
            round=request.plan.round,
            bytes=len(reply),
            seconds=round(time.monotonic() - started, 3),
        )
    return reply
