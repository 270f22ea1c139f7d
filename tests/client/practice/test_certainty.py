"""What may be said of a prediction depends on how much this student has answered, and on what."""

from client.practice.certainty import word_for
from common.interactions import History, Interaction
from common.models.conformal import Conformal

_SURE = Conformal(0.7, 40, "school")


def _history(*answers: tuple[str, float]) -> History:
    return History("s", tuple(Interaction("q", (skill,), True, weight=weight) for skill, weight in answers))


def test_three_weighted_answers_are_needed() -> None:
    """Four quick guesses of weight .2 aren't three answers."""
    assert word_for(_SURE, _history(*[("add", 1.0)] * 3), ("add",), p=0.9) == "likely_right"
    assert word_for(_SURE, _history(*[("add", 0.2)] * 4), ("add",), p=0.9) == "not_enough_evidence"


def test_one_of_them_has_to_be_about_these_skills_or_what_they_rest_on() -> None:
    """Answers about something else say nothing here."""
    other = _history(*[("shapes", 1.0)] * 9)
    assert word_for(_SURE, other, ("add",), p=0.1) == "not_enough_evidence"
    assert (
        word_for(_SURE, _history(*[("shapes", 1.0)] * 3, ("add", 0.2)), ("divide", "add"), p=0.1) == "likely_wrong"
    )
