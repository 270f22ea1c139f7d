"""The logistic rung at a school: fitted where that helps, left alone where it doesn't."""

import numpy as np

from client.training.local_fit import EXACT_PRIOR, fit_alone, fit_here, predict_logits
from client.training.logistic_fit import LogisticPrior
from client.training.scored_answers import scored_answers
from common.models.encoding import EncodedHistory, encode
from common.models.logistic import initial_arrays
from common.models.metrics import log_loss
from common.models.odds import sigmoid
from common.models.simulated_students import SimulatedItem, simulate
from tests.support.models import SKILLS

# Two items per skill, one far harder than the other.
ITEMS = [SimulatedItem(f"{k}/{n}", (k,), 2.5 - 5.0 * n) for k in SKILLS.names for n in range(2)]


def _students(count: int, seed: int, items: list[SimulatedItem] = ITEMS) -> list[EncodedHistory]:
    found = simulate("growth", items, students=count, rng=np.random.default_rng(seed))
    return [encode(history, SKILLS) for history in found]


def _loss(logits: np.ndarray, students: list[EncodedHistory]) -> float:
    return log_loss(scored_answers(students).correct, sigmoid(logits))


def test_a_school_alone_learns_which_items_are_hard() -> None:
    """Its own fit beats the guess of one half by far on students it never saw, and knows hard from easy."""
    fitted = fit_alone(SKILLS.rows, train=_students(60, 1), validation=_students(20, 2))
    test = _students(20, 3)
    assert _loss(predict_logits(fitted.model, test), test) < np.log(2) - 0.1
    easy, hard = (np.mean([fitted.model.offsets[f"{k}/{n}"] for k in SKILLS.names]) for n in (0, 1))
    assert easy - hard > 1.0


def test_a_local_fit_improves_a_prior_from_elsewhere() -> None:
    """The prior comes from schools whose items are turned round."""
    turned = [SimulatedItem(item.item, item.skills, -item.difficulty) for item in ITEMS]
    elsewhere = fit_alone(SKILLS.rows, train=_students(60, 4, turned), validation=_students(20, 5, turned))
    prior = LogisticPrior(elsewhere.model.arrays, {})
    here = fit_here(prior, EXACT_PRIOR, train=_students(60, 6), validation=_students(20, 7))
    test = _students(20, 8)
    assert here.factor is not None
    assert _loss(predict_logits(here.model, test), test) < _loss(predict_logits(prior.as_model(), test), test)


def test_no_local_fit_is_kept_when_the_prior_is_already_right() -> None:
    """A fit on two students' answers loses against a prior of hundreds, and the prior stays."""
    wide = fit_alone(SKILLS.rows, train=_students(300, 9), validation=_students(40, 10)).model
    families = {item: row for row, item in enumerate(wide.offsets)}
    arrays = {**wide.arrays, "family": np.array(list(wide.offsets.values()), np.float32)}
    here = fit_here(
        LogisticPrior(arrays, families),
        EXACT_PRIOR.times(0.01),
        train=_students(2, 11),
        validation=_students(40, 12),
    )
    assert here.factor is None


def test_a_handful_of_validation_students_decides_nothing() -> None:
    """Whatever they say, the usual strengths hold; the gate judges the result."""
    prior = LogisticPrior(initial_arrays(SKILLS.rows, 0), {})
    train = _students(30, 0)
    for few in ([], _students(3, 1), _students(14, 2)):
        assert fit_here(prior, EXACT_PRIOR, train=train, validation=few).factor == 1.0
        alone = fit_alone(SKILLS.rows, train=train, validation=few)
        assert (alone.factor, alone.skill_slopes) == (1.0, False)


def test_without_answers_the_prior_serves() -> None:
    """An empty school has the prior, or zeros."""
    prior = LogisticPrior(initial_arrays(SKILLS.rows, 0), {})
    assert fit_here(prior, EXACT_PRIOR, train=[], validation=_students(5, 0)).factor is None
    assert fit_alone(SKILLS.rows, train=[], validation=[]).factor is None
    assert predict_logits(prior.as_model(), []).shape == (0,)
