"""StackPredictor: the top rung, one logit out of the logistic model's and the network's."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from client.content.items import Family
from client.practice.dkt_predictor import DktPredictor
from client.practice.logistic_predictor import LogisticPredictor
from common.interactions import History
from common.models.odds import sigmoid
from common.models.stack import StackWeights, stacked_logit

Floats = NDArray[np.float64]


class StackPredictor:
    """Both models keep their own state of each student."""

    def __init__(
        self, logistic: LogisticPredictor, network: DktPredictor, weights: StackWeights, *, version: str
    ) -> None:
        self._logistic = logistic
        self._network = network
        self._weights = weights
        self._version = version

    @property
    def version(self) -> str:
        """The digest of the release."""
        return self._version

    def predict(self, history: History, families: Sequence[Family]) -> Floats:
        """(N,) probability that the next answer is right."""
        logistic, network = (model.logits(history, families) for model in (self._logistic, self._network))
        return sigmoid(stacked_logit(self._weights, logistic, network))
