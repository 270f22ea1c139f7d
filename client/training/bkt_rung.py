"""The bottom rung of the ladder: BKT with forgetting, fitted at the school on its own students."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from client.training.scored_answers import from_second
from common.models.bkt import BktParameters, predict_bkt
from common.models.bkt_fit import fit_bkt
from common.models.encoding import EncodedHistory


def fit_local_bkt(histories: Sequence[EncodedHistory], rows: int) -> BktParameters:
    """Five numbers per skill row; without a single answer, the built-in values."""
    return fit_bkt([history for history in histories if len(history)], rows)


def predict_local_bkt(parameters: BktParameters, histories: Sequence[EncodedHistory]) -> NDArray[np.float64]:
    """(N,) chances of a right answer, in the order of `scored_answers`."""
    return from_second([predict_bkt(parameters, history) for history in histories], np.float64)
