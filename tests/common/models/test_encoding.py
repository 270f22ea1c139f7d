"""A history becomes arrays with one row per attempt, and windows of it keep order and length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import FixSettings
from common.interactions import History, Interaction
from common.models.encoding import encode, item_difficulties, shares, windows
from tests.support.models import SKILLS, random_encoded


def test_an_attempt_with_several_skills_is_one_row() -> None:
    """Rows are those of the map, in the attempt's order, then -1."""
    history = History("s", (Interaction("q", ("divide", "add"), True),))
    encoded = encode(history, SKILLS)
    assert encoded.skill_rows.tolist() == [[4, 1, -1, -1]]
    assert encoded.skill_rows.dtype == np.int32
    assert len(encoded) == 1


def test_two_unmapped_skills_share_row_zero_and_count_once() -> None:
    """Otherwise "some other skill" would weigh double in the mean."""
    history = History("s", (Interaction("q", ("x", "y", "add"), False),))
    encoded = encode(history, SKILLS)
    assert encoded.skill_rows.tolist() == [[0, 1, -1, -1]]
    assert shares(encoded.skill_rows).tolist() == [[0.5, 0.5, 0.0, 0.0]]


def test_quarantined_attempts_leave_the_history() -> None:
    """Weight 0 is dropped, weight .2 stays."""
    attempts = tuple(Interaction(f"q{w}", ("add",), True, weight=w) for w in (1.0, 0.0, 0.2))
    encoded = encode(History("s", attempts), SKILLS)
    assert encoded.items == ("q1.0", "q0.2")
    assert encoded.weight.tolist() == pytest.approx([1.0, 0.2])


def test_unknown_times_are_nan_and_known_times_stay() -> None:
    """A missing time isn't zero."""
    attempts = (Interaction("a", ("add",), True, at_seconds=5.0), Interaction("b", ("add",), True))
    times = encode(History("s", attempts), SKILLS).at_seconds
    assert times[0] == 5.0
    assert np.isnan(times[1])


def test_an_empty_history_has_empty_arrays_of_the_right_shape() -> None:
    """A student who has just arrived is no special case."""
    encoded = encode(History("s", ()), SKILLS)
    assert encoded.skill_rows.shape == (0, 4)
    assert windows(encoded, 10, 100) == ()
    assert item_difficulties(encoded, {}).shape == (0,)


def test_windows_cut_the_newest_attempts_in_order() -> None:
    """25 attempts, the last 22 in windows of 10: 10, 10 and 2."""
    encoded = random_encoded(25, 0)
    parts = windows(encoded, 10, 22)
    assert [len(part) for part in parts] == [10, 10, 2]
    assert sum((part.items for part in parts), ()) == encoded.items[3:]


@given(st.integers(0, 60), st.integers(2, 20), st.integers(1, 70))
def test_windows_hold_each_of_the_last_attempts_once_but_a_lone_leftover(
    count: int, length: int, last: int
) -> None:
    """Only a final window of one attempt, which has nothing to predict, may be missing."""
    encoded = random_encoded(count, count)
    parts = windows(encoded, length, last)
    kept = np.concatenate([part.at_seconds for part in parts]) if parts else np.zeros(0)
    expected = encoded.at_seconds[max(0, count - last) :]
    leftover = len(expected) % length == 1
    assert kept.tolist() == (expected[:-1] if leftover else expected).tolist()
    assert all(2 <= len(part) <= length for part in parts)


def test_windows_of_one_attempt_are_refused() -> None:
    """They would predict nothing at all."""
    with pytest.raises(FixSettings, match="Windows of 1"):
        windows(random_encoded(5, 0), 1, 5)


def test_an_item_without_a_known_difficulty_is_as_hard_as_its_skills() -> None:
    """Offset 0."""
    attempts = tuple(Interaction(name, ("add",), True) for name in ("known", "new"))
    encoded = encode(History("s", attempts), SKILLS)
    assert item_difficulties(encoded, {"known": -0.5}).tolist() == [-0.5, 0.0]
