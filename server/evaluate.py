"""What the coordinator can check about a candidate without any student's data.

It sees the model and the rounds, and nothing else: whether the model helps real students is measured by each
school on its own held-out students, which decide there. So these checks catch accidents, not a weak model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from common.arrays import Arrays, from_bytes
from common.model_terms import DktTerms, ModelTerms
from common.models.dkt_numpy import predict_dkt
from common.models.encoding import EncodedHistory, encode
from common.models.logistic import design, predict
from common.models.metrics import auc
from common.models.simulated_students import SimulatedItem, simulate
from common.plan import CampaignPlan
from common.shared_model import trained_arrays
from server.round_records import RoundRecord, RoundState

# Coin tossing on simulated students means that the noise has drowned the model.
LEAST_SIMULATED_AUC = 0.5
# Far above any model that was ever trained here; a crafted or broken one is found by it.
LARGEST_ABSOLUTE_WEIGHT = 1e3
# These students are never part of a warm start: its own seeds are small numbers.
_SEED, _STUDENTS = 990_001, 200


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures for the card, and the problem in a sentence if the candidate mustn't be released.

    sight: how far the figures of real students can see, in a sentence; empty without them.
    """

    figures: dict[str, float] = field(default_factory=dict)
    problem: str = ""
    sight: str = ""


def evaluate_candidate(
    campaign: CampaignPlan, rounds: Sequence[RoundRecord], *, start_model: bytes, model: bytes
) -> Evaluation:
    """Every round had its quorum, some moved the model, its numbers are sane, and it beats coin tossing.

    start_model and model: `common.arrays.to_bytes` of the warm start and of the candidate; from_bytes refuses
    numbers that aren't finite.
    """
    problem = _round_problem(campaign, rounds)
    if problem:
        return Evaluation(problem=problem)
    candidate, start = from_bytes(model), from_bytes(start_model)
    largest = max(float(np.abs(array).max(initial=0.0)) for array in candidate.values())
    if largest > LARGEST_ABSOLUTE_WEIGHT:
        return Evaluation(problem=f"The candidate holds a weight of {largest:.3g}; no sound model comes near.")
    figures = {
        "simulated_auc": simulated_auc(campaign, candidate),
        "simulated_auc_at_start": simulated_auc(campaign, start),
        "largest_weight": largest,
        "rounds_applied": float(sum(r.state == RoundState.APPLIED for r in rounds)),
    }
    if not figures["simulated_auc"] > LEAST_SIMULATED_AUC:
        problem = f"On simulated students the candidate's AUC is {figures['simulated_auc']:.3f}: chance or worse."
        return Evaluation(figures, problem)
    return Evaluation(figures)


def smallest_sum(campaign: CampaignPlan) -> int:
    """The fewest schools in a sum that may move the model: with masks some of the cohort may be missing."""
    return campaign.minimum_cohort - (campaign.secagg.max_dropped if campaign.secagg else 0)


def simulated_auc(campaign: CampaignPlan, arrays: Arrays) -> float:
    """AUC on simulated students that no warm start has seen; every attempt from each history's second."""
    skill_map = campaign.model.skill_map
    items = [SimulatedItem(skill, (skill,)) for skill in skill_map.names]
    correct, predicted = [], []
    rng = np.random.default_rng(_SEED)
    for history in simulate("growth", items, students=_STUDENTS, rng=rng):
        encoded = encode(history, skill_map)
        correct.append(encoded.correct[1:])
        predicted.append(_chances(campaign.model, arrays, encoded)[1:])
    return float(auc(np.concatenate(correct), np.concatenate(predicted)))


def _chances(model: ModelTerms, arrays: Arrays, encoded: EncodedHistory) -> NDArray[np.floating]:
    """(T,) chances of a right answer, all items being as hard as their skills."""
    if isinstance(model, DktTerms):
        return predict_dkt(arrays, encoded, {})
    return predict(trained_arrays(model, arrays), design([encoded], {}))


def _round_problem(campaign: CampaignPlan, rounds: Sequence[RoundRecord]) -> str:
    if [record.plan.round for record in rounds] != list(range(1, campaign.total_rounds + 1)):
        return "The journal doesn't hold every round of the plan."
    for record in rounds:
        answered = sum(answer.is_good for answer in record.answers)
        if record.state == RoundState.APPLIED and answered < smallest_sum(campaign):
            return f"Round {record.plan.round} was applied without its quorum."
    if not any(record.state == RoundState.APPLIED for record in rounds):
        return "No round gave a usable update."
    return ""
