"""A round at the coordinator: write the plan down, send it, wait, admit what comes back, add it up."""

from dataclasses import dataclass, field, replace

from common.exchange import RoundRequest, seal_request
from common.federated_step import sum_problem
from common.logs import EventLog
from common.opened_round import OpenedRound
from server.admission import Answer, AnswerState, admit
from server.aggregate import opened_without_masks
from server.answer_words import what_is_missing
from server.coordinator import Coordinator
from server.gathering import Wait, gather
from server.round_records import RoundState, note_answer, open_round
from server.transport import Lost, Pace, Transport

_log = EventLog("round")


@dataclass(frozen=True, slots=True, eq=False)
class RoundOutcome:
    """How a round ended. opened, transcript: what is published of it; `reason` is a sentence."""

    state: RoundState
    answers: tuple[Answer, ...]
    opened: OpenedRound
    reason: str = ""
    transcript: bytes = field(default=b"", repr=False)


def run_round(
    transport: Transport, coordinator: Coordinator, request: RoundRequest, *, pace: Pace
) -> RoundOutcome:
    """One round with the plan's cohort, over by the plan's deadline.

    The plan is durable before the first byte is sent, so a coordinator that was killed sends the same bytes
    again. Closing the round and moving the model is the caller's, in one transaction.
    """
    plan = request.plan
    with coordinator.store.write() as connection:
        open_round(connection, plan, at=coordinator.clock.now())
    message = sealed_now(coordinator, request)
    transport.send(dict.fromkeys(plan.cohort, message))
    _log.info("round-sent", round=plan.round, cohort=len(plan.cohort), bytes=len(message))
    answers = _gather(transport, coordinator, request, pace=pace)
    return _conclude(request, answers)


def sealed_now(coordinator: Coordinator, request: RoundRequest) -> bytes:
    """Signed bytes that say when they left, so that a school notices clocks that differ."""
    now = coordinator.clock.now().timestamp()
    return seal_request(coordinator.identity, replace(request, sent_at_seconds=now))


def _gather(
    transport: Transport, coordinator: Coordinator, request: RoundRequest, *, pace: Pace
) -> tuple[Answer, ...]:
    """Every cohort school's answer, sorted by school; those that haven't come by the deadline are late."""

    def take(school: str, arrived: bytes | Lost) -> Answer:
        answer = answer_of(school, arrived, request)
        note(coordinator, request, answer)
        return answer

    wait = Wait(request.campaign.round_deadline_seconds)
    answers = gather(transport, request.plan.cohort, take, wait=wait, pace=pace)
    for answer in answers.values():
        if answer.state == AnswerState.LATE:
            note(coordinator, request, answer)
    return tuple(answers[school] for school in sorted(answers))


def answer_of(school: str, arrived: bytes | Lost, request: RoundRequest) -> Answer:
    """What arrived, admitted or not."""
    if isinstance(arrived, Lost):
        return Answer(school, AnswerState.LOST, arrived.reason)
    return admit(arrived, school, request)


def note(coordinator: Coordinator, request: RoundRequest, answer: Answer) -> None:
    """Writes an answer down as it comes."""
    with coordinator.store.write() as connection:
        note_answer(connection, request.plan, answer, at=coordinator.clock.now())
    _log.info("answer", round=request.plan.round, school=answer.school, state=str(answer.state), code=answer.code)


def _conclude(request: RoundRequest, answers: tuple[Answer, ...]) -> RoundOutcome:
    shares = {answer.school: answer.share for answer in answers if answer.share is not None}
    needed = request.campaign.minimum_cohort
    if len(shares) < needed:
        reason = f"Round {request.plan.round} needs {needed} schools, and {len(shares)} sent an update."
        missing = what_is_missing(answers)
        reason = f"{reason} {missing}.".removesuffix(" .")
        return RoundOutcome(RoundState.FAILED, answers, OpenedRound(request.plan, "aborted"), reason)
    return outcome_of(request, answers, opened_without_masks(request.campaign, request.plan, shares))


def outcome_of(request: RoundRequest, answers: tuple[Answer, ...], opened: OpenedRound) -> RoundOutcome:
    """What an opened sum is worth; whether the model stays finite is seen when it moves."""
    problem = sum_problem(request.campaign, opened)
    if problem:
        return RoundOutcome(RoundState.VOID, answers, opened, problem)
    state = RoundState.MEASURED if request.plan.kind == "evaluate" else RoundState.APPLIED
    return RoundOutcome(state, answers, opened)
