"""A round's step: exact integers, a public denominator, a bounded length, and the same bits for everybody."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from common.arrays import from_bytes, to_bytes
from common.canonical import sha256_hex
from common.errors import Corrupt, FixSettings
from common.federated_step import (
    advance,
    denominator,
    dimensions,
    exact_norm,
    first_weights,
    mean_update,
    moved,
    newton_scales,
    noise_of_mean,
    norm_bound,
    opened_total,
    sum_problem,
    wire_model,
)
from common.model_terms import MomentumTerms
from common.models.logistic import initial_arrays
from common.opened_round import OpenedRound
from common.optimizer import Weights
from common.plan import CampaignPlan, Member, MetricTerms
from common.privacy.clipping import ClippedSum
from common.privacy.fixed_point import add_shares, encode
from common.privacy.mechanism import noised_share
from common.shared_model import CURVATURE
from tests.support.coordinators import start_arrays
from tests.support.fake_schools import FakeSchool
from tests.support.plans import NEWTON, campaign_plan, logistic_model, privacy_terms, round_plan
from tests.support.seeded import SeededRandomness

NAMES = ("east", "north", "west")
START = to_bytes(start_arrays(3, 8))


def _campaign(**students: int) -> CampaignPlan:
    members = tuple(Member(school=n, identity_key="1" * 64, students=s) for n, s in students.items())
    return campaign_plan(members=members)


def _measured(**students: int) -> CampaignPlan:
    metrics = MetricTerms(bins=10, noise_multiplier=5.0, modulus_bits=24)
    return _campaign(**students).model_copy(update={"metrics": metrics})


def _share(campaign: CampaignPlan, name: str, length: float) -> bytes:
    vector = length * FakeSchool(name, "").direction(dimensions(campaign))
    terms = campaign.privacy.mechanism
    clipped = ClippedSum(vector, terms.clip_norm)
    return noised_share(clipped, terms, randomness=SeededRandomness(name), purpose="test")


def _opened(campaign: CampaignPlan, *, lengths: dict[str, float] | None = None) -> OpenedRound:
    lengths = lengths or dict.fromkeys(NAMES, 1.0)
    shares = [_share(campaign, name, length) for name, length in lengths.items()]
    bits = campaign.privacy.modulus_bits
    total = encode(add_shares(shares, dimensions(campaign), bits), bits)
    survivors = tuple((name, sha256_hex(name.encode())) for name in sorted(lengths))
    return OpenedRound(round_plan(campaign), "opened", survivors, total)


def test_the_denominator_counts_the_public_students_of_those_in_the_sum() -> None:
    """.25 x (100 + 300) x 1 = 100, whoever was really drawn."""
    assert denominator(_campaign(east=100, north=300, west=40), ["east", "north"]) == 100.0


def test_the_mean_is_the_sum_of_the_directions_plus_noise_of_the_stated_size() -> None:
    """Three shares of standard deviation 1.5015 clips, over 75: about .0347 per number."""
    campaign = _campaign(east=100, north=100, west=100)
    mean = mean_update(campaign, _opened(campaign)).mean
    assert mean is not None
    clean = sum(FakeSchool(name, "").direction(dimensions(campaign)) for name in NAMES)
    assert np.std(mean * 75.0 - clean) == pytest.approx(1.5 * 1.001 * math.sqrt(3), rel=0.1)


def test_the_norm_bound_worked_by_hand() -> None:
    """Cap: .25 x 100 + 8 sqrt(18.75) = 59.6 -> 60 for each of three schools, plus the noise's length."""
    campaign = _campaign(east=100, north=100, west=100)
    std = math.sqrt(3 * (16.0**2 + 1 / 12)) * 1.5 * 1.001 / 16.0
    noise = std * (math.sqrt(507) + math.sqrt(120 * math.log(2)))
    assert norm_bound(campaign, NAMES) == pytest.approx(180 * 1.001 + noise)


