"""What may be said of a prediction for one student: likely, unlikely, unsure, or that too little is known."""

from collections.abc import Collection

from common.interactions import History
from common.models.conformal import Conformal, Word


def word_for(certainty: Conformal, history: History, skills: Collection[str], *, p: float) -> Word:
    """The word for the chance p of the next answer. skills: the item's, and what they rest on.

    Students never see p itself.
    """
    answers = sum(one.weight for one in history)
    here = sum(one.weight for one in history if not set(skills).isdisjoint(one.skills))
    return certainty.word(p, answers=answers, on_these_skills=here)
