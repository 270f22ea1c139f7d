"""What a statement takes from an attack report, and what it doesn't take for one."""

import json
from pathlib import Path

import pytest

from client.federation.statement_audit import audit_figures
from common.canonical import sha256_hex
from common.errors import Corrupt
from common.plan import CampaignPlan
from tests.support.stated import KEY, attack_report, stated_plan


@pytest.fixture(scope="module")
def plan() -> CampaignPlan:
    """The campaign that the statement is of."""
    return stated_plan(KEY)


def test_the_highest_bounds_and_the_smallest_ceiling(plan: CampaignPlan) -> None:
    """Over all honest runs and both ways to score them; the report itself is named by its digest."""
    data = attack_report(plan)
    found = audit_figures(data, plan)
    assert (found.claimed, found.bound_gaussian, found.bound_assumption_free) == (8.0, 5.25, 2.5)
    assert found.smallest_ceiling == 4.4
    assert (found.campaign_claimed, found.campaign_bound_gaussian) == (3.0, 1.5)
    assert found.campaign_bound_assumption_free == 0.75
    assert found.report_digest == sha256_hex(data)


def test_a_report_that_holds_no_attacks_is_a_problem_that_is_printed(plan: CampaignPlan) -> None:
    """The gates are the ones of a release."""
    assert audit_figures(attack_report(plan), plan).problems == ("The attack report is incomplete.",)


@pytest.mark.parametrize("name", ["noise_multiplier", "sampling_rate", "rounds", "honest_schools", "delta"])
def test_attacks_on_another_plan_are_said_to_be(plan: CampaignPlan, name: str) -> None:
    """A figure of another plan says nothing about this one."""
    attacked = json.loads(attack_report(plan))["plan"]
    assert audit_figures(attack_report(plan), plan).same_plan
    assert not audit_figures(attack_report(plan, plan=attacked | {name: 7}), plan).same_plan


def test_anything_else_isnt_a_report(plan: CampaignPlan, tmp_path: Path) -> None:
    """Another version, a part missing, a number that isn't one, no JSON at all."""
    broken = (
        b"",
        b"[]",
        b"{}",
        attack_report(plan, schema="homeroom.attack-report/9"),
        attack_report(plan, audit={"claimed": 8.0, "honest": []}),
        attack_report(plan, membership={}),
        attack_report(plan, plan={}),
        attack_report(plan).replace(b"5.25", b"NaN"),
    )
    for data in broken:
        with pytest.raises(Corrupt, match="isn't a whole report"):
            audit_figures(data, plan)