def test_the_norm_bound_of_a_measuring_round_worked_by_hand() -> None:
    """Every public student with a histogram of norm 1: 300, plus the noise's length over 4 x 10 numbers."""
    campaign = _measured(east=100, north=100, west=100)
    std = math.sqrt(3 * (16.0**2 + 1 / 12)) * 5.0 * 1.001 / 16.0
    noise = std * (math.sqrt(40) + math.sqrt(120 * math.log(2)))
    assert norm_bound(campaign, NAMES, "evaluate") == pytest.approx(300 * 1.001 + noise)


@pytest.mark.parametrize(("students", "plausible"), [(0, True), (300, True), (3000, False)])
def test_a_measurement_of_more_students_than_there_are_is_named(students: int, plausible: bool) -> None:
    """All on one bin, the longest that so many can be; 300 are public and the noise is worth some more."""
    campaign = _measured(east=100, north=100, west=100)
    terms, total = campaign.mechanism("evaluate"), np.zeros(40, np.int64)
    total[3] = students * terms.scale
    survivors = tuple((name, "0" * 64) for name in NAMES)
    plan = round_plan(campaign, round=4, kind="evaluate")
    opened = OpenedRound(plan, "opened", survivors, encode(total, terms.modulus_bits))
    assert (sum_problem(campaign, opened) == "") is plausible


def test_the_norm_bound_leaves_room_for_schools_that_trust_nobody() -> None:
    """With two honest shares planned, a school may send sqrt(2) times its share: the noise counts the same."""
    alone = campaign_plan()
    shared = campaign_plan(privacy=privacy_terms(honest_schools=2))
    assert norm_bound(shared, NAMES) == pytest.approx(norm_bound(alone, NAMES), rel=1e-3)


def test_an_honest_sum_passes_and_an_enormous_one_is_named() -> None:
    """A school that ignores its clip is found by the length of the sum, and the model stays where it was."""
    campaign = _campaign(east=100, north=100, west=100)
    assert mean_update(campaign, _opened(campaign, lengths={"east": 1.0, "west": 60.0})).mean is not None
    loud = _opened(campaign, lengths={"east": 1.0, "west": 1000.0})
    assert "honest schools stay below" in mean_update(campaign, loud).problem
    weights = first_weights(campaign, START)
    assert advance(campaign, weights, loud) is weights


def test_one_bit_of_the_sum_changes_the_model() -> None:
    """So a coordinator that lies about a sum by one unit in one coordinate is found by its model's hash."""
    campaign = campaign_plan()
    opened, weights = _opened(campaign), first_weights(campaign, START)
    total = bytearray(opened.total)
    total[0] ^= 1
    after = [advance(campaign, weights, one) for one in (opened, replace(opened, total=bytes(total)))]
    assert after[0].model[0] != after[1].model[0]
    assert after[0].model[1:].tobytes() == after[1].model[1:].tobytes()


def test_an_aborted_or_measuring_round_moves_nothing() -> None:
    """Nor does an update that would leave numbers that aren't finite."""
    campaign = campaign_plan(metrics=MetricTerms(bins=4, noise_multiplier=5.0, modulus_bits=16))
    weights = first_weights(campaign, START)
    measuring = round_plan(campaign, round=4, kind="evaluate")
    for opened in (OpenedRound(round_plan(campaign), "aborted"), OpenedRound(measuring, "opened", (), bytes(32))):
        assert advance(campaign, weights, opened) is weights
    steep = campaign_plan(optimiser=MomentumTerms(learning_rate=100.0, momentum=0.9, final_fraction=1.0))
    huge = Weights(weights.model, np.full_like(weights.memory, 1e38))
    assert advance(steep, huge, _opened(steep)) is huge


