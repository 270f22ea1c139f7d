"""Rung 1 in the benchmark: the logistic model at one school, over all of them, and around a prior at a school."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.quality.outputs import Floats, Parts, calibrated, of_part, of_school
from benchmarks.quality.protocol import Histories, School
from client.training.local_fit import NO_PRIOR, fit_alone, fit_here, predict_logits
from client.training.logistic_fit import LogisticPrior, Strengths, fit, model_of, prepare
from common.models.encoding import EncodedHistory
from common.models.local_logistic import LocalLogistic
from common.models.logistic import initial_arrays


def fit_central(train: Histories, rows: int) -> LogisticPrior:
    """One fit over all members, item offsets too: sums of gradients make federated and central the same fit."""
    answered = prepare(LogisticPrior(initial_arrays(rows, 0), {}), train)
    model = model_of(answered, fit(answered, NO_PRIOR))
    families = {item: row for row, item in enumerate(model.offsets)}
    offsets = np.array(list(model.offsets.values()), np.float32)
    return LogisticPrior({**model.arrays, "family": offsets}, families)


def zero_shot(school: School, prior: LogisticPrior) -> Parts:
    """The common model as it is."""
    return of_school(partial(logistic_logits, prior.as_model()), school)


def local(school: School, rows: int) -> Parts:
    """A fit of the school's own, tuned and calibrated like every other."""
    models = [fit_alone(rows, train=p.train, validation=p.validation).model for p in school.parts]
    return _own(models, school)


def personal(school: School, prior: LogisticPrior, strengths: Strengths) -> Parts:
    """The MAP fit around the common model, or that model itself where the fit doesn't help; calibrated here."""
    models = [fit_here(prior, strengths, train=p.train, validation=p.validation).model for p in school.parts]
    return _own(models, school)


def _own(models: Sequence[LocalLogistic], school: School) -> Parts:
    said = (of_part(partial(logistic_logits, m), p) for m, p in zip(models, school.parts, strict=True))
    return tuple(calibrated(one, part) for one, part in zip(said, school.parts, strict=True))


def logistic_logits(model: LocalLogistic, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) in the order of `scored_answers`."""
    return predict_logits(model, histories)
