"""Rung 0 in the benchmark: BKT by EM at one school, over all of them, and at one school around common values."""

from collections.abc import Sequence
from functools import partial

from benchmarks.quality.outputs import Floats, Parts, logit, of_part, of_school
from benchmarks.quality.protocol import Histories, School
from client.training.bkt_rung import predict_local_bkt
from common.models.bkt import BktParameters
from common.models.bkt_fit import fit_bkt
from common.models.encoding import EncodedHistory

PRIOR_COUNTS = 10.0  # how many pseudo-counts the common value of a parameter is worth at a school


def fit_central(train: Histories, rows: int) -> BktParameters:
    """All members' training students together; EM adds expected counts, so schools could send those instead."""
    return fit_bkt([history for history in train if len(history)], rows)


def zero_shot(school: School, parameters: BktParameters) -> Parts:
    """The common values as they are."""
    return of_school(partial(bkt_logits, parameters), school)


def local(school: School, rows: int, prior: BktParameters | None = None) -> Parts:
    """A fit of each part's own; around `prior` if there is one."""
    parts = []
    for part in school.parts:
        train = [history for history in part.train if len(history)]
        if prior is None:
            fitted = fit_bkt(train, rows)
        else:
            fitted = fit_bkt(train, rows, prior=prior, strength=PRIOR_COUNTS)
        parts.append(of_part(partial(bkt_logits, fitted), part))
    return tuple(parts)


def bkt_logits(parameters: BktParameters, histories: Sequence[EncodedHistory]) -> Floats:
    """(N,) in the order of `scored_answers`."""
    return logit(predict_local_bkt(parameters, histories))
