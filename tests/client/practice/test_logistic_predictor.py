"""The logistic and the stacked predictor agree with a run over the whole history, and are quick."""

from datetime import timedelta

import numpy as np
import pytest

from client.content.items import Family
from client.practice.dkt_predictor import DktPredictor
from client.practice.logistic_predictor import LogisticPredictor
from client.practice.stack_predictor import StackPredictor
from common.clock import StoppedClock
from common.interactions import History, Interaction
from common.models.dkt_numpy import predict_dkt
from common.models.encoding import encode
from common.models.local_logistic import local_logits
from common.models.odds import sigmoid
from common.models.stack import StackWeights, stacked_logit
from common.skills import SkillMap
from tests.support.ladders import random_logistic
from tests.support.models import random_arrays
from tests.support.practising import BANK

_MAP = SkillMap("test", ("Q1", "Q2", "Q8", "F5"))


def _rows(count: int, clock: StoppedClock, *, timed: bool) -> tuple[Interaction, ...]:
    """Answers of an hour ago and before, some of them of little weight, one quarantined."""
    rng, families = np.random.default_rng(4), BANK.families()
    asked = [families[int(i)] for i in rng.integers(len(families), size=count)]
    start = clock.now().timestamp() - 3600 * count
    times = [start + 3600.0 * t if timed else None for t in range(count)]
    weights = [0.0 if t == 5 else float(rng.choice([1.0, 0.2])) for t in range(count)]
    return tuple(
        Interaction(f.id, f.skills, bool(rng.integers(2)), at, weight)
        for f, at, weight in zip(asked, times, weights, strict=True)
    )


def _next(rows: tuple[Interaction, ...], family: Family, clock: StoppedClock) -> History:
    """The history with one more answer to the family, now."""
    at = None if rows[-1].at_seconds is None else clock.now().timestamp()
    return History("s", (*rows, Interaction(family.id, family.skills, True, at)))


@pytest.mark.parametrize("timed", [True, False])
def test_it_equals_a_run_over_the_whole_history(timed: bool) -> None:
    """With and without times, for every family of the bank at once."""
    clock, model = StoppedClock(), random_logistic(_MAP)
    predictor = LogisticPredictor(model, _MAP, clock=clock, version="d1")
    rows, families = _rows(30, clock, timed=timed), BANK.families()
    predicted = predictor.logits(History("s", rows), families)
    expected = [local_logits(model, [encode(_next(rows, f, clock), _MAP)])[-1] for f in families]
    assert predicted == pytest.approx(expected, abs=1e-6)  # a weight of .2 is float32 in tables
    assert predictor.predict(History("s", rows), families) == pytest.approx(sigmoid(predicted))
    assert predictor.version == "d1"


def test_time_that_passes_changes_the_prediction() -> None:
    """The gap since the last answer is read from the clock."""
    clock = StoppedClock()
    predictor = LogisticPredictor(random_logistic(_MAP), _MAP, clock=clock, version="d1")
    history = History("s", _rows(10, clock, timed=True))
    before = predictor.predict(history, BANK.families())
    clock.advance(timedelta(days=9))
    assert not np.allclose(predictor.predict(history, BANK.families()), before)


def test_the_first_answer_has_a_prediction() -> None:
    """Nothing is known of the student, and of the time neither."""
    clock, model = StoppedClock(), random_logistic(_MAP)
    family = BANK.families()[0]
    predicted = LogisticPredictor(model, _MAP, clock=clock, version="d1").logits(History("s", ()), [family])
    alone = encode(History("s", (Interaction(family.id, family.skills, True),)), _MAP)
    assert predicted == pytest.approx(local_logits(model, [alone]))


def test_the_stack_weighs_both_logits() -> None:
    """Each from its own state of the student."""
    clock, arrays, weights = StoppedClock(), random_arrays(_MAP.rows, 4, 1), StackWeights(0.1, 0.6, 0.5)
    logistic = LogisticPredictor(random_logistic(_MAP), _MAP, clock=clock, version="d1")
    network = DktPredictor(arrays, _MAP, difficulty={}, version="d1")
    stack = StackPredictor(logistic, network, weights, version="d1")
    rows = tuple(row for row in _rows(20, clock, timed=False) if row.weight > 0)
    families = BANK.families()
    chances = [predict_dkt(arrays, encode(_next(rows, f, clock), _MAP), {})[-1] for f in families]
    dkt = np.log(np.array(chances)) - np.log1p(-np.array(chances))
    expected = sigmoid(stacked_logit(weights, logistic.logits(History("s", rows), families), dkt))
    assert stack.predict(History("s", rows), families) == pytest.approx(expected, abs=1e-5)
    assert stack.version == "d1"
