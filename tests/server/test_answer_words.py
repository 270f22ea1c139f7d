"""Every state and every code has words of its own, and no word is a code."""

import pytest

from common.refusals import RefusalCode
from server.admission import Answer, AnswerState
from server.answer_words import in_words, what_is_missing


@pytest.mark.parametrize("code", list(RefusalCode), ids=str)
@pytest.mark.parametrize("state", [AnswerState.REFUSED, AnswerState.LOST])
def test_every_refusal_has_words(state: AnswerState, code: RefusalCode) -> None:
    """Signed by the school, or as an error of its link."""
    words = in_words(Answer("east", state, str(code)))
    assert str(code) not in words
    assert words[0].islower()


@pytest.mark.parametrize("state", list(AnswerState), ids=str)
def test_every_state_has_words_even_with_an_unknown_code(state: AnswerState) -> None:
    """A newer school may know more codes than we do."""
    assert len(in_words(Answer("east", state, "something-new"))) > 5


def test_what_is_missing_names_each_school() -> None:
    """Schools that sent an update aren't mentioned."""
    answers = [
        Answer("east", AnswerState.ANSWERED),
        Answer("north", AnswerState.LATE),
        Answer("west", AnswerState.REJECTED, "wrong-length"),
    ]
    assert what_is_missing(answers) == (
        "north didn't answer before the deadline; west was left out: its update has the wrong length"
    )
    assert what_is_missing(answers[:1]) == ""
