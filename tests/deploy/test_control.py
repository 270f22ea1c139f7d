"""The control run: both campaigns for the same budget, with all the noise at each school and nothing shared."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from client.content.simulated_course import course_skill_map
from common.arrays import to_bytes
from common.models.logistic import initial_arrays, sizes_of
from common.privacy.ledger_rows import charges_of, read_rows
from common.shared_model import CURVATURE
from deploy.demo.control import run_with_full_noise
from deploy.demo.copies import read_twin
from deploy.demo.measured import SHARED
from deploy.demo.settings import LOGISTIC, NETWORK, CampaignChoice
from server.bundle import build_bundle
from server.coordinator import open_coordinator
from server.plan import CampaignDraft
from server.propose_campaign import propose_campaign
from tests.support.consortium_folders import ConsortiumFolders, build_consortium

pytestmark = pytest.mark.slow

STUDENTS = {"east": 210, "north": 210, "west": 220}
CHOICES = (replace(LOGISTIC, rounds=3, epsilon=0.8), replace(NETWORK, rounds=3, epsilon=1.8))


def propose_logistic(folders: ConsortiumFolders) -> str:
    """The demo's own first campaign, whose start is made by hand; its digest."""
    coordinator, skill_map = open_coordinator(folders.coordinator), course_skill_map()
    arrays = initial_arrays(skill_map.rows, 0)
    count = sum(array.size for array in arrays.values())
    assert sizes_of(arrays) == (skill_map.rows, 0)
    try:
        return propose_campaign(
            coordinator,
            CampaignDraft("first campaign", 0.8, 3, "logistic"),
            skill_map=skill_map,
            start_model=to_bytes({**arrays, CURVATURE: np.full(count, 0.1, np.float32)}),
            bundle_digest=build_bundle().digest,
        ).digest
    finally:
        coordinator.close()


def test_the_whole_budget_is_spent_again_with_full_noise_at_each_school(tmp_path: Path) -> None:
    """Two plans that trust nobody, the second on the first's own model; every ledger pays for exactly both."""
    folders = build_consortium(tmp_path / "valley", STUDENTS, drafts=())
    digest, asked = propose_logistic(folders), Counter[str]()

    def told(choice: CampaignChoice, times: int) -> None:
        asked[choice.model] = times

    control = run_with_full_noise(read_twin(folders.root), digest, CHOICES, told=told)
    first, second = control.plans
    assert [plan.secure_aggregation for plan in control.plans] == [False, False]
    assert [plan.privacy.honest_schools for plan in control.plans] == [1, 1]
    assert second.foundation is not None
    assert second.foundation.campaign == first.digest != digest
    for plan, choice in zip(control.plans, CHOICES, strict=True):
        assert 0.95 * choice.epsilon < plan.epsilon_in_all <= choice.epsilon
        assert plan.epsilon_alone_in_all == plan.epsilon_in_all
        # Training rounds, the one that measures, and the confirmation.
        assert asked[choice.model] == choice.rounds + 2
    assert control.pooled.keys() == set(SHARED)
    assert all(0.5 < value < 1.0 for value in control.pooled.values())
    for name in folders.schools:
        charges = charges_of(read_rows(folders.school(name).ledger))
        assert [charge.campaign for charge in charges] == [first.digest] * 4 + [second.digest] * 4
        assert max(charge.epsilon_after for charge in charges) == pytest.approx(second.epsilon_in_all)


def test_for_few_students_the_logistic_model_is_all_that_is_shared(tmp_path: Path) -> None:
    """As in the demo's own campaigns; then all three figures are its own."""
    folders = build_consortium(tmp_path / "valley", drafts=())
    digest = propose_logistic(folders)
    control = run_with_full_noise(read_twin(folders.root), digest, CHOICES, told=lambda choice, times: None)
    assert len(control.plans) == 1
    assert len(set(control.pooled.values())) == 1
