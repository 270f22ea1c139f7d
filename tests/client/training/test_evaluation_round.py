"""The measuring round's sum: one histogram per student, whoever else is there, and never longer than 1."""

from collections.abc import Sequence

import numpy as np
import pytest

from client.training.evaluation_round import histogram_sum
from common.arrays import from_bytes
from common.models.encoding import EncodedHistory, encode, windows
from common.models.score_histogram import figures
from common.privacy.clipping import ClippedSum
from tests.support.plans import campaign_plan
from tests.support.schools import SKILLS, start_model, student_history, student_names
from tests.support.simulated_school import SimulatedSchool, simulated_school

BINS = 10
DKT = campaign_plan().model
CANDIDATE, CURRENT = from_bytes(start_model(1)), from_bytes(start_model(2))


def students_of(names: Sequence[str], *, length: int = 24) -> list[tuple[EncodedHistory, ...]]:
    """Each student's answers in windows of eight."""
    return [windows(encode(student_history(name, length=length), SKILLS), 8, 400) for name in names]


def summed(students: Sequence[Sequence[EncodedHistory]]) -> ClippedSum:
    """Their histograms added up."""
    return histogram_sum(DKT, students, candidate=CANDIDATE, current=CURRENT, bins=BINS, clip_norm=1.0)


def test_it_is_the_sum_of_what_each_student_gives_alone() -> None:
    """To the bit: nobody's histogram depends on who else is there."""
    names = student_names(12)
    alone = [summed(students_of([name])).values for name in names]
    np.testing.assert_array_equal(summed(students_of(names)).values, np.array(alone).sum(axis=0))
    assert all(np.linalg.norm(one) == pytest.approx(1.0) for one in alone)


def test_a_student_counts_the_same_however_many_answers_there_are() -> None:
    """Norm 1 for ten answers and for sixty."""
    for length in (10, 60):
        assert summed(students_of(["student-001"], length=length)).norm == pytest.approx(1.0)


def test_nobody_gives_zeros_of_the_plans_length() -> None:
    """Without students, and with a student who has nothing to score: then only noise is sent."""
    for students in ([], [()], students_of(["student-001"], length=1)):
        np.testing.assert_array_equal(summed(students).values, np.zeros(4 * BINS))


def test_the_opened_sum_tells_the_better_model(simulated: SimulatedSchool) -> None:
    """A trained release against its start, as the plain AUC sees it too."""
    students = [(history,) for history in simulated.test]
    models = {"candidate": simulated.release, "current": simulated.start}
    total = histogram_sum(DKT, students, **models, bins=20, clip_norm=1.0)
    pooled = figures(total.values, bins=20)
    assert pooled.auc_gain > 0.05


@pytest.fixture(scope="module")
def simulated() -> SimulatedSchool:
    """A school whose release is better than the start."""
    return simulated_school()
