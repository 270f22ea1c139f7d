"""A ladder as file and row: what doesn't fit or isn't a number is refused, whichever part it is in."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from client.records.serving_json import models_from, models_json, packed
from common.arrays import Arrays
from common.errors import Corrupt
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS

_LADDER = random_ladder(SKILLS)


@pytest.mark.parametrize("network", [True, False])
def test_it_comes_back_equal(network: bool) -> None:
    """With a network and without."""
    ladder = random_ladder(SKILLS, network=network)
    found = models_from(packed(ladder), models_json(ladder), rows=SKILLS.rows)
    assert models_json(found) == models_json(ladder)
    assert {n: a.tolist() for n, a in packed(found).items()} == {n: a.tolist() for n, a in packed(ladder).items()}


def _damages() -> dict[str, Callable[[Arrays, dict[str, Any]], object]]:
    return {
        "a family that isn't there": lambda arrays, value: value["families"].update(other=2),
        "an offset that isn't finite": lambda arrays, value: value["offsets"].update(other=float("nan")),
        "a weight that isn't finite": lambda arrays, value: value.update(weights=[0.0, float("inf"), 1.0]),
        "a quantile above one": lambda arrays, value: value["certainty"].update(quantile=1.5),
        "a certainty from nowhere": lambda arrays, value: value["certainty"].update(source="elsewhere"),
        "slopes of other skills": lambda arrays, value: arrays.update(skill_slopes=np.zeros((2, 2), np.float32)),
        "a missing array": lambda arrays, value: arrays.pop("logistic/beta"),
        "a network of other skills": lambda arrays, value: arrays.update(
            {"dkt/b_out": np.zeros(SKILLS.rows + 1, np.float32)}
        ),
    }


@pytest.mark.parametrize("kind", list(_damages()))
def test_damage_is_refused(kind: str) -> None:
    """Practice then goes on with BKT."""
    arrays, value = packed(_LADDER), models_json(_LADDER)
    _damages()[kind](arrays, value)
    with pytest.raises(Corrupt):
        models_from(arrays, value, rows=SKILLS.rows)


def test_another_skill_map_is_refused() -> None:
    """Its rows would be other skills'."""
    with pytest.raises(Corrupt):
        models_from(packed(_LADDER), models_json(_LADDER), rows=SKILLS.rows + 1)
