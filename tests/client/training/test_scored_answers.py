"""Every attempt from the second of a history is scored, in one order for all models."""

import numpy as np

from client.training.scored_answers import from_second, scored_answers
from tests.support.models import random_encoded


def test_the_first_attempt_of_a_history_is_not_scored() -> None:
    """Histories of 4, 1 and 3 attempts have 3, 0 and 2 scored answers."""
    histories = [random_encoded(4, 1), random_encoded(1, 2), random_encoded(3, 3)]
    answers = scored_answers(histories)
    assert answers.student.tolist() == [0, 0, 0, 2, 2]
    assert answers.students == 2
    assert answers.correct.tolist() == [*histories[0].correct[1:], *histories[2].correct[1:]]
    assert answers.items == (*histories[0].items[1:], *histories[2].items[1:])
    assert answers.skill_rows.shape == (5, 4)


def test_nobody_has_no_answers() -> None:
    """Empty arrays of the right shapes."""
    answers = scored_answers([])
    assert (len(answers), answers.students, answers.skill_rows.shape) == (0, 0, (0, 4))
    assert from_second([np.ones(1)], np.float64).shape == (0,)
