"""A campaign from its first round to a release: one checkpoint per round, so that a killed coordinator goes on.

It ends released, rejected or stopped with a reason. A stopped campaign goes on where it was when the operator
starts it again; a round that was sent but has no checkpoint is sent again with the very same bytes.
"""

from dataclasses import replace
from pathlib import Path

from common.canonical import sha256_hex
from common.exchange import RoundRequest
from common.federated_step import advance, wire_model
from common.log_entries import Opened
from common.logs import EventLog
from common.optimizer import Weights
from server.campaign_lock import only_one_campaign
from server.campaign_records import CampaignRecord, CampaignState, find_campaign, read_model
from server.checkpoint import Checkpoint, first_checkpoint, load_checkpoint, save_checkpoint
from server.cohort import Cohort, next_cohort
from server.commitments import committed
from server.conclude import conclude, keep_measurement
from server.coordinator import Coordinator, open_coordinator
from server.deals_store import forget_round
from server.masked_round import run_masked_round
from server.masking_setup import deal_again, set_up_masks
from server.plan import RoundPlace, next_round
from server.pooled_gate import judge_pooled
from server.public_log import append_entry, log_head
from server.published import Publication, publish
from server.roll_call import roll_call, spoilt_by_silence
from server.round_records import RoundState, close_round, read_rounds
from server.run_round import RoundOutcome, run_round
from server.running import Running, is_wanted, move_on
from server.settings import CoordinatorFolder
from server.transport import Pace, Transport, system_pace

# A void round costs budget and moves nothing; after this many in a row a person has to look.
MOST_VOID_ROUNDS = 2

_log = EventLog("campaign")


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
    running = Running(transport, coordinator, record.plan, pace, start_model)
    move_on(running, CampaignState.RUNNING)
    problem = set_up_masks(running) if record.plan.secure_aggregation else ""
    problem = problem or _run_rounds(running, checkpoint)
    if problem:
        move_on(running, CampaignState.STOPPED, problem)
    else:
        conclude(running)
    with coordinator.store.read() as connection:
        return find_campaign(connection, digest)


def _run_rounds(running: Running, checkpoint: Checkpoint) -> str:
    """Runs what is left of the campaign; a sentence if it has to stop before its last round."""
    waited = False
    while checkpoint.round < running.campaign.total_rounds:
        if not is_wanted(running):
            return f"The operator stopped the campaign after round {checkpoint.round}."
        cohort = _cohort(running, checkpoint.round + 1, for_all=not waited)
        waited = True
        if cohort.problem:
            return cohort.problem
        outcome, checkpoint = _one_round(running, checkpoint, cohort)
        if outcome.state == RoundState.FAILED:
            return outcome.reason
        if outcome.state == RoundState.VOID and _void_in_a_row(running) >= MOST_VOID_ROUNDS:
            return f"{MOST_VOID_ROUNDS} rounds in a row gave no usable sum. {outcome.reason}"
    return ""


def _cohort(running: Running, number: int, *, for_all: bool) -> Cohort:
    """Who takes part. Before a masked round schools deal; after one that silence spoilt they are called first."""
    if not running.campaign.secure_aggregation:
        return next_cohort(running, number, for_all=for_all)
    with running.coordinator.store.read() as connection:
        rounds = read_rounds(connection, running.campaign.digest)
    called = bool(rounds) and rounds[-1].plan.round < number and spoilt_by_silence(rounds[-1])
    there = roll_call(running, number) if called else None
    deal_again(running, number)
    return next_cohort(running, number, for_all=for_all, there=there)


def _one_round(running: Running, checkpoint: Checkpoint, cohort: Cohort) -> tuple[RoundOutcome, Checkpoint]:
    request = _request(running, checkpoint, cohort)
    if running.campaign.secure_aggregation:
        outcome = run_masked_round(running, request)
    else:
        outcome = run_round(running.transport, running.coordinator, request, pace=running.pace)
    outcome, weights = _moved(running, checkpoint, outcome)
    following = Checkpoint(request.plan.round, request.plan.digest, outcome.opened.digest, weights)
    _close(running, outcome, following)
    _log.info("round-over", round=request.plan.round, state=str(outcome.state), reason=outcome.reason)
    return outcome, checkpoint if outcome.state == RoundState.FAILED else following


def _close(running: Running, outcome: RoundOutcome, following: Checkpoint) -> None:
    """The round's end, what is published of it and the checkpoint stand or fall together."""
    plan, at = outcome.opened.plan, running.coordinator.clock.now()
    measured = outcome.state == RoundState.MEASURED
    verdict = judge_pooled(running.campaign, outcome.opened) if measured else None
    with running.coordinator.store.write() as connection:
        close_round(connection, plan, outcome.state, at=at, reason=outcome.reason)
        if outcome.state == RoundState.FAILED:
            return
        if verdict is not None:
            keep_measurement(connection, plan.campaign_digest, verdict)
        save_checkpoint(connection, plan.campaign_digest, following, at=at)
        publication = Publication(outcome.opened, outcome.transcript)
        publish(connection, running.coordinator.folder.transcripts, publication)
        if running.campaign.secure_aggregation:
            forget_round(connection, plan.campaign_digest, plan.round)
        else:  # a masked round committed before it was opened
            append_entry(connection, committed(plan, outcome.answers, outcome.opened.survivors))
        outcome_entry = Opened(campaign=plan.campaign_digest, round=plan.round, outcome=outcome.opened.digest)
        append_entry(connection, outcome_entry)


def _request(running: Running, checkpoint: Checkpoint, cohort: Cohort) -> RoundRequest:
    """The round that was sent before this process began, or the next one with the schools that are there."""
    model = wire_model(running.campaign, checkpoint.weights, running.start_model)
    number = checkpoint.round + 1
    with running.coordinator.store.read() as connection:
        rounds = read_rounds(connection, running.campaign.digest)
        log_size, log_root = log_head(connection)
    sent = next((record.plan for record in rounds if record.plan.round == number), None)
    place = RoundPlace(number, checkpoint.plan_digest, checkpoint.outcome_digest, log_size, log_root)
    plan = sent or next_round(running.campaign, place, model_digest=sha256_hex(model), cohort=cohort.schools)
    return RoundRequest(running.campaign, plan, model)


def _moved(running: Running, checkpoint: Checkpoint, outcome: RoundOutcome) -> tuple[RoundOutcome, Weights]:
    """The weights after the round: unchanged unless the update is applied and leaves a model of real numbers."""
    if outcome.state != RoundState.APPLIED:
        return outcome, checkpoint.weights
    weights = advance(running.campaign, checkpoint.weights, outcome.opened)
    if weights is not checkpoint.weights:
        return outcome, weights
    reason = "The update would give a model that isn't finite."
    return replace(outcome, state=RoundState.VOID, reason=reason), weights


def _void_in_a_row(running: Running) -> int:
    with running.coordinator.store.read() as connection:
        rounds = read_rounds(connection, running.campaign.digest)
    states = [record.state for record in reversed(rounds)]
    return next((count for count, state in enumerate(states) if state != RoundState.VOID), len(states))
