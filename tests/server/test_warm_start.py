"""The start model is made of simulated students, fits its plan and passes the coordinator's own check."""

import pytest

from common.arrays import from_bytes, shapes_of
from common.models.dkt_shapes import all_shapes
from common.skills import SkillMap
from server.evaluate import simulated_auc
from server.warm_start import start_model
from tests.support.plans import campaign_plan


@pytest.mark.slow
def test_the_start_model_is_better_than_chance() -> None:
    """Two skills, H = 8: the plan's shapes, and progress that ends at one."""
    told: list[float] = []
    terms = campaign_plan().model
    skill_map = SkillMap(terms.skill_map_version, terms.skill_names)
    model = start_model(skill_map, hidden=terms.hidden, seed=1, progress=told.append)
    arrays = from_bytes(model)
    assert shapes_of(arrays) == all_shapes(skill_map.rows, terms.hidden)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    assert simulated_auc(campaign_plan(), arrays) > 0.6
