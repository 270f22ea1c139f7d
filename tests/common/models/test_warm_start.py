"""The warm start knows what is common to all practice, and nothing about one skill's difficulty."""

import numpy as np
import pytest
import torch

from common.arrays import shapes_of
from common.interactions import History
from common.models.dkt import logits, pad, tensors
from common.models.dkt_numpy import logits_dkt, predict_dkt
from common.models.dkt_shapes import all_shapes
from common.models.encoding import encode
from common.models.metrics import auc
from common.models.simulated_students import FAMILIES, SimulatedItem, simulate
from common.models.warm_start import generic_items, warm_start
from common.skills import SkillMap

TWENTY = SkillMap("test/20", tuple(f"skill {k:02d}" for k in range(20)))


@pytest.mark.slow
def test_it_predicts_students_that_it_never_saw() -> None:
    """AUC above .6 on other simulated students of every family, with items of unknown difficulty.

    And the two implementations agree within 1e-5 on logits over 1,000 attempts.
    """
    told: list[float] = []
    arrays = warm_start(TWENTY, 32, 1, progress=told.append)
    assert told[-1] == 1.0
    assert shapes_of(arrays) == all_shapes(TWENTY.rows, 32)
    assert len(set(arrays["b_out"].tolist())) == 1
    items = [
        SimulatedItem(f"new {n}", (TWENTY.names[n % 20],), float(offset))
        for n, offset in enumerate(np.random.default_rng(2).normal(0, 0.5, 100))
    ]
    for family in FAMILIES:
        histories = simulate(family, items, students=200, rng=np.random.default_rng(3))
        encoded = [encode(history, TWENTY) for history in histories]
        predicted = np.concatenate([predict_dkt(arrays, history, {})[1:] for history in encoded])
        assert auc(np.concatenate([history.correct[1:] for history in encoded]), predicted) > 0.6
    long = encode(History("long", tuple(a for history in histories for a in history)[:1000]), TWENTY)
    with torch.no_grad():
        expected = logits(tensors(arrays), pad([long], {}))[0].numpy()
    assert logits_dkt(arrays, long, {}) == pytest.approx(expected, abs=1e-5)


def test_generic_items_cover_every_skill_and_some_have_two() -> None:
    """Names are the skill map's own, and no item has a skill twice."""
    items = generic_items(TWENTY, np.random.default_rng(4))
    assert {item.skills[0] for item in items} == set(TWENTY.names)
    assert {len(set(item.skills)) for item in items} == {1, 2}
    assert all(len(set(item.skills)) == len(item.skills) for item in items)
    assert len({item.item for item in items}) == len(items)


def test_a_single_skill_has_items_too() -> None:
    """There is no second skill to join it with."""
    items = generic_items(SkillMap("v", ("add",)), np.random.default_rng(5))
    assert {item.skills for item in items} == {("add",)}
