"""Predictions of many histories at once equal those of the web process, one history at a time."""

import numpy as np
import pytest

from client.training.predictions import logits_of, offsets_of, probabilities, states_before
from client.training.scored_answers import scored_answers
from common.models.dkt_numpy import predict_dkt, state_after
from tests.support.models import SKILLS, random_arrays, random_difficulty, random_encoded


@pytest.mark.parametrize("difficulty", [{}, random_difficulty(1)])
def test_they_equal_the_numpy_network(difficulty: dict[str, float]) -> None:
    """1 to 60 attempts, several skills, unmapped skills, items with and without a known difficulty."""
    arrays = random_arrays(SKILLS.rows, 8, 2)
    histories = [random_encoded(length, seed) for seed, length in enumerate([5, 1, 60, 2, 17])]
    answers = scored_answers(histories)
    states = states_before(arrays, histories, difficulty)
    logits = logits_of(
        (arrays["W_out"], arrays["b_out"]), states, answers, offsets=offsets_of(answers, difficulty)
    )
    want = np.concatenate([predict_dkt(arrays, history, difficulty)[1:] for history in histories])
    np.testing.assert_allclose(probabilities(logits), want, atol=1e-5)


def test_a_state_is_the_one_before_the_answer() -> None:
    """The state at the second attempt has seen the first alone."""
    arrays, history = random_arrays(SKILLS.rows, 8, 3), random_encoded(2, 4)
    states = states_before(arrays, [history], {})
    flipped = random_encoded(2, 4)
    flipped.correct[1] = not flipped.correct[1]
    assert np.array_equal(states, states_before(arrays, [flipped], {}))
    flipped.correct[0] = not flipped.correct[0]
    assert not np.allclose(states, states_before(arrays, [flipped], {}))
    assert not np.allclose(states[0], state_after(arrays, history, {}).h)


def test_more_histories_than_fit_one_group_keep_their_order() -> None:
    """Groups are made by length; the result is in the order that was given."""
    arrays = random_arrays(SKILLS.rows, 4, 5)
    histories = [random_encoded(2 + seed % 7, seed) for seed in range(110)]
    states = states_before(arrays, histories, {})
    alone = [states_before(arrays, [history], {}) for history in histories]
    np.testing.assert_allclose(states, np.concatenate(alone), atol=1e-6)


def test_nothing_to_predict_gives_no_states() -> None:
    """Single attempts are only context."""
    assert states_before(random_arrays(SKILLS.rows, 4, 6), [random_encoded(1, 1)], {}).shape == (0, 4)
