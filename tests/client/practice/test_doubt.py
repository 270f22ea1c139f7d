"""Words for doubt: each at its border."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.doubt import Doubt, doubt_of, phrase_of
from client.practice.mastery import new_state
from common.models.conformal import Conformal

_AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_MET = replace(new_state("Q8", 0.5, _AT), attempts=3)


def test_little_was_answered() -> None:
    """Fewer than three times, whatever the model says."""
    assert doubt_of(None) is Doubt.NOT_ENOUGH_EVIDENCE
    assert doubt_of(replace(_MET, attempts=2, p_known=0.99)) is Doubt.NOT_ENOUGH_EVIDENCE


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.2, Doubt.LIKELY_NOT),
        (0.21, Doubt.UNSURE),
        (0.79, Doubt.UNSURE),
        (0.8, Doubt.LIKELY),
        (1.0, Doubt.LIKELY),
    ],
)
def test_the_bands_of_p(p: float, word: Doubt) -> None:
    """The borders belong to the surer word."""
    assert doubt_of(replace(_MET, p_known=p)) is word


@given(st.floats(0.0, 1.0), st.integers(0, 4), st.booleans())
def test_secure_is_mastered_and_checked_again(p: float, checks: int, mastered: bool) -> None:
    """Neither alone is enough."""
    state = replace(_MET, p_known=p, check_step=checks, mastered_at=_AT if mastered else None)
    assert (doubt_of(state) is Doubt.SECURE) == (mastered and checks > 0)


@pytest.mark.parametrize(
    ("chance", "word"),
    [(0.9, Doubt.LIKELY), (0.5, Doubt.UNSURE), (0.1, Doubt.LIKELY_NOT)],
)
def test_a_measured_bound_decides_before_the_bands(chance: float, word: Doubt) -> None:
    """Where held-back students showed how far a prediction can be trusted, P(known) isn't asked."""
    measured = Conformal(0.3, 40, "school")
    assert doubt_of(replace(_MET, p_known=0.5), measured, chance=chance) is word
    assert doubt_of(replace(_MET, attempts=2), measured, chance=0.99) is Doubt.NOT_ENOUGH_EVIDENCE


@pytest.mark.parametrize("doubt", list(Doubt))
def test_each_word_is_a_sentence_without_a_number(doubt: Doubt) -> None:
    """That begins with the skill."""
    sentence = str(phrase_of(doubt, "adding to ten"))
    assert sentence.startswith("Adding to ten: ")
    assert sentence.endswith(".")
    assert not any(sign.isdigit() for sign in sentence)
