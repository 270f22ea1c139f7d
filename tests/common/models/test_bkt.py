"""BKT's predictions and updates, against values worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Corrupt
from common.interactions import History, Interaction
from common.models.bkt import BktParameters, chance_right, default_bkt, predict_bkt, update_known
from common.models.encoding import encode
from tests.support.models import SKILLS, random_encoded

BUILT_IN = default_bkt(SKILLS.rows)
probability = st.floats(0.0, 1.0)


def test_a_new_skill_is_answered_right_with_55_percent_by_the_built_in_values() -> None:
    """.5 (1 - .1) + .5 x .2."""
    assert chance_right(BUILT_IN, {}, (1, -1, -1, -1)) == pytest.approx(0.55)


def test_a_right_answer_is_worked_by_hand() -> None:
    """Bayes: .45 / .55 = .8182; then .8182 x .98 + .1818 x .15 = .82909."""
    known = update_known(BUILT_IN, {}, (2,), correct=True)
    assert known == {2: pytest.approx(9 / 11 * 0.98 + 2 / 11 * 0.15)}


def test_a_wrong_answer_is_worked_by_hand() -> None:
    """Bayes: .05 / .45; then 1/9 x .98 + 8/9 x .15."""
    known = update_known(BUILT_IN, {2: 0.5}, (2,), correct=False)
    assert known[2] == pytest.approx(1 / 9 * 0.98 + 8 / 9 * 0.15)


def test_several_skills_are_predicted_by_their_mean_and_all_updated() -> None:
    """P(known) .9 and .1: (.83 + .27) / 2."""
    before = {1: 0.9, 2: 0.1, 3: 0.4}
    assert chance_right(BUILT_IN, before, (1, 2)) == pytest.approx((0.83 + 0.27) / 2)
    after = update_known(BUILT_IN, before, (1, 2), correct=True)
    assert after[3] == before[3]
    assert after[1] != before[1] != after[2]
    assert before == {1: 0.9, 2: 0.1, 3: 0.4}


def test_evidence_of_weight_nought_changes_nothing_and_little_weight_changes_little() -> None:
    """A flagged answer moves P(known) less than an ordinary one."""
    moved = [update_known(BUILT_IN, {1: 0.5}, (1,), correct=True, weight=w)[1] for w in (0.0, 0.2, 1.0)]
    assert moved[0] == 0.5
    assert 0.5 < moved[1] < moved[2]


@given(probability, st.booleans(), st.floats(0.0, 1.0))
def test_p_known_stays_a_probability_and_a_right_answer_never_leaves_less_than_a_wrong_one(
    known: float, correct: bool, weight: float
) -> None:
    """For any start, answer and weight."""
    after = update_known(BUILT_IN, {1: known}, (1,), correct=correct, weight=weight)[1]
    other = update_known(BUILT_IN, {1: known}, (1,), correct=not correct, weight=weight)[1]
    assert 0.0 <= after <= 1.0
    assert (after >= other - 1e-12) if correct else (after <= other + 1e-12)


def test_predicting_a_history_is_asking_and_updating_in_turn() -> None:
    """`predict_bkt` is the fast path of the two one-step functions."""
    encoded, expected = random_encoded(50, 3), []
    known: dict[int, float] = {}
    for t in range(len(encoded)):
        rows = encoded.skill_rows[t]
        expected.append(chance_right(BUILT_IN, known, rows))
        known = update_known(
            BUILT_IN, known, rows, correct=bool(encoded.correct[t]), weight=float(encoded.weight[t])
        )
    assert predict_bkt(BUILT_IN, encoded) == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 29))
def test_flipping_an_answer_leaves_it_and_all_earlier_predictions_bit_equal(t: int) -> None:
    """The leakage guard."""
    encoded = random_encoded(30, 4)
    before = predict_bkt(BUILT_IN, encoded)
    encoded.correct[t] ^= True
    assert np.array_equal(before[: t + 1], predict_bkt(BUILT_IN, encoded)[: t + 1])


def test_saved_parameters_are_read_back_and_damage_is_refused() -> None:
    """JSON keeps every bit of a double; missing fields, other lengths and impossible values don't pass."""
    saved = BUILT_IN.to_json()
    assert BktParameters.from_json(saved).to_json() == saved
    damaged: tuple[object, ...] = (
        [],
        {**saved, "p_guess": [0.9] * SKILLS.rows},
        {**saved, "p_slip": saved["p_slip"][:-1]},
        {**saved, "p_learn": ["a"] * SKILLS.rows},
        {**saved, "p_learn": [float("nan")] * SKILLS.rows},
        {name: [] for name in saved},
        {"p_init": saved["p_init"]},
    )
    for bad in damaged:
        with pytest.raises(Corrupt):
            BktParameters.from_json(bad)


def test_a_student_without_answers_has_no_predictions() -> None:
    """An empty history is no special case."""
    assert predict_bkt(BUILT_IN, encode(History("s", ()), SKILLS)).shape == (0,)


def test_an_unmapped_skill_uses_row_nought() -> None:
    """Row 0 is some other skill, with numbers of its own."""
    numbers = {**BUILT_IN.to_json(), "p_init": [0.9] + [0.1] * (SKILLS.rows - 1)}
    encoded = encode(History("s", (Interaction("q", ("juggling",), True),)), SKILLS)
    assert predict_bkt(BktParameters.from_json(numbers), encoded)[0] == pytest.approx(0.9 * 0.9 + 0.1 * 0.2)
