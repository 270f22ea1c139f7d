"""The numpy DKT agrees with its equations written out plainly, and never looks ahead."""

import math
import sys
from subprocess import run

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.arrays import Arrays
from common.models.dkt_numpy import (
    logits,
    logits_dkt,
    predict_dkt,
    skill_logits,
    start,
    state_after,
    step,
)
from common.models.encoding import EncodedHistory
from tests.support.models import SKILLS, random_arrays, random_difficulty, random_encoded

HIDDEN = 7


def plain_probabilities(arrays: Arrays, encoded: EncodedHistory, difficulty: dict[str, float]) -> list[float]:
    """The equations of dkt_shapes, number by number, in double precision."""
    a = {name: array.astype(float) for name, array in arrays.items()}
    rows, hidden = a["W_out"].shape
    h, c, result = [0.0] * hidden, [0.0] * hidden, []
    for t in range(len(encoded)):
        skills = [int(k) for k in encoded.skill_rows[t] if k >= 0]
        offset = difficulty.get(encoded.items[t], 0.0)
        logit = sum(sum(a["W_out"][k, j] * h[j] for j in range(hidden)) + a["b_out"][k] for k in skills)
        result.append(1 / (1 + math.exp(-(logit / len(skills) + offset))))
        gates = []
        for g in range(4 * hidden):
            seen = sum(a["W_in"][k + int(encoded.correct[t]) * rows, g] for k in skills) / len(skills)
            gates.append(
                seen + offset * a["u"][g] + sum(h[j] * a["W_hh"][j, g] for j in range(hidden)) + a["b"][g]
            )
        for j in range(hidden):
            i, f, o = (1 / (1 + math.exp(-gates[q * hidden + j])) for q in range(3))
            c[j] = f * c[j] + i * math.tanh(gates[3 * hidden + j])
            h[j] = o * math.tanh(c[j])
    return result


def test_predictions_are_the_equations_written_out_plainly() -> None:
    """Skill sets of 1-4, unmapped skills, known and unknown difficulties."""
    arrays, encoded = random_arrays(SKILLS.rows, HIDDEN, 1), random_encoded(40, 2)
    difficulty = random_difficulty(3)
    expected = plain_probabilities(arrays, encoded, difficulty)
    assert predict_dkt(arrays, encoded, difficulty) == pytest.approx(expected, abs=2e-6)


def test_stepping_through_a_history_gives_the_same_logits() -> None:
    """`start`, `step` and `logits` are the served path; `logits_dkt` is the whole history at once."""
    arrays, encoded = random_arrays(SKILLS.rows, HIDDEN, 4), random_encoded(30, 5)
    difficulty = random_difficulty(6)
    state, seen = start(HIDDEN), []
    for t, item in enumerate(encoded.items):
        offset = difficulty.get(item, 0.0)
        seen.append(logits(arrays, state, encoded.skill_rows[t : t + 1], difficulty=offset)[0])
        state = step(arrays, state, encoded.skill_rows[t], correct=bool(encoded.correct[t]), difficulty=offset)
    assert logits_dkt(arrays, encoded, difficulty) == pytest.approx(np.array(seen), abs=1e-5)
    assert state_after(arrays, encoded, difficulty).h == pytest.approx(state.h, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(0, 1000))
def test_flipping_an_answer_leaves_it_and_all_earlier_predictions_bit_equal(length: int, seed: int) -> None:
    """The leakage guard: attempt t is predicted from attempts before t only."""
    arrays, encoded = random_arrays(SKILLS.rows, HIDDEN, 7), random_encoded(length, seed)
    before = predict_dkt(arrays, encoded, {})
    t = seed % length
    encoded.correct[t] ^= True
    after = predict_dkt(arrays, encoded, {})
    assert np.array_equal(before[: t + 1], after[: t + 1])
    assert t == length - 1 or not np.array_equal(before[t + 1 :], after[t + 1 :])


def test_the_first_attempt_is_predicted_from_the_start_state() -> None:
    """With h = 0 that is the mean of the output biases plus the item's difficulty."""
    arrays, encoded = random_arrays(SKILLS.rows, HIDDEN, 8), random_encoded(1, 9)
    rows = [k for k in encoded.skill_rows[0] if k >= 0]
    expected = float(np.mean(arrays["b_out"][rows])) + 0.25
    assert logits_dkt(arrays, encoded, {encoded.items[0]: 0.25})[0] == pytest.approx(expected, abs=1e-6)


def test_asking_a_single_skill_is_its_row_of_the_skill_logits() -> None:
    """One skill per item: the mean over skills is that skill."""
    arrays = random_arrays(SKILLS.rows, HIDDEN, 10)
    state = state_after(arrays, random_encoded(12, 11), {})
    asked = np.arange(SKILLS.rows, dtype=np.int32)[:, None]
    assert logits(arrays, state, asked) == pytest.approx(skill_logits(arrays, state), abs=1e-6)


def test_extreme_weights_saturate_without_a_warning() -> None:
    """Warnings are errors here: no overflow whatever a release holds."""
    arrays = {name: array * 1e4 for name, array in random_arrays(SKILLS.rows, HIDDEN, 12).items()}
    predicted = predict_dkt(arrays, random_encoded(20, 13), {})
    assert ((predicted >= 0) & (predicted <= 1)).all()


def test_an_empty_history_has_no_predictions() -> None:
    """And its state is the start state."""
    arrays, empty = random_arrays(SKILLS.rows, HIDDEN, 14), random_encoded(0, 15)
    assert predict_dkt(arrays, empty, {}).shape == (0,)
    assert not state_after(arrays, empty, {}).h.any()


def test_importing_it_does_not_import_torch() -> None:
    """The web process at a school has no torch."""
    code = "import sys, common.models.dkt_numpy; sys.exit('torch' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
