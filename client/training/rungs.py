"""All rungs of the ladder fitted to one set of students, and what they predict for another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from client.training.bkt_rung import fit_local_bkt, predict_local_bkt
from client.training.local_fit import LocalFit, fit_here, predict_logits
from client.training.logistic_fit import LogisticPrior, Strengths
from client.training.personalise import PersonalModel, personal_logits, personalise
from common.arrays import Arrays
from common.models.bkt import BktParameters
from common.models.encoding import EncodedHistory
from common.models.ladder import BKT, LOGISTIC, STACK, LadderModels, Rung
from common.models.odds import sigmoid
from common.models.stack import LOGISTIC_ALONE, StackWeights, stacked_logit

Histories = Sequence[EncodedHistory]
Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """What a school climbs with: a prior of the logistic model, and the shared network if there is one.

    strengths: how firmly the prior is held. default: the rung that serves where too little can be judged.
    quantile: when a prediction is sure, by the consortium's students, for a school with too few of its own.
    """

    prior: LogisticPrior = field(repr=False)
    strengths: Strengths
    dkt: Arrays | None = field(repr=False, default=None)
    default: Rung = BKT
    quantile: float | None = None

    @property
    def rows(self) -> int:
        """K + 1 skill rows."""
        return len(self.prior.arrays["beta"])


@dataclass(frozen=True, slots=True, eq=False)
class FittedRungs:
    """Every rung as fitted here; personal is None without a shared network."""

    bkt: BktParameters = field(repr=False)
    logistic: LocalFit
    personal: PersonalModel | None = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class RungLogits:
    """(N,) each, in the order of `scored_answers`; dkt is None without a network."""

    bkt: Chances
    logistic: Chances
    dkt: Chances | None

    def chances(self, weights: StackWeights = LOGISTIC_ALONE) -> dict[Rung, Chances]:
        """Chances of a right answer by rung; bkt's are chances already."""
        found = {BKT: self.bkt, LOGISTIC: sigmoid(self.logistic)}
        if self.dkt is not None:
            found[STACK] = sigmoid(stacked_logit(weights, self.logistic, self.dkt))
        return found


def fit_rungs(offered: Offered, train: Histories, validation: Histories, *, seed: int = 0) -> FittedRungs:
    """Fits see `train`; how far each goes is decided on `validation`."""
    personal = None if offered.dkt is None else personalise(offered.dkt, train, validation, seed=seed)
    logistic = fit_here(offered.prior, offered.strengths, train=train, validation=validation)
    return FittedRungs(fit_local_bkt(train, offered.rows), logistic, personal)


def logits_by_rung(fitted: FittedRungs, histories: Histories) -> RungLogits:
    """What each rung says before every scored answer of these histories."""
    return RungLogits(
        predict_local_bkt(fitted.bkt, histories),
        predict_logits(fitted.logistic.model, histories),
        None if fitted.personal is None else personal_logits(fitted.personal, histories),
    )


def as_served(bkt: BktParameters, models: LadderModels) -> FittedRungs:
    """The rungs that a school serves, as if they had just been fitted."""
    network = None if models.dkt is None else PersonalModel(models.dkt, models.difficulty)
    return FittedRungs(bkt, LocalFit(models.logistic, None), network)


def joined_logits(parts: Sequence[RungLogits]) -> RungLogits:
    """Folds one after the other."""
    networks = [part.dkt for part in parts if part.dkt is not None]
    return RungLogits(
        np.concatenate([part.bkt for part in parts]),
        np.concatenate([part.logistic for part in parts]),
        np.concatenate(networks) if networks else None,
    )
