"""The optimiser against numbers worked by hand and against a plain loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from common.model_terms import MomentumTerms
from common.optimizer import NewtonScales, Weights, learning_rate, newton_step, start_weights, step

TERMS = MomentumTerms(learning_rate=0.5, momentum=0.9, final_fraction=0.1)


def test_two_rounds_by_hand() -> None:
    """Round 1: v = 1, w = 2 - .5 = 1.5. Round 2 of 3: rate .275, v = .9 + 2 = 2.9, w = 1.5 - .7975 = .7025."""
    first = step(start_weights(np.array([2.0])), np.array([1.0]), rate=learning_rate(TERMS, 1, 3), momentum=0.9)
    assert first.memory.tolist() == [1.0]
    assert first.model.tolist() == [1.5]
    second = step(first, np.array([2.0]), rate=learning_rate(TERMS, 2, 3), momentum=0.9)
    assert second.memory == pytest.approx([2.9])
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
    for w, v, g in zip(weights.model.tolist(), weights.memory.tolist(), update.tolist(), strict=True):
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
    assert weights.memory.tolist() == [0.0, 0.0]


def _scales(*, noise: float, spread: float = 1.0, column: float = 1.0) -> NewtonScales:
    return NewtonScales(np.array([column]), np.array([spread]), noise)


def test_a_newton_step_by_hand() -> None:
    """a = .5, s = 2 / .5 = 4, noise 1: gain .5 x 16 / (1 + 2 x .25 x 16) = 8 / 9 in round 2; 3 - .5 x 8/9 x .9."""
    weights = start_weights(np.array([3.0]), np.array([0.5]))
    after = newton_step(weights, np.array([0.9]), _scales(noise=1.0, spread=2.0, column=0.5), round_number=2)
    assert after.model == pytest.approx([3.0 - 0.5 * 8 / 9 * 0.9])
    assert after.memory.tolist() == [0.5]


def test_without_noise_one_step_finds_the_minimum_and_further_ones_stay_there() -> None:
    """Of a parabola whose curvature is known: mean update = a (model - 7)."""
    weights = start_weights(np.array([-2.0]), np.array([0.25]))
    for number in (1, 2, 3):
        update = 0.25 * (weights.model - 7.0)
        weights = newton_step(weights, update, _scales(noise=1e-9), round_number=number)
        assert weights.model == pytest.approx([7.0])


def test_rounds_together_are_as_good_as_the_best_average() -> None:
    """Ten noisy measurements and the start, each weighted by what it is worth, worked out in one formula."""
    rng, noise, curvature, spread = np.random.default_rng(1), 0.3, 0.4, 1.5
    weights, measured = start_weights(np.array([1.0]), np.array([curvature])), []
    for number in range(1, 11):
        update = curvature * (weights.model - 2.0) + noise * rng.normal(size=1)
        measured.append(float((weights.model - update / curvature)[0]))
        weights = newton_step(weights, update, _scales(noise=noise, spread=spread), round_number=number)
    precision = curvature**2 / noise**2
    best = (1.0 / spread**2 + precision * sum(measured)) / (1 / spread**2 + 10 * precision)
    assert weights.model == pytest.approx([best])


def test_what_noise_would_drown_stays_where_it_started() -> None:
    """A column that no simulated student touches never moves, however large its noise."""
    weights = Weights(np.array([1.0, 1.0]), np.array([0.0, 1e-6]))
    scales = NewtonScales(np.ones(2), np.ones(2), 1.0)
    after = newton_step(weights, np.array([5.0, 5.0]), scales, round_number=1)
    assert after.model[0] == 1.0
    assert after.model[1] == pytest.approx(1.0, abs=1e-5)
