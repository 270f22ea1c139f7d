"""The guards of leakage pass honest models and fail on planted leaks."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.quality.bkt_rung import bkt_logits
from benchmarks.quality.dkt_rung import dkt_logits
from benchmarks.quality.leak_checks import expansion_alarm, loader_refuses
from benchmarks.quality.leakage import ExpansionAlarm, Predict, as_attempts, expanded, flip_answers
from benchmarks.quality.logistic_rung import fit_central, logistic_logits
from benchmarks.quality.plain_dkt import Recipe
from benchmarks.quality.protocol import Part
from client.training.personalise import PersonalModel
from common.interactions import History, Interaction
from common.models.bkt import default_bkt
from common.models.dkt import initial_arrays
from common.models.encoding import EncodedHistory, encode
from common.skills import SkillMap

SKILLS = SkillMap("test", tuple(f"k{n}" for n in range(6)))


def class_of(count: int, length: int = 30, *, several: float = 0.5) -> tuple[EncodedHistory, ...]:
    """Students who guess: nothing can be learnt from the past. Half of their attempts have two skills."""
    rng = np.random.default_rng(0)
    students = []
    for n in range(count):
        attempts = []
        for t in range(length):
            first, second = rng.choice(6, 2, replace=False)
            skills = (f"k{first}", f"k{second}") if rng.random() < several else (f"k{first}",)
            attempts.append(Interaction(f"i{n}-{t}", skills, bool(rng.random() < 0.5)))
        students.append(encode(History(f"s{n}", tuple(attempts)), SKILLS))
    return tuple(students)


def peeking(histories: Sequence[EncodedHistory]) -> NDArray[np.float64]:
    """A planted leak: the prediction of an attempt is moved by its own answer, ever so little."""
    return np.concatenate([0.5 + 1e-15 * history.correct[1:] for history in histories])


def predictors() -> dict[str, Predict]:
    """An honest model of every kind."""
    dkt = PersonalModel(initial_arrays(SKILLS.rows, 5, 0), {"i0-3": 0.7})
    logistic = fit_central(class_of(10), SKILLS.rows).as_model()
    return {
        "bkt": partial(bkt_logits, default_bkt(SKILLS.rows)),
        "lr": partial(logistic_logits, logistic),
        "dkt": partial(dkt_logits, dkt),
    }


@pytest.mark.parametrize("model", ["bkt", "lr", "dkt"])
def test_an_honest_model_predicts_the_same_whatever_comes_after(model: str) -> None:
    """To the last bit, over sixty flipped answers."""
    students = [as_attempts(history) for history in class_of(6)]
    result = flip_answers(predictors()[model], students, rng=np.random.default_rng(1), flips=60)
    assert result.passed
    assert (result.flips, result.leaks) == (60, 0)


def test_a_model_that_sees_the_answer_fails_the_flip() -> None:
    """Every flip of it shows, even where the leak is in the last bits."""
    students = [as_attempts(history) for history in class_of(6)]
    result = flip_answers(peeking, students, rng=np.random.default_rng(1), flips=60)
    assert not result.passed
    assert result.leaks == 60


@pytest.mark.parametrize("model", ["lr", "dkt"])
def test_expanded_rows_fail_the_flip_of_a_model_that_looks_across_skills(model: str) -> None:
    """The second row of an attempt is predicted from a past that holds its answer."""
    students = [expanded(history) for history in class_of(6, several=1.0)]
    result = flip_answers(predictors()[model], students, rng=np.random.default_rng(1), flips=60)
    assert result.leaks > 30
    assert not result.passed


def test_bkt_cannot_show_expanded_rows() -> None:
    """It keeps each skill apart, so the copy of an answer under another skill tells it nothing: a blind guard."""
    students = [expanded(history) for history in class_of(6, several=1.0)]
    assert flip_answers(predictors()["bkt"], students, rng=np.random.default_rng(1), flips=60).leaks == 0


def test_nobody_to_flip_is_no_pass() -> None:
    """A guard that looked at nothing vouches for nothing."""
    assert not flip_answers(peeking, [], rng=np.random.default_rng(1), flips=60).passed


def test_expansion_keeps_attempts_together() -> None:
    """By hand: two skills, then one."""
    attempts = (Interaction("a", ("k0", "k1"), correct=True), Interaction("b", ("k2",), correct=False))
    rows = expanded(encode(History("s", attempts), SKILLS))
    assert rows.history.items == ("a", "a", "b")
    assert rows.history.skill_rows[:, 0].tolist() == [1, 2, 3]
    assert rows.history.correct.tolist() == [True, True, False]
    assert rows.attempt.tolist() == [0, 0, 1]


def test_the_loader_names_the_line_of_an_expanded_attempt() -> None:
    """The second row of the first attempt with two skills."""
    attempts = (Interaction("a", ("k3",), correct=True), Interaction("b", ("k0", "k1"), correct=True))
    sentence = loader_refuses([encode(History("s", attempts), SKILLS)], SKILLS)
    assert sentence is not None
    assert "line 4: it repeats the attempt above for another skill" in sentence
    assert loader_refuses(class_of(2, several=0.0), SKILLS) is None


def test_a_dkt_on_expanded_rows_rings_the_alarm() -> None:
    """Nothing can be learnt from students who guess, but from the copy of an answer everything."""
    students = class_of(80)
    part = Part(students[:60], students[60:70], students[70:])
    alarm = expansion_alarm(part, initial_arrays(SKILLS.rows, 8, 0), seed=0, recipe=Recipe(epochs=12, rate=0.02))
    assert alarm is not None
    assert alarm.tripped
    assert abs(alarm.honest_auc - 0.5) < 0.12


def test_the_alarm_needs_attempts_with_several_skills_and_five_points() -> None:
    """No such attempt, no alarm; and .049 is quiet."""
    students = class_of(9, several=0.0)
    assert expansion_alarm(Part(students, students, students), initial_arrays(SKILLS.rows, 4, 0), seed=0) is None
    assert not ExpansionAlarm(0.73, 0.779).tripped
    assert ExpansionAlarm(0.7287, 0.7953).as_json() == {
        "honest_auc": 0.7287,
        "expanded_auc": 0.7953,
        "threshold": 0.05,
        "tripped": True,
    }
