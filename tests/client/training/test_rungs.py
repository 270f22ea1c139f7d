"""What a school serves predicts what its rungs predicted when they were fitted."""

import numpy as np
import pytest

from client.insight.replayed import KeptModels, replay
from client.records.serving import ServedBkt, ServedLadder
from client.training.rungs import RungLogits, as_served, joined_logits, logits_by_rung
from client.training.scored_answers import scored_answers
from common.models.bkt import default_bkt
from common.models.dkt_numpy import predict_dkt
from common.models.encoding import encode
from common.models.ladder import RUNGS, STACK
from common.models.local_logistic import predict_local
from common.models.odds import sigmoid
from common.models.stack import StackWeights
from tests.support.ladders import random_ladder
from tests.support.models import SKILLS, random_encoded, random_history


def test_each_rung_predicts_what_its_model_says_from_the_second_attempt_on() -> None:
    """The logistic model and the network by their own functions, the stack by hand."""
    models, histories = random_ladder(SKILLS, 2), [random_encoded(n, n) for n in (9, 1, 4)]
    chances = logits_by_rung(as_served(default_bkt(SKILLS.rows), models), histories).chances(models.weights)
    logistic = predict_local(models.logistic, histories)
    assert chances["logistic"] == pytest.approx([*logistic[1:9], *logistic[11:]])
    assert models.dkt is not None
    network = np.concatenate([predict_dkt(models.dkt, h, models.difficulty)[1:] for h in histories])

    def logit(p: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(p) - np.log1p(-p))

    weights = models.weights
    stack = weights.constant + weights.logistic * logit(chances["logistic"]) + weights.dkt * logit(network)
    assert chances["stack"] == pytest.approx(sigmoid(stack), abs=1e-5)


def test_without_a_network_there_is_no_stack() -> None:
    """Two rungs, also after folds were joined."""
    parts = [RungLogits(np.full(n, 0.5), np.zeros(n), None) for n in (2, 3)]
    joined = joined_logits(parts)
    assert list(joined.chances(StackWeights(0, 1, 1))) == ["bkt", "logistic"]
    assert joined.chances()["logistic"].tolist() == [0.5] * 5


def test_the_replay_in_numpy_says_what_the_gate_heard() -> None:
    """The drift monitor asks the same models about the same answers, without torch."""
    found = [random_history(n, n, student=f"s{n}") for n in (9, 1, 4, 30)]
    models, bkt = random_ladder(SKILLS, 2), default_bkt(SKILLS.rows)
    replayed = replay(found, KeptModels(ServedBkt(SKILLS, bkt), ServedLadder("own", SKILLS, STACK, models)))
    encoded = [encode(history, SKILLS) for history in found]
    judged = logits_by_rung(as_served(bkt, models), encoded).chances(models.weights)
    answers = scored_answers(encoded)
    assert set(replayed.chances) == set(RUNGS)
    for rung in RUNGS:
        assert replayed.chances[rung] == pytest.approx(judged[rung], abs=1e-5)
    assert replayed.correct.tolist() == answers.correct.tolist()
    assert replayed.student.tolist() == answers.student.tolist()
    assert replayed.items == answers.items
