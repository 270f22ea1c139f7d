"""Checkpoint: where a campaign is after its last finished round, as it lies in memory and in the database."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from common.errors import Corrupt, ErrorCode
from common.federated_step import dimensions, first_weights
from common.optimizer import Weights
from common.plan import CampaignPlan
from server import tables


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """After `round` rounds. plan_digest, outcome_digest: of the last round's plan and of what it opened; both are
    the campaign's digest before the first round.
    """

    round: int
    plan_digest: str
    outcome_digest: str
    weights: Weights


def first_checkpoint(campaign: CampaignPlan, start_model: bytes) -> Checkpoint:
    """Before the first round: the start model at rest."""
    return Checkpoint(0, campaign.digest, campaign.digest, first_weights(campaign, start_model))


def save_checkpoint(connection: Connection, campaign: str, checkpoint: Checkpoint, *, at: datetime) -> None:
    """Replaces the campaign's checkpoint within the caller's transaction. `campaign` is the plan's digest."""
    value = {
        "round": checkpoint.round,
        "plan_digest": checkpoint.plan_digest,
        "outcome_digest": checkpoint.outcome_digest,
        "model": checkpoint.weights.model.astype("<f8").tobytes(),
        "memory": checkpoint.weights.memory.astype("<f8").tobytes(),
        "saved_at": at,
    }
    connection.execute(
        insert(tables.checkpoints)
        .values({"campaign": campaign} | value)
        .on_conflict_do_update(index_elements=["campaign"], set_=value)
    )


def load_checkpoint(connection: Connection, campaign: CampaignPlan) -> Checkpoint | None:
    """The campaign's last checkpoint, or None before its first; Corrupt if its arrays aren't whole."""
    query = select(tables.checkpoints).where(tables.checkpoints.c.campaign == campaign.digest)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    count = dimensions(campaign)
    weights = Weights(_vector(row.model, count), _vector(row.memory, count))
    return Checkpoint(row.round, row.plan_digest, row.outcome_digest, weights)


def _vector(data: bytes, count: int) -> NDArray[np.float64]:
    damaged = Corrupt(ErrorCode.BAD_ARRAY, "The campaign's checkpoint is damaged.")
    if len(data) != 8 * count:
        raise damaged
    vector = np.frombuffer(data, "<f8").astype(np.float64)
    if not np.isfinite(vector).all():
        raise damaged
    return vector
