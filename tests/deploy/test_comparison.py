"""What masking is worth: pairs of the same model at the same epsilon, and on whom each epsilon relies."""

import io

from rich.console import Console

from common.plan import CampaignPlan
from common.privacy.unit import NEIGHBOURING_RELATION, PRIVACY_UNIT
from deploy.demo.comparison import Side, Trained, compare, comparison_table
from tests.support.judging import masked_campaign
from tests.support.plans import NEWTON, campaign_plan, logistic_model

MASKED = {"auc_logistic": 0.71, "auc_model": 0.70, "auc_shared": 0.72}
FULL = {"auc_logistic": 0.69, "auc_model": 0.67, "auc_shared": 0.68}


def plans(*, masked: bool) -> list[CampaignPlan]:
    """A logistic campaign at epsilon 1 and a network's at 3; the figures are only printed here."""
    make, alone = (masked_campaign, 2.0) if masked else (campaign_plan, 1.0)
    first = make(model=logistic_model(), optimiser=NEWTON, epsilon=1.0, epsilon_alone=alone)
    return [first, make(epsilon=3.0, epsilon_alone=3.0 * alone)]


def test_each_pair_is_the_same_model_at_the_same_epsilon() -> None:
    """The logistic model after its campaign; the network, and both as a school begins, after the second."""
    found = compare(Trained(plans(masked=True), MASKED), Trained(plans(masked=False), FULL))
    assert [pair.model for pair in found.pairs] == ["logistic", "network", "both"]
    logistic, network, both = found.pairs
    assert (logistic.masked, logistic.full_noise) == (Side(0.71, 1.0, 2.0, 3), Side(0.69, 1.0, 1.0, 1))
    assert (network.masked, network.full_noise) == (Side(0.70, 3.0, 6.0, 3), Side(0.67, 3.0, 3.0, 1))
    assert (both.masked.auc, both.full_noise.auc) == (0.72, 0.68)
    assert all(pair.masked.epsilon == pair.full_noise.epsilon for pair in found.pairs)
    assert (found.delta, found.unit, found.neighbours) == (1e-5, PRIVACY_UNIT, NEIGHBOURING_RELATION)
    assert "3 honest schools' noise" in found.masked_assumption
    assert "would be 6.00" in found.masked_assumption
    assert "no other school and no coordinator" in found.full_noise_assumption


def test_a_single_campaign_has_a_single_pair() -> None:
    """A network that wasn't trained isn't compared."""
    found = compare(Trained(plans(masked=True)[:1], MASKED), Trained(plans(masked=False)[:1], FULL))
    assert [pair.model for pair in found.pairs] == ["logistic"]


def test_the_table_shows_both_figures_in_eighty_columns() -> None:
    """Nothing is cut."""
    found = compare(Trained(plans(masked=True), MASKED), Trained(plans(masked=False), FULL))
    console = Console(file=io.StringIO(), width=80)
    console.print(comparison_table(found))
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert "…" not in printed
    rows = [line.split() for line in printed.splitlines()]
    assert ["both", "3.00", "0.720", "0.680"] in rows
    assert ["logistic", "1.00", "0.710", "0.690"] in rows
