"""The optimiser against numbers worked by hand and against a plain loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from common.optimizer import Weights, learning_rate, start_weights, step
from common.plan import OptimiserTerms

TERMS = OptimiserTerms(learning_rate=0.5, momentum=0.9, final_fraction=0.1)


def test_two_rounds_by_hand() -> None:
    """Round 1: v = 1, w = 2 - .5 = 1.5. Round 2 of 3: rate .275, v = .9 + 2 = 2.9, w = 1.5 - .7975 = .7025."""
    first = step(start_weights(np.array([2.0])), np.array([1.0]), rate=learning_rate(TERMS, 1, 3), momentum=0.9)
    assert first.velocity.tolist() == [1.0]
    assert first.model.tolist() == [1.5]
    second = step(first, np.array([2.0]), rate=learning_rate(TERMS, 2, 3), momentum=0.9)
    assert second.velocity == pytest.approx([2.9])
    assert second.model == pytest.approx([0.7025])


def test_the_rate_falls_in_a_straight_line() -> None:
    """.5 at first, a tenth of it at last, their mean halfway; a single round gets the full rate."""
    assert learning_rate(TERMS, 1, 5) == 0.5
    assert learning_rate(TERMS, 3, 5) == pytest.approx(0.275)
    assert learning_rate(TERMS, 5, 5) == pytest.approx(0.05)
    assert learning_rate(TERMS, 1, 1) == 0.5


def _plain_step(weights: Weights, update: NDArray[np.float64], rate: float, momentum: float) -> list[float]:
    """One number after the other, as Python computes it."""
    model = []
    for w, v, g in zip(weights.model.tolist(), weights.velocity.tolist(), update.tolist(), strict=True):
        velocity = momentum * v + g
        model.append(w - rate * velocity)
    return model


@given(
    st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 3), min_size=1, max_size=40),
    st.floats(1e-4, 10.0),
    st.floats(0.0, 0.99),
)
def test_it_equals_the_plain_loop_bit_for_bit(
    numbers: list[tuple[float, float, float]], rate: float, momentum: float
) -> None:
    """So any machine that follows the formula gets the same model."""
    columns = np.array(numbers).T
    weights = Weights(columns[0], columns[1])
    assert step(weights, columns[2], rate=rate, momentum=momentum).model.tolist() == _plain_step(
        weights, columns[2], rate, momentum
    )


def test_nothing_is_changed_in_place() -> None:
    """The checkpoint of the round before stays what it was."""
    weights = start_weights(np.array([1.0, 2.0]))
    step(weights, np.array([1.0, 1.0]), rate=0.1, momentum=0.9)
    assert weights.model.tolist() == [1.0, 2.0]
    assert weights.velocity.tolist() == [0.0, 0.0]
