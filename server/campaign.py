"""A campaign from its first round to a release: one checkpoint per round, so that a killed coordinator goes on.

It ends released, rejected or stopped with a reason. A stopped campaign goes on where it was when the operator
starts it again; a round that was sent but has no checkpoint is sent again with the very same bytes.
"""

from dataclasses import dataclass, field
from pathlib import Path

from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.federated_step import advance, wire_model
from common.logs import EventLog
from common.optimizer import Weights
from common.plan import CampaignPlan
from server.campaign_lock import only_one_campaign
from server.campaign_records import (
    CampaignRecord,
    CampaignState,
    find_campaign,
    read_model,
    set_state,
)
from server.checkpoint import Checkpoint, first_checkpoint, load_checkpoint, save_checkpoint
from server.coordinator import Coordinator, open_coordinator
from server.evaluate import evaluate_candidate
from server.plan import RoundPlace, next_round
from server.registry import register_release
from server.round_records import RoundState, close_round, read_rounds
from server.run_round import RoundOutcome, run_round
from server.schools import revoked_schools
from server.settings import CoordinatorFolder
from server.transport import Pace, Transport, system_pace

# A void round costs budget and moves nothing; after this many in a row a person has to look.
MOST_VOID_ROUNDS = 2

_log = EventLog("campaign")


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same while a campaign runs in this process."""

    transport: Transport
    coordinator: Coordinator
    campaign: CampaignPlan
    pace: Pace
    start_model: bytes = field(repr=False)


def conduct_plan(transport: Transport, folder: Path, plan_id: str) -> None:
    """What the campaign's own process calls: opens the coordinator in `folder` and runs the plan `plan_id`.

    RetryLater if another process conducts a campaign there.
    """
    with only_one_campaign(CoordinatorFolder(folder).campaign_lock):
        coordinator = open_coordinator(CoordinatorFolder(folder))
        try:
            pace = system_pace(coordinator.settings.poll_seconds)
            run_campaign(transport, coordinator, plan_id, pace=pace)
        finally:
            coordinator.close()


def run_campaign(transport: Transport, coordinator: Coordinator, digest: str, *, pace: Pace) -> CampaignRecord:
    """Runs or resumes the campaign with this plan digest until it is released, rejected or stopped.

    Returns how it ended. Nothing runs unless the operator wants it to (`want_campaign`).
    """
    with coordinator.store.read() as connection:
        record = find_campaign(connection, digest)
        if record.state.is_final:
            return record
        start_model = read_model(connection, record.plan.model.start_digest)
        checkpoint = load_checkpoint(connection, record.plan) or first_checkpoint(record.plan, start_model)
    run = _Run(transport, coordinator, record.plan, pace, start_model)
    _set_state(run, CampaignState.RUNNING)
    problem = _run_rounds(run, checkpoint)
    if problem:
        _set_state(run, CampaignState.STOPPED, problem)
    else:
        _conclude(run)
    with coordinator.store.read() as connection:
        return find_campaign(connection, digest)


def _run_rounds(run: _Run, checkpoint: Checkpoint) -> str:
    """Runs what is left of the campaign; a sentence if it has to stop before its last round."""
    waited = False
    while checkpoint.round < run.campaign.rounds:
        if not _is_wanted(run):
            return f"The operator stopped the campaign after round {checkpoint.round}."
        present = _wait_for_schools(run, for_all=not waited)
        waited = True
        if len(present) < run.campaign.minimum_cohort:
            return _too_few(run, present)
        outcome, checkpoint = _one_round(run, checkpoint, present)
        if outcome.state == RoundState.FAILED:
            return outcome.reason
        if outcome.state == RoundState.VOID and _void_in_a_row(run) >= MOST_VOID_ROUNDS:
            return f"{MOST_VOID_ROUNDS} rounds in a row gave no usable sum. {outcome.reason}"
    return ""


def _one_round(run: _Run, checkpoint: Checkpoint, present: frozenset[str]) -> tuple[RoundOutcome, Checkpoint]:
    request = _request(run, checkpoint, present)
    outcome = run_round(run.transport, run.coordinator, request, pace=run.pace)
    outcome, weights = _moved(run, checkpoint, outcome)
    following = Checkpoint(request.plan.round, request.plan.digest, outcome.opened.digest, weights)
    at = run.coordinator.clock.now()
    with run.coordinator.store.write() as connection:
        close_round(connection, request.plan, outcome.state, at=at, reason=outcome.reason)
        if outcome.state != RoundState.FAILED:
            save_checkpoint(connection, run.campaign.digest, following, at=at)
    _log.info("round-over", round=request.plan.round, state=str(outcome.state), reason=outcome.reason)
    return outcome, checkpoint if outcome.state == RoundState.FAILED else following


def _request(run: _Run, checkpoint: Checkpoint, present: frozenset[str]) -> RoundRequest:
    """The round that was sent before this process began, or the next one with the schools that are there."""
    model = wire_model(run.campaign, checkpoint.weights, run.start_model)
    number = checkpoint.round + 1
    with run.coordinator.store.read() as connection:
        rounds = read_rounds(connection, run.campaign.digest)
    sent = next((record.plan for record in rounds if record.plan.round == number), None)
    place = RoundPlace(number, checkpoint.plan_digest, checkpoint.outcome_digest)
    plan = sent or next_round(run.campaign, place, model_digest=sha256_hex(model), cohort=sorted(present))
    return RoundRequest(run.campaign, plan, model)


def _moved(run: _Run, checkpoint: Checkpoint, outcome: RoundOutcome) -> tuple[RoundOutcome, Weights]:
    """The weights after the round: unchanged unless the update is applied and leaves a model of real numbers."""
    if outcome.state != RoundState.APPLIED:
        return outcome, checkpoint.weights
    weights = advance(run.campaign, checkpoint.weights, outcome.opened)
    if weights is not checkpoint.weights:
        return outcome, weights
    reason = "The update would give a model that isn't finite."
    return RoundOutcome(RoundState.VOID, outcome.answers, outcome.opened, reason), weights


def _wait_for_schools(run: _Run, *, for_all: bool) -> frozenset[str]:
    """The campaign's schools that can be reached, after waiting at most the start deadline.

    for_all: wait for every school, as at the start; otherwise only for the minimum cohort.
    """
    with run.coordinator.store.read() as connection:
        revoked = revoked_schools(connection)
    wanted = frozenset(member.school for member in run.campaign.members) - revoked
    enough = len(wanted) if for_all else run.campaign.minimum_cohort
    present: frozenset[str] = frozenset()

    def enough_are_there() -> bool:
        nonlocal present
        present = run.transport.available() & wanted
        return len(present) >= enough

    run.pace.until(enough_are_there, run.coordinator.settings.start_deadline_seconds)
    return present


def _too_few(run: _Run, present: frozenset[str]) -> str:
    names = ", ".join(sorted(m.school for m in run.campaign.members if m.school not in present))
    waited = run.coordinator.settings.start_deadline_seconds
    return (
        f"{len(present)} of the {run.campaign.minimum_cohort} schools that a round needs were connected after "
        f"{waited:.0f} seconds. Not connected: {names}. Start the campaign again when their links run."
    )


def _is_wanted(run: _Run) -> bool:
    with run.coordinator.store.read() as connection:
        return find_campaign(connection, run.campaign.digest).wanted


def _void_in_a_row(run: _Run) -> int:
    with run.coordinator.store.read() as connection:
        rounds = read_rounds(connection, run.campaign.digest)
    states = [record.state for record in reversed(rounds)]
    return next((count for count, state in enumerate(states) if state != RoundState.VOID), len(states))


def _conclude(run: _Run) -> None:
    """Judges the candidate and releases it, or says why not. Does the same again after a kill."""
    with run.coordinator.store.read() as connection:
        last = load_checkpoint(connection, run.campaign)
        rounds = read_rounds(connection, run.campaign.digest)
    checkpoint = last or first_checkpoint(run.campaign, run.start_model)
    model = wire_model(run.campaign, checkpoint.weights, run.start_model)
    evaluation = evaluate_candidate(run.campaign, rounds, start_model=run.start_model, model=model)
    if evaluation.problem:
        _set_state(run, CampaignState.REJECTED, evaluation.problem)
        return
    release = register_release(run.coordinator, run.campaign, model=model, evaluation=evaluation)
    _log.info("released", release=release)


def _set_state(run: _Run, state: CampaignState, reason: str = "") -> None:
    with run.coordinator.store.write() as connection:
        set_state(connection, run.campaign.digest, state, at=run.coordinator.clock.now(), reason=reason)
    _log.info("campaign-state", campaign=run.campaign.campaign, state=str(state), reason=reason)
