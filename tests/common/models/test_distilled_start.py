"""A network's start takes over what a released logistic model knows, and can read an item's difficulty."""

import numpy as np
import pytest

from common.arrays import Arrays, shapes_of
from common.models.distilled_start import distilled_start
from common.models.dkt_numpy import logits_dkt, predict_dkt
from common.models.dkt_shapes import all_shapes
from common.models.encoding import EncodedHistory, encode
from common.models.logistic import design, initial_arrays, predict
from common.models.logistic_students import answer_as
from common.models.metrics import auc
from common.models.simulated_students import SimulatedItem, simulate
from tests.support.models import SKILLS

HIDDEN, FAMILIES = 6, ("halves", "thirds")
ITEMS = [SimulatedItem(f"item of {name}", (name,)) for name in SKILLS.names]


def model() -> Arrays:
    """Skills from far too hard to far too easy; who was right before will be right again."""
    arrays = initial_arrays(SKILLS.rows, len(FAMILIES))
    arrays["beta"][:] = np.linspace(-1.5, 1.5, SKILLS.rows)
    arrays["slopes"][4] = 3.0  # running share right
    arrays["family"][:] = (1.0, -1.0)
    return arrays


@pytest.fixture(scope="module")
def told() -> list[float]:
    """The share done, as it was told."""
    return []


@pytest.fixture(scope="module")
def start(told: list[float]) -> Arrays:
    """Made once: it takes some seconds."""
    return distilled_start(model(), FAMILIES, SKILLS, hidden=HIDDEN, seed=1, progress=told.append)


@pytest.fixture(scope="module")
def others() -> list[EncodedHistory]:
    """Students whom the start never saw, answering as the logistic model says."""
    rng = np.random.default_rng(7)
    paths = [encode(history, SKILLS) for history in simulate("growth", ITEMS, students=300, rng=rng)]
    return answer_as(model(), paths, difficulty={}, ability_spread=0.5, rng=rng)


@pytest.mark.slow
def test_it_is_a_whole_network_of_the_skill_map(start: Arrays, told: list[float]) -> None:
    """All six arrays, finite, and progress that only grows and ends at one."""
    assert shapes_of(start) == all_shapes(SKILLS.rows, HIDDEN)
    assert all(np.isfinite(array).all() for array in start.values())
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.slow
def test_it_predicts_students_that_answer_like_the_model(start: Arrays, others: list[EncodedHistory]) -> None:
    """Nearly as well as the logistic model that made them, and better than the skills' difficulties alone."""
    right = np.concatenate([one.correct[1:] for one in others])
    network = auc(right, np.concatenate([predict_dkt(start, one, {})[1:] for one in others]))
    rows = design(others, {})
    first = np.cumsum([0, *(len(one) for one in others[:-1])])
    scored = np.delete(np.arange(len(rows)), first)
    logistic = auc(right, predict(model(), rows)[scored])
    skills = auc(right, model()["beta"][rows.skill_rows[scored, 0]])
    assert network > logistic - 0.03
    assert network > skills + 0.02


@pytest.mark.slow
def test_a_harder_item_is_less_likely_answered_right(start: Arrays, others: list[EncodedHistory]) -> None:
    """In what the network itself makes of a difficulty, apart from the offset that is added to its output."""
    offset = -1.5
    harder = {item.item: offset for item in ITEMS}
    shifts = [logits_dkt(start, one, harder) - offset - logits_dkt(start, one, {}) for one in others[:50]]
    # Right answers to harder items tell more: later predictions rise above the plain ones.
    assert np.mean([shift[-1] for shift in shifts]) > 0.05


def test_families_have_to_be_the_models_own() -> None:
    """One name too few or too many: the difficulties would slip to other items."""
    for families in (("halves",), (*FAMILIES, "fifths")):
        with pytest.raises(ValueError, match="zip"):
            distilled_start(model(), families, SKILLS, hidden=HIDDEN, seed=1)
