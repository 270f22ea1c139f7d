"""Checkpoints come back bit for bit, and the first wire model is the approved start."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import Corrupt, FixSettings
from common.federated_step import wire_model
from common.models.dkt_shapes import FROZEN
from common.optimizer import Weights
from common.plan import CampaignPlan
from server import tables
from server.checkpoint import Checkpoint, first_checkpoint, load_checkpoint, save_checkpoint
from server.coordinator import Coordinator
from tests.support.coordinators import add_test_campaign, new_coordinator, start_arrays, three_schools

START = to_bytes(start_arrays(3, 8))


@pytest.fixture
def coordinator(tmp_path: Path) -> Iterator[Coordinator]:
    """A coordinator that was just set up."""
    made = new_coordinator(tmp_path)
    yield made
    made.close()


@pytest.fixture
def campaign(coordinator: Coordinator) -> CampaignPlan:
    """A campaign in its database."""
    return add_test_campaign(coordinator, three_schools(coordinator))


def _random(campaign: CampaignPlan, seed: int) -> Checkpoint:
    rng = np.random.default_rng(seed)
    first = first_checkpoint(campaign, START)
    model, velocity = (rng.normal(size=first.weights.model.shape) for _ in range(2))
    return Checkpoint(seed, f"{seed:064x}", f"{seed + 1:064x}", Weights(model, velocity))


def test_it_comes_back_bit_for_bit(coordinator: Coordinator, campaign: CampaignPlan) -> None:
    """The newest replaces the one before."""
    for seed in (1, 2):
        with coordinator.store.write() as connection:
            save_checkpoint(connection, campaign.digest, _random(campaign, seed), at=coordinator.clock.now())
    with coordinator.store.read() as connection:
        found = load_checkpoint(connection, campaign)
    expected = _random(campaign, 2)
    assert found is not None
    assert (found.round, found.plan_digest, found.outcome_digest) == (2, expected.plan_digest, f"{3:064x}")
    assert found.weights.model.tobytes() == expected.weights.model.tobytes()
    assert found.weights.memory.tobytes() == expected.weights.memory.tobytes()


def test_there_is_none_before_the_first_round(coordinator: Coordinator, campaign: CampaignPlan) -> None:
    """The campaign begins at its start model."""
    with coordinator.store.read() as connection:
        assert load_checkpoint(connection, campaign) is None


def test_the_first_round_sends_the_start_model_itself(campaign: CampaignPlan) -> None:
    """Byte for byte: schools compare its digest with the one that was approved."""
    assert wire_model(campaign, first_checkpoint(campaign, START).weights, START) == START
    assert sha256_hex(START) == campaign.model.start_digest


def test_the_frozen_array_never_moves(campaign: CampaignPlan) -> None:
    """It travels with the model and is no part of an update."""
    moved = from_bytes(wire_model(campaign, _random(campaign, 3).weights, START))
    np.testing.assert_array_equal(moved[FROZEN], from_bytes(START)[FROZEN])
    assert list(moved) == list(from_bytes(START))


def test_a_damaged_checkpoint_is_corrupt(coordinator: Coordinator, campaign: CampaignPlan) -> None:
    """Cut short, or not a number."""
    with coordinator.store.write() as connection:
        save_checkpoint(connection, campaign.digest, _random(campaign, 1), at=coordinator.clock.now())
    count = len(_random(campaign, 1).weights.model)
    for damage in (b"short", np.full(count, np.nan).tobytes()):
        with coordinator.store.write() as connection:
            connection.execute(update(tables.checkpoints).values(model=damage))
        with coordinator.store.read() as connection, pytest.raises(Corrupt, match="checkpoint is damaged"):
            load_checkpoint(connection, campaign)


def test_a_start_model_of_another_shape_is_refused(campaign: CampaignPlan) -> None:
    """Its arrays must be those of the plan."""
    with pytest.raises(FixSettings):
        first_checkpoint(campaign, to_bytes(start_arrays(3, 16)))
