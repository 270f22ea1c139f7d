"""The round that measures: each student of the test set as one histogram of scores, clipped to norm 1 and added.

Candidate and start model predict the same answers of the same students, so that one noisy sum compares the two.
No score, count or figure leaves in any other way.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from client.training.personalise import PersonalModel, predict_personal
from client.training.scored_answers import scored_answers
from client.training.windows_plan import Windows
from common.arrays import Arrays
from common.model_terms import DktTerms, ModelTerms
from common.models.logistic import design, predict
from common.models.score_histogram import BLOCKS, student_histogram
from common.privacy.clipping import ClippedSum, sum_clipped
from common.shared_model import family_columns, trained_arrays


def histogram_sum(
    terms: ModelTerms,
    students: Sequence[Windows],
    *,
    candidate: Arrays,
    current: Arrays,
    bins: int,
    clip_norm: float,
) -> ClippedSum:
    """(4 bins,) over students, each of norm at most clip_norm. students: each one's windows, as in training."""
    rows = [*_histograms(terms, students, (candidate, current), bins=bins)]
    return sum_clipped(np.array(rows, np.float64).reshape(len(rows), BLOCKS * bins), clip_norm)


def _histograms(
    terms: ModelTerms, students: Sequence[Windows], models: tuple[Arrays, Arrays], *, bins: int
) -> Iterator[NDArray[np.float64]]:
    """One student at a time, so that nobody's numbers depend on who else is there."""
    for windows in students:
        correct = scored_answers(windows).correct
        candidate, current = (chances(terms, arrays, windows) for arrays in models)
        yield student_histogram(correct, candidate, current, bins=bins)


def chances(terms: ModelTerms, arrays: Arrays, histories: Windows) -> NDArray[np.float64]:
    """(N,) chances of a right answer by the shared model alone, for every scored answer, as in training.

    arrays: as a round carries them. No item has a difficulty but that of its family.
    """
    if isinstance(terms, DktTerms):
        return predict_personal(PersonalModel(arrays, {}), histories)
    attempts = design(histories, family_columns(terms))
    lengths = [len(history) for history in histories]
    scored = np.concatenate([np.zeros(0, np.bool_), *(np.arange(length) > 0 for length in lengths)])
    return predict(trained_arrays(terms, arrays), attempts.only(scored))
