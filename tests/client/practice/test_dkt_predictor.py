"""The DKT predictor agrees with a run over the whole history."""

import numpy as np
import pytest

from client.practice.dkt_predictor import DktPredictor
from common.arrays import Arrays
from common.interactions import History, Interaction
from common.models.dkt_numpy import predict_dkt
from common.models.dkt_shapes import all_shapes
from common.models.encoding import encode
from common.skills import SkillMap
from tests.support.practising import BANK

_MAP = SkillMap("test", ("Q1", "Q2", "Q8", "F5"))
_DIFFICULTY = {"Q8.procedure": -0.7, "Q1.word_problem": 0.4}


def _arrays() -> Arrays:
    rng = np.random.default_rng(3)
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in all_shapes(_MAP.rows, 8)}


def test_it_equals_a_run_over_the_whole_history() -> None:
    """Answer by answer, with item difficulty and skills outside the map."""
    arrays, rng = _arrays(), np.random.default_rng(4)
    predictor = DktPredictor(arrays, _MAP, difficulty=_DIFFICULTY, version="d1")
    families = BANK.families()
    rows: tuple[Interaction, ...] = ()
    for _ in range(30):
        family = families[int(rng.integers(len(families)))]
        answered = (*rows, Interaction(family.id, family.skills, bool(rng.integers(2))))
        expected = predict_dkt(arrays, encode(History("s", answered), _MAP), _DIFFICULTY)[-1]
        assert predictor.predict(History("s", rows), [family])[0] == pytest.approx(expected, abs=1e-5)
        rows = answered
    assert predictor.version == "d1"


def test_a_harder_item_has_the_lower_chance() -> None:
    """Difficulty is an offset on the logit."""
    predictor = DktPredictor(_arrays(), _MAP, difficulty=_DIFFICULTY, version="d1")
    hard, plain = predictor.predict(History("s", ()), BANK.families_of("Q8")[:2])
    assert hard < plain
