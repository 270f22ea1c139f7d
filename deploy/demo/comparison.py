"""What masking is worth: shared models whose noise schools add together, beside those with full noise at each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table

from common.plan import CampaignPlan
from common.privacy.unit import NEIGHBOURING_RELATION, PRIVACY_UNIT

FULL_NOISE_ASSUMPTION = (
    "Each school added the full noise itself (honest_schools = 1): no other school and no coordinator has to be "
    "trusted for this figure."
)
# What of a release answers, with the campaign that it takes and the name of its AUC.
_MODELS = (("logistic", 0, "auc_logistic"), ("network", 1, "auc_model"), ("both", 1, "auc_shared"))


@dataclass(frozen=True, slots=True)
class Side:
    """auc: pooled over the held-out answers of all schools. epsilon: of the campaign and the one it builds on;
    epsilon_alone: the same if every other school works against one. honest_schools: whose noise epsilon needs.
    """

    auc: float
    epsilon: float
    epsilon_alone: float
    honest_schools: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One shared model, trained twice. model: logistic, network, or both as a school begins with them."""

    model: str
    masked: Side
    full_noise: Side


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs of one run; the last is what the whole budget bought. The assumptions are about epsilon."""

    pairs: tuple[Pair, ...]
    delta: float
    unit: str
    neighbours: str
    masked_assumption: str
    full_noise_assumption: str


@dataclass(frozen=True, slots=True)
class Trained:
    """plans: the logistic campaign's, then the network's if there was one. pooled: AUCs by name."""

    plans: Sequence[CampaignPlan]
    pooled: Mapping[str, float]


def compare(masked: Trained, full_noise: Trained) -> Comparison:
    """Model by model, as far as both went."""
    last = masked.plans[-1]
    return Comparison(
        pairs=tuple(
            Pair(model, _side(masked, campaign, auc), _side(full_noise, campaign, auc))
            for model, campaign, auc in _MODELS
            if campaign < len(masked.plans)
        ),
        delta=last.privacy.delta,
        unit=PRIVACY_UNIT,
        neighbours=NEIGHBOURING_RELATION,
        masked_assumption=assumption(
            last.secure_aggregation, last.privacy.honest_schools, epsilon_alone=last.epsilon_alone_in_all
        ),
        full_noise_assumption=assumption(False, 1, epsilon_alone=last.epsilon_in_all),
    )


def assumption(masked: bool, honest_schools: int, *, epsilon_alone: float) -> str:
    """On whom an epsilon relies."""
    masks = "Sums were masked" if masked else "Sums weren't masked"
    if honest_schools == 1:
        return f"{masks}. {FULL_NOISE_ASSUMPTION}"
    return (
        f"{masks}, and the figure holds as long as {honest_schools} honest schools' noise is in every sum; "
        f"if every other school worked against one, its students' epsilon would be {epsilon_alone:.2f}."
    )


def comparison_table(comparison: Comparison) -> Table:
    """A row for each pair."""
    table = Table(title="Pooled AUC at the same epsilon", box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column("shared model")
    for column in ("epsilon", "noise shared under masks", "full noise at each school"):
        table.add_column(column, justify="right")
    for pair in comparison.pairs:
        aucs = (f"{side.auc:.3f}" for side in (pair.masked, pair.full_noise))
        table.add_row(pair.model, f"{pair.full_noise.epsilon:.2f}", *aucs)
    return table


def _side(trained: Trained, campaign: int, auc: str) -> Side:
    plan = trained.plans[campaign]
    return Side(trained.pooled[auc], plan.epsilon_in_all, plan.epsilon_alone_in_all, plan.privacy.honest_schools)
