"""The end of a campaign: judge the candidate, let schools confirm it, release it. After a kill, the same again."""

from dataclasses import replace

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from common.federated_step import wire_model
from common.logs import EventLog
from server import tables
from server.attack_gate import attack_word
from server.campaign_records import CampaignState
from server.checkpoint import first_checkpoint, load_checkpoint
from server.confirmations import confirm_candidate
from server.evaluate import Evaluation, evaluate_candidate
from server.pooled_gate import PooledVerdict
from server.registry import register_release
from server.round_records import read_rounds
from server.running import Running, move_on

_log = EventLog("campaign")


def conclude(running: Running) -> None:
    """Ends the campaign released or rejected; stopped where too few schools confirm, to be gone on with later."""
    with running.coordinator.store.read() as connection:
        last = load_checkpoint(connection, running.campaign)
    checkpoint = last or first_checkpoint(running.campaign, running.start_model)
    model = wire_model(running.campaign, checkpoint.weights, running.start_model)
    attacks = attack_word(running.coordinator)
    evaluation = _evaluate(running, model)
    if not evaluation.problem:
        figures = evaluation.figures | attacks.figures
        evaluation = replace(evaluation, figures=figures, problem=attacks.problem)
    if evaluation.problem:
        move_on(running, CampaignState.REJECTED, evaluation.problem)
        return
    confirmed = confirm_candidate(running, model)
    if confirmed.problem:
        move_on(running, CampaignState.STOPPED, confirmed.problem)
        return
    release = register_release(
        running.coordinator,
        running.campaign,
        model=model,
        evaluation=evaluation,
        confirmed_by=confirmed.schools,
    )
    _log.info("released", release=release)


def keep_measurement(connection: Connection, campaign: str, verdict: PooledVerdict) -> None:
    """Keeps what the measuring round said, in the transaction that closes it."""
    figures = verdict.to_bytes()
    connection.execute(
        insert(tables.measurements)
        .values(campaign=campaign, figures=figures)
        .on_conflict_do_update(index_elements=["campaign"], set_={"figures": figures})
    )


def read_measurement(connection: Connection, campaign: str) -> PooledVerdict | None:
    """What the measuring round said; None before it."""
    table = tables.measurements
    query = select(table.c.figures).where(table.c.campaign == campaign)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else PooledVerdict.from_bytes(bytes(found))


def _evaluate(running: Running, model: bytes) -> Evaluation:
    """What the coordinator itself can check, and then what the schools' noisy sum says."""
    campaign = running.campaign
    with running.coordinator.store.read() as connection:
        rounds = read_rounds(connection, campaign.digest)
        pooled = read_measurement(connection, campaign.digest)
    evaluation = evaluate_candidate(campaign, rounds, start_model=running.start_model, model=model)
    if evaluation.problem or campaign.metrics is None:
        return evaluation
    if pooled is None:
        return replace(
            evaluation, problem="The measuring round gave no usable sum, so nobody knows what the model is worth."
        )
    return Evaluation(evaluation.figures | pooled.figures, pooled.problem, pooled.sight)