def test_a_measuring_round_has_its_own_length() -> None:
    """Four histograms of as many numbers as there are bins."""
    campaign = campaign_plan(metrics=MetricTerms(bins=10, noise_multiplier=5.0, modulus_bits=16))
    assert (dimensions(campaign, "evaluate"), dimensions(campaign)) == (40, 507)
    plan = round_plan(campaign, round=4, kind="evaluate")
    assert opened_total(campaign, OpenedRound(plan, "opened", (), bytes(80))).tolist() == [0] * 40
    with pytest.raises(Corrupt):
        opened_total(campaign, OpenedRound(plan, "opened", (), bytes(79)))


@given(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=50))
def test_the_norm_is_exact_before_its_root(values: list[int]) -> None:
    """Python's integers don't overflow and don't round."""
    assert exact_norm(np.array(values, np.int64)) == math.sqrt(sum(v * v for v in values))


def test_the_first_wire_model_is_the_start_itself() -> None:
    """Byte for byte."""
    campaign = campaign_plan()
    assert wire_model(campaign, first_weights(campaign, START), START) == START


LOGISTIC_START = to_bytes({**initial_arrays(3, 2), CURVATURE: np.full(21, 0.05, np.float32)})


def _logistic(**changes: Any) -> CampaignPlan:
    return campaign_plan(model=logistic_model(), optimiser=NEWTON, **changes)


def test_a_logistic_campaign_moves_its_model_and_carries_its_curvature() -> None:
    """1 + 15 + 3 + 2 numbers; the curvature comes back as the start has it, and isn't part of an update."""
    campaign = _logistic()
    assert dimensions(campaign) == 21
    weights = first_weights(campaign, LOGISTIC_START)
    assert wire_model(campaign, weights, LOGISTIC_START) == LOGISTIC_START
    after = advance(campaign, weights, _opened(campaign))
    assert (after.model != weights.model).all()
    arrays = from_bytes(wire_model(campaign, after, LOGISTIC_START))
    assert arrays[CURVATURE].tolist() == from_bytes(LOGISTIC_START)[CURVATURE].tolist()


def test_a_newton_step_moves_each_block_by_its_own_constants() -> None:
    """The same update for all: model' = - column x a s^2 / (noise^2 + a^2 s^2) x update, s = spread / column."""
    campaign, update = _logistic(), 0.01
    noise = noise_of_mean(campaign)
    after = moved(campaign, first_weights(campaign, LOGISTIC_START), np.full(21, update), round_number=1)
    assert after is not None
    blocks = ((0, 0.3, 1.0), (1, 0.1, 0.5), (16, 0.5, 1.0), (19, 1.0, 0.7))
    for place, column, spread in blocks:
        a, s = float(np.float32(0.05)), spread / column
        assert after.model[place] == pytest.approx(-column * a * s**2 / (noise**2 + a**2 * s**2) * update)


def test_the_noise_of_a_mean_worked_by_hand() -> None:
    """sqrt(3) shares of 1.5 x 1.001 clips each, over a denominator of .25 x 300 clips."""
    assert noise_of_mean(_logistic()) == pytest.approx(math.sqrt(3) * 1.5 * 1.001 / 75.0)


def test_a_start_that_is_not_the_plans_model_is_refused() -> None:
    """A network for a logistic campaign, one without curvature, and a curvature below 0."""
    for start in (START, to_bytes(initial_arrays(3, 2)), to_bytes(initial_arrays(3, 1))):
        with pytest.raises(FixSettings):
            first_weights(_logistic(), start)
    below = to_bytes({**initial_arrays(3, 2), CURVATURE: np.full(21, -1.0, np.float32)})
    with pytest.raises(Corrupt, match="negative"):
        first_weights(_logistic(), below)


def test_a_model_is_moved_by_its_own_kind_of_steps() -> None:
    """A plan that mixes the two isn't a plan; neither is a logistic model that builds on another."""
    with pytest.raises(ValidationError, match="can't be moved"):
        campaign_plan(model=logistic_model())
    with pytest.raises(ValidationError, match="can't be moved"):
        campaign_plan(optimiser=NEWTON)
    with pytest.raises(FixSettings):
        newton_scales(campaign_plan())
