"""The logistic rung at one school: the prior moved towards the school's own answers, as far as that helps here.

How firmly the prior is held, and whether to fit at all, is decided on validation students: where schools are
alike a local fit only adds noise, so "no local fit" is among the candidates when there is a prior. A choice by a
handful of students would be luck (it cost small schools .007 AUC): with too few, the usual strengths hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from client.training.gate import is_enough
from client.training.logistic_fit import Answered, LogisticPrior, Strengths, fit, model_of, prepare
from client.training.scored_answers import from_second
from common.models.encoding import EncodedHistory
from common.models.local_logistic import LocalLogistic, local_logits
from common.models.logistic import initial_arrays
from common.models.logistic_features import Floats
from common.models.metrics import log_loss
from common.models.odds import sigmoid

NOISY_PRIOR = Strengths(shared=30.0, beta=3.0, item=2.0)  # of a release under differential privacy
# The same where it knows how hard item families are: few own answers on a family say less than the prior.
FAMILY_PRIOR = Strengths(shared=30.0, beta=10.0, item=20.0)
EXACT_PRIOR = Strengths(shared=10.0, beta=10.0, item=10.0)  # of a model that was fitted without noise
NO_PRIOR = Strengths(shared=1.0, beta=3.0, item=2.0)  # around zero, for a school alone
FACTORS = (3.0, 1.0, 1 / 3)  # firmest first: each fit starts where the last one ended
SKILL_SLOPES = 10.0  # lambda of an own slope per skill, around none
SMALLEST_GAIN = 1e-4  # of log loss; less is luck


@dataclass(frozen=True, slots=True, eq=False)
class LocalFit:
    """What serves as the logistic rung. factor: of the strengths, None where the prior stayed as it is."""

    model: LocalLogistic = field(repr=False)
    factor: float | None
    skill_slopes: bool = False


def fit_here(
    prior: LogisticPrior,
    strengths: Strengths,
    *,
    train: Sequence[EncodedHistory],
    validation: Sequence[EncodedHistory],
) -> LocalFit:
    """Fits on `train`; `validation` decides if there is enough of it. Without answers the prior stays as it is."""
    if not any(map(len, train)):
        return LocalFit(prior.as_model(), None)
    answered = prepare(prior, train)
    if not _can_tell(validation):
        return _usual(answered, strengths)
    return _best(LocalFit(prior.as_model(), None), answered, strengths, validation=validation)


def fit_alone(rows: int, *, train: Sequence[EncodedHistory], validation: Sequence[EncodedHistory]) -> LocalFit:
    """The local-only baseline: around zero, with the same tuning."""
    prior = LogisticPrior(initial_arrays(rows, 0), {})
    if not any(map(len, train)):
        return LocalFit(prior.as_model(), None)
    answered = prepare(prior, train)
    usual = _usual(answered, NO_PRIOR)
    return _best(usual, answered, NO_PRIOR, validation=validation) if _can_tell(validation) else usual


def predict_logits(model: LocalLogistic, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) logits in the order of `scored_answers`: every attempt from the second of a history."""
    if not any(map(len, histories)):
        return np.zeros(0)
    ends = np.cumsum([len(history) for history in histories])[:-1]
    return from_second(np.split(local_logits(model, histories), ends), np.float64)


def _usual(answered: Answered, strengths: Strengths) -> LocalFit:
    return LocalFit(model_of(answered, fit(answered, strengths)), 1.0)


def _can_tell(validation: Sequence[EncodedHistory]) -> bool:
    """Whether so many students can tell fits apart; the gate asks for as many."""
    scored = [len(history) - 1 for history in validation if len(history) > 1]
    return is_enough(len(scored), sum(scored))


def _best(
    first: LocalFit, answered: Answered, strengths: Strengths, *, validation: Sequence[EncodedHistory]
) -> LocalFit:
    """The candidate with the least validation loss, and then own skill slopes if they lower it further."""
    correct = from_second([history.correct for history in validation], np.bool_)

    def loss(candidate: LocalFit) -> float:
        return log_loss(correct, sigmoid(predict_logits(candidate.model, validation)))

    best, best_loss = first, loss(first) - SMALLEST_GAIN
    for candidate in _candidates(answered, strengths):
        now = loss(candidate)
        if now < best_loss:
            best, best_loss = candidate, now
    if best.factor is None:
        return best
    sloped = _with_skill_slopes(answered, strengths, best.factor)
    return sloped if loss(sloped) < best_loss - SMALLEST_GAIN else best


def _candidates(answered: Answered, strengths: Strengths) -> Iterator[LocalFit]:
    deviation: Floats | None = None
    for factor in FACTORS:
        deviation = fit(answered, strengths.times(factor), deviation)
        yield LocalFit(model_of(answered, deviation), factor)


def _with_skill_slopes(answered: Answered, strengths: Strengths, factor: float) -> LocalFit:
    firm = strengths.times(factor)
    own = Strengths(firm.shared, firm.beta, firm.item, skill_slopes=SKILL_SLOPES)
    return LocalFit(model_of(answered, fit(answered, own)), factor, skill_slopes=True)
