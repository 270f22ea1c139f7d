"""The first trip of a masked round: ask for masked vectors, decide for good whose are summed, then open the sum.

The list of survivors and their vectors are on disk before the list is sent. It never changes afterwards: a
coordinator that was killed sends the same bytes again. No share is asked for when too many schools are missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from common.errors import Corrupt, Refused
from common.exchange import RoundRequest
from common.logs import EventLog
from common.masking import attempt_of, position, secagg_terms, survivor_vectors
from common.privacy.secagg.messages import Masked, Survivors
from common.privacy.secagg.relay import admit_masked, make_survivors
from common.trips import Trip
from server.admission import Answer, AnswerState
from server.answer_words import what_is_missing
from server.asking import trip_answer, trip_message
from server.commitments import committed
from server.dealing import (
    ASKED_AGAIN_BELOW,
    deal_parts,
    deals_for,
    keep_deals_of,
    refill_parts,
    short_of_deals,
)
from server.deals_store import dealt_rounds, evidence_for, keep_survivors, read_survivors
from server.gathering import Wait, gather, send_to_reachable
from server.public_log import append_entry
from server.round_records import note_answer, open_round
from server.run_round import RoundOutcome, answer_of, note, sealed_now
from server.running import Running
from server.transport import Lost
from server.unmasking import open_masked_sum
from server.voiding import aborted

_log = EventLog("round")


@dataclass(frozen=True, slots=True)
class _Aside:
    """Schools outside the cohort that deal meanwhile, and what each is asked."""

    trips: Mapping[str, Trip]
    messages: Mapping[str, bytes]


def run_masked_round(running: Running, request: RoundRequest) -> RoundOutcome:
    """One round in two trips. Closing it and moving the model is the caller's, in one transaction."""
    with running.coordinator.store.read() as connection:
        decided = read_survivors(connection, request.plan.campaign_digest, request.plan.round)
    if decided is None:
        answers = _first_trip(running, request)
        missing = len(request.plan.cohort) - sum(answer.is_good for answer in answers)
        allowed = secagg_terms(running.campaign).max_dropped
        if missing > allowed:
            plan = request.plan
            reason = (
                f"Round {plan.round} can do without {allowed} of its {len(plan.cohort)} schools, and {missing} "
                f"are missing. {what_is_missing(answers)}."
            )
            return aborted(request, answers, reason)
        decided = _decide(running, request, answers)
    return open_masked_sum(running, request, Survivors.from_bytes(decided))


def _first_trip(running: Running, request: RoundRequest) -> tuple[Answer, ...]:
    """Every cohort school's answer, sorted by school. Schools outside the cohort deal again meanwhile."""
    plan, coordinator = request.plan, running.coordinator
    with coordinator.store.write() as connection:
        open_round(connection, plan, at=coordinator.clock.now())
    messages, aside = _requests(running, request), _aside(running, request)
    answers = send_to_reachable(running.transport, {**messages, **aside.messages})
    _log.info("round-sent", round=plan.round, cohort=len(messages), bytes=max(map(len, messages.values())))
    answers = {school: answer for school, answer in answers.items() if school in messages}

    def take(school: str, arrived: bytes | Lost) -> Answer:
        return _admitted(answer_of(school, arrived, request), request)

    def dealt(school: str, arrived: bytes | Lost) -> None:
        if school in aside.trips:
            trip_answer(running, aside.trips[school], school=school, arrived=arrived, use=keep_deals_of(running))

    asked = set(messages) - set(answers)
    wait = Wait(running.deadline_seconds)
    answers |= gather(running.transport, asked, take, wait=wait, pace=running.pace, aside=dealt)
    for answer in answers.values():
        note(coordinator, request, answer)
    return tuple(answers[school] for school in sorted(answers))


def _requests(running: Running, request: RoundRequest) -> dict[str, bytes]:
    """Each school's own request: the plan and the model for all, its deals and its evidence for it alone."""
    deals = deals_for(running, request.plan)
    messages = {}
    for school in request.plan.cohort:
        with running.coordinator.store.read() as connection:
            evidence = evidence_for(connection, running.campaign.digest, school)
        parts = {"deals": deals[school], "evidence": evidence}
        messages[school] = sealed_now(running.coordinator, replace(request, parts=parts))
    return messages


def _aside(running: Running, request: RoundRequest) -> _Aside:
    """Members outside the cohort whose deals run out: they deal again, or for the first time."""
    number = request.plan.round
    others = {member.school for member in running.campaign.members} - set(request.plan.cohort)
    with running.coordinator.store.read() as connection:
        never = others - dealt_rounds(connection, running.campaign.digest).keys()
    again = short_of_deals(running, others, number, ahead=ASKED_AGAIN_BELOW) - never
    trips = dict.fromkeys(never, Trip.DEAL) | dict.fromkeys(again, Trip.REFILL)
    parts = {school: deal_parts(running) for school in never} | refill_parts(running, again, number)
    return _Aside(trips, {school: trip_message(running, trips[school], parts[school]) for school in trips})


def _admitted(answer: Answer, request: RoundRequest) -> Answer:
    """An answer whose vector is signed for this round; another one drops its school."""
    if not answer.is_good:
        return answer
    try:
        admit_masked(
            secagg_terms(request.campaign), attempt_of(request.campaign, request.plan), masked_of(answer, request)
        )
    except (Corrupt, Refused) as error:
        return Answer(answer.school, AnswerState.REJECTED, str(getattr(error, "fault", error.code)))
    return answer


def masked_of(answer: Answer, request: RoundRequest) -> Masked:
    """A school's masked vector as the protocol knows it."""
    return Masked(
        position(request.campaign, answer.school),
        bytes.fromhex(request.plan.digest),
        answer.share or b"",
        answer.parts.get("signature", b""),
    )


def _decide(running: Running, request: RoundRequest, answers: tuple[Answer, ...]) -> bytes:
    """Signs the list of survivors and keeps it with their vectors: from here on it stays as it is."""
    campaign, plan, coordinator = running.campaign, request.plan, running.coordinator
    masked = {answer.school: masked_of(answer, request) for answer in answers if answer.is_good}
    survivors = make_survivors(
        secagg_terms(campaign),
        attempt_of(campaign, plan),
        {one.member: one for one in masked.values()},
        identity=coordinator.identity,
    )
    kept = survivors.to_bytes()
    vectors = {school: one.to_bytes() for school, one in masked.items()}
    at = coordinator.clock.now()
    with coordinator.store.write() as connection:
        keep_survivors(connection, plan.campaign_digest, plan.round, survivors=kept, vectors=vectors)
        for school in masked:
            note_answer(connection, plan, Answer(school, AnswerState.SURVIVED), at=at)
        append_entry(connection, committed(plan, answers, survivor_vectors(campaign, survivors)))
    return kept
