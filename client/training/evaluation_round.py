"""The round that measures: each student of the test set as one histogram of scores, clipped to norm 1 and added.

Candidate and start model predict the same answers of the same students, so that one noisy sum compares the two.
No score, count or figure leaves in any other way.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from client.training.personalise import PersonalModel, predict_personal
from client.training.scored_answers import scored_answers
from common.arrays import Arrays
from common.models.encoding import EncodedHistory
from common.models.score_histogram import BLOCKS, student_histogram
from common.privacy.clipping import ClippedSum, sum_clipped


def histogram_sum(
    students: Sequence[Sequence[EncodedHistory]],
    *,
    candidate: Arrays,
    current: Arrays,
    bins: int,
    clip_norm: float,
) -> ClippedSum:
    """(4 bins,) over students, each of norm at most clip_norm. students: each one's windows, as in training."""
    rows = [*_histograms(students, candidate, current, bins=bins)]
    return sum_clipped(np.array(rows, np.float64).reshape(len(rows), BLOCKS * bins), clip_norm)


def _histograms(
    students: Sequence[Sequence[EncodedHistory]], candidate: Arrays, current: Arrays, *, bins: int
) -> Iterator[NDArray[np.float64]]:
    """One student at a time, so that nobody's numbers depend on who else is there."""
    for windows in students:
        correct = scored_answers(windows).correct
        chances = (_chances(arrays, windows) for arrays in (candidate, current))
        yield student_histogram(correct, *chances, bins=bins)


def _chances(arrays: Arrays, windows: Sequence[EncodedHistory]) -> NDArray[np.float64]:
    """(T,) chances of a right answer, with item difficulty 0, as in training."""
    return predict_personal(PersonalModel(arrays, {}), windows)
