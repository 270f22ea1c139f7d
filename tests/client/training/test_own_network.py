"""A school adds a network of its own to a release without one, and leaves every other release as it is."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from client.training.own_network import HIDDEN, with_own_network
from common.arrays import Arrays
from common.models.dkt import initial_arrays as network
from common.models.logistic import initial_arrays
from common.models.release import ModelRelease
from tests.support.plans import campaign_plan
from tests.support.releases import released


@pytest.fixture
def trained() -> ModelRelease:
    """A network that schools trained together."""
    return released(campaign_plan(), "autumn")


@pytest.fixture
def logistic(trained: ModelRelease) -> ModelRelease:
    """A logistic model alone, which knows one family."""
    return replace(trained, arrays=initial_arrays(trained.skill_map.rows, 1), families=("item 1",))


def test_a_network_is_distilled_from_what_was_released(logistic: ModelRelease) -> None:
    """From its very arrays, families and skills, the same each time; the logistic model stays as it was."""
    asked: list[tuple[Any, ...]] = []

    def distil(arrays: Arrays, families: tuple[str, ...], skill_map: object, *, hidden: int, seed: int) -> Arrays:
        asked.append((arrays, families, skill_map, seed))
        return network(logistic.skill_map.rows, hidden, seed)

    made, again = (with_own_network(logistic, distil) for _ in range(2))
    assert asked[0][1:] == asked[1][1:] == (("item 1",), logistic.skill_map, 1)
    assert made.dkt is not None
    assert made.dkt["W_hh"].shape[0] == HIDDEN
    assert made.logistic is not None
    for name, array in logistic.arrays.items():
        assert np.array_equal(made.logistic[name], array)
        assert np.array_equal(asked[0][0][name], array)
    assert again.dkt is not None
    assert all(np.array_equal(again.dkt[name], array) for name, array in made.dkt.items())


def test_a_release_with_a_network_or_without_a_logistic_model_stays(trained: ModelRelease) -> None:
    """Nothing is distilled beside a network that schools trained, with or without a logistic model."""

    def refuse(*_: object, **__: object) -> Arrays:
        raise AssertionError("nothing to distil here")

    both = replace(trained, arrays={**initial_arrays(trained.skill_map.rows, 0), **trained.arrays})
    assert with_own_network(trained, refuse) is trained
    assert with_own_network(both, refuse) is both
