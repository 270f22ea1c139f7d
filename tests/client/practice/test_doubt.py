"""Words for doubt: each at its border."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.practice.doubt import Doubt, doubt_of
from client.practice.mastery import new_state

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
