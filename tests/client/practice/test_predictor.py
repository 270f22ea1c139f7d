"""The BKT predictor agrees with the model it wraps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.predictor import BktPredictor, default_predictor
from common.interactions import History, Interaction
from common.models.bkt import default_bkt, predict_bkt
from common.models.encoding import encode
from common.skills import SkillMap
from tests.support.practising import BANK

_SKILLS = tuple(skill.id for skill in BANK.skills())
_MAP = SkillMap("built-in", _SKILLS)


@given(st.lists(st.tuples(st.sampled_from(BANK.families()), st.booleans()), min_size=1, max_size=25))
def test_it_says_what_the_model_says_of_the_next_answer(answers: list[tuple[object, bool]]) -> None:
    """predict_bkt on the history with one more answer is the plain twin."""
    rows = tuple(Interaction(f.id, f.skills, right) for f, right in answers)  # type: ignore[attr-defined]
    asked = BANK.families_of("Q8")[0]
    predicted = default_predictor(_SKILLS).predict(History("s", rows), [asked])
    whole = encode(History("s", (*rows, Interaction(asked.id, asked.skills, True))), _MAP)
    assert predicted[0] == pytest.approx(predict_bkt(default_bkt(_MAP.rows), whole)[-1], abs=1e-12)


def test_the_first_prediction_is_worked_by_hand() -> None:
    """.5 × .9 + .5 × .2 = .55 for every family."""
    predicted = default_predictor(_SKILLS).predict(History("s", ()), BANK.families())
    assert predicted == pytest.approx(np.full(len(BANK.families()), 0.55))


def test_one_right_answer_by_hand() -> None:
    """.45 / .55 = .81818 known; × .98 + .18182 × .15 = .82909."""
    predictor = default_predictor(_SKILLS)
    assert predictor.p_after(predictor.p_start("Q1"), "Q1", correct=True) == pytest.approx(0.829091, abs=1e-6)
    assert predictor.version == "bkt"


def test_skills_outside_the_map_share_numbers_but_not_progress() -> None:
    """Both have row 0; right answers on one say nothing about the other."""
    predictor = BktPredictor(default_bkt(2), SkillMap("small", ("F5",)))
    history = History("s", tuple(Interaction("x", ("Q1",), True) for _ in range(5)))
    first, second = predictor.predict(history, [BANK.families_of("Q1")[0], BANK.families_of("Q2")[0]])
    assert first > 0.85
    assert second == pytest.approx(0.55)
