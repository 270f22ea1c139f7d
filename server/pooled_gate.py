"""The pooled gate: what the measuring round's noisy sum says of a candidate, and how far it can see.

Both models are measured by one estimator on one sum. The noise in that sum is known, so how much it can shift the
difference is found by adding such noise again: that works on what is public already and costs no privacy.
"""

import math
from dataclasses import dataclass, field

from common.canonical import canonical_json, parse_canonical_json
from common.federated_step import opened_total
from common.models.release import POOLED_QUANTILE
from common.models.score_histogram import ModelFigures, PooledFigures, auc_gain_sd, sure_quantile
from common.models.score_histogram import figures as pooled_figures
from common.opened_round import OpenedRound
from common.plan import CampaignPlan

# A candidate may be this much worse, beside what the noise alone can do.
TOLERATED_AUC_LOSS, TOLERATED_SDS = 0.01, 2.0
_DRAWS, _SEED = 2000, 990_002
_NAMES = ("auc", "log_loss", "calibration_error")


@dataclass(frozen=True, slots=True)
class PooledVerdict:
    """figures: for the card, without those that the noise drowned. sight: a sentence about how far the gate can
    see. problem: a sentence if the candidate mustn't be released.
    """

    figures: dict[str, float] = field(default_factory=dict)
    sight: str = ""
    problem: str = ""

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json({"figures": self.figures, "sight": self.sight, "problem": self.problem})

    @staticmethod
    def from_bytes(data: bytes) -> "PooledVerdict":
        """What `to_bytes` wrote."""
        value = parse_canonical_json(data)
        return PooledVerdict(**value) if isinstance(value, dict) else PooledVerdict()


def judge_pooled(campaign: CampaignPlan, opened: OpenedRound) -> PooledVerdict:
    """Rejects a candidate whose AUC is below its start's by more than .01 and two standard deviations."""
    terms = campaign.mechanism("evaluate")
    bins = campaign.metrics.bins if campaign.metrics else 0
    total = opened_total(campaign, opened) / terms.scale
    found = pooled_figures(total, bins=bins)
    sd = auc_gain_sd(total, noise_std(campaign, opened), bins=bins, draws=_DRAWS, seed=_SEED)
    students = sum(member.students for member in campaign.members if member.school in opened.schools)
    figures = _figures(found, sd) | {"pooled_students": float(students)}
    quantile = sure_quantile(total, noise_std(campaign, opened), bins=bins)
    figures |= {} if quantile is None else {POOLED_QUANTILE: quantile}
    if math.isnan(found.auc_gain) or math.isnan(sd):
        return PooledVerdict(figures, _blind(students))
    worst = TOLERATED_AUC_LOSS + TOLERATED_SDS * sd
    problem = ""
    if found.auc_gain < -worst:
        problem = (
            f"On the schools' evaluation students the candidate's AUC is {found.candidate.auc:.3f}, and the model "
            f"that it started from has {found.current.auc:.3f}: worse by more than noise explains ({worst:.3f})."
        )
    return PooledVerdict(figures, _sight(students, sd, worst), problem)


def noise_std(campaign: CampaignPlan, opened: OpenedRound) -> float:
    """Standard deviation of the noise in each number of the sum, in students; rounding adds 1/12 per share.

    Schools that add more than the plan asks aren't known: then it is a little more.
    """
    terms = campaign.mechanism("evaluate")
    return math.sqrt(len(opened.schools) * (terms.share_std_units**2 + 1 / 12)) / terms.scale


def _figures(found: PooledFigures, sd: float) -> dict[str, float]:
    figures = {f"pooled_{name}": _figure(found.candidate, name) for name in _NAMES}
    figures |= {f"pooled_{name}_at_start": _figure(found.current, name) for name in _NAMES}
    figures |= {"pooled_auc_gain": found.auc_gain, "pooled_auc_gain_sd": sd}
    return {name: value for name, value in figures.items() if math.isfinite(value)}


def _figure(model: ModelFigures, name: str) -> float:
    return {"auc": model.auc, "log_loss": model.log_loss, "calibration_error": model.calibration_error}[name]


def _sight(students: int, sd: float, worst: float) -> str:
    return (
        f"Measured by one noisy sum over the evaluation students of schools with {students} students: the "
        f"difference of the two AUCs has a standard deviation of {sd:.3f} from noise alone, so the gate sees a "
        f"loss above {worst:.3f} and nothing finer."
    )


def _blind(students: int) -> str:
    return (
        f"The sum over the evaluation students of schools with {students} students is drowned in its noise: the "
        "gate can't see whether the candidate is better or worse. Each school's own test decides there."
    )
