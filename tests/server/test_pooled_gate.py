"""The pooled gate catches what the noise can't explain, passes what it can, and says how far it sees."""

import math

import numpy as np
from numpy.typing import NDArray

from common.models.release import POOLED_QUANTILE
from common.models.score_histogram import figures, student_histogram, sure_quantile
from common.opened_round import OpenedRound
from common.plan import CampaignPlan, Member, MetricTerms
from common.privacy.fixed_point import encode
from server.pooled_gate import PooledVerdict, judge_pooled, noise_std
from tests.support.plans import campaign_plan, round_plan

BINS = 10


def _campaign(students: int) -> CampaignPlan:
    members = tuple(
        Member(school=name, identity_key=letter * 64, students=students)
        for name, letter in (("east", "1"), ("north", "2"), ("west", "3"))
    )
    metrics = MetricTerms(bins=BINS, noise_multiplier=8.0, modulus_bits=24)
    return campaign_plan(members=members, metrics=metrics)


def _histograms(students: int, *, candidate: float, current: float) -> NDArray[np.float64]:
    """The sum over students whose models know this much: 0 is guessing, 1 much."""
    rng = np.random.default_rng(7)
    total = np.zeros(4 * BINS)
    for _ in range(students):
        ease = rng.normal(0.5, 1.5, 40)
        correct = rng.random(40) < 1 / (1 + np.exp(-ease))
        scores = [1 / (1 + np.exp(-(know * ease + rng.normal(0, 0.5, 40)))) for know in (candidate, current)]
        total += student_histogram(correct, scores[0], scores[1], bins=BINS)
    return total


def _opened(campaign: CampaignPlan, total: NDArray[np.float64], seed: int) -> OpenedRound:
    """That sum with the noise of three schools, as it is published."""
    terms = campaign.mechanism("evaluate")
    plan = round_plan(campaign, round=4, kind="evaluate")
    opened = OpenedRound(plan, "opened", tuple((name, "0" * 64) for name in plan.cohort))
    noise = np.random.default_rng(seed).normal(0, noise_std(campaign, opened) * terms.scale, total.size)
    integers = np.rint(total * terms.scale + noise).astype(np.int64)
    return OpenedRound(plan, "opened", opened.survivors, encode(integers, terms.modulus_bits))


def test_the_noise_is_what_the_plan_says() -> None:
    """Three full shares: sqrt(3) x 8 students a number, and a little for rounding."""
    campaign = _campaign(1000)
    opened = _opened(campaign, np.zeros(4 * BINS), 1)
    assert math.isclose(noise_std(campaign, opened), 8.0 * 3**0.5 * 1.001, rel_tol=1e-3)


def test_a_collapsed_candidate_is_rejected() -> None:
    """Thousands of students see that guessing is worse than knowing."""
    campaign = _campaign(20_000)
    total = _histograms(9_000, candidate=0.0, current=1.0)
    verdict = judge_pooled(campaign, _opened(campaign, total, 1))
    assert "worse by more than noise explains" in verdict.problem
    assert verdict.figures["pooled_auc"] < 0.6 < verdict.figures["pooled_auc_at_start"]
    assert verdict.figures["pooled_students"] == 60_000.0


def test_a_better_candidate_passes_with_figures_near_the_true_ones() -> None:
    """Within three of the standard deviations that it states."""
    campaign = _campaign(20_000)
    total = _histograms(9_000, candidate=1.0, current=0.4)
    verdict = judge_pooled(campaign, _opened(campaign, total, 2))
    assert verdict.problem == ""
    true = figures(total, bins=BINS).auc_gain
    assert abs(verdict.figures["pooled_auc_gain"] - true) < 3 * verdict.figures["pooled_auc_gain_sd"]
    assert verdict.figures["pooled_auc_gain_sd"] < 0.02
    assert f"{verdict.figures['pooled_auc_gain_sd']:.3f}" in verdict.sight


def test_the_stated_uncertainty_is_the_real_one() -> None:
    """Forty times the same sum under fresh noise: the spread is what each verdict says, to a third."""
    campaign = _campaign(4_000)
    total = _histograms(1_800, candidate=0.8, current=0.8)
    verdicts = [judge_pooled(campaign, _opened(campaign, total, seed)) for seed in range(40)]
    gains = [verdict.figures["pooled_auc_gain"] for verdict in verdicts]
    stated = float(np.mean([verdict.figures["pooled_auc_gain_sd"] for verdict in verdicts]))
    assert 0.67 < float(np.std(gains)) / stated < 1.5
    assert sum(bool(verdict.problem) for verdict in verdicts) <= 2


def test_thousands_of_students_say_when_a_prediction_is_sure() -> None:
    """Never lower than without noise, and no figure where noise could hide a bin."""
    campaign = _campaign(20_000)
    total = _histograms(9_000, candidate=1.0, current=0.4)
    exact = sure_quantile(total, 0.0, bins=BINS)
    found = judge_pooled(campaign, _opened(campaign, total, 2)).figures[POOLED_QUANTILE]
    assert exact is not None
    assert exact <= found < 1.0
    few = judge_pooled(_campaign(20), _opened(_campaign(20), total / 1000, 2))
    assert POOLED_QUANTILE not in few.figures


def test_where_noise_drowns_everything_the_gate_says_so() -> None:
    """A handful of students: no figure is shown, and no candidate is rejected for it."""
    campaign = _campaign(20)
    noise_only = -np.ones(4 * BINS)
    verdict = judge_pooled(campaign, _opened(campaign, noise_only * 100, 3))
    assert verdict.problem == ""
    assert "can't see" in verdict.sight
    assert "pooled_auc" not in verdict.figures


def test_a_verdict_comes_back_from_its_bytes() -> None:
    """As it lies in the database."""
    verdict = PooledVerdict({"pooled_auc": 0.7}, "far", "worse")
    assert PooledVerdict.from_bytes(verdict.to_bytes()) == verdict
