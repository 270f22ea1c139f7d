"""Gaming rules: each on attempts made by hand; what is over, and what weighs less."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from client.practice.gaming import Attempt, Event, events_at, is_rapid, open_flags, weight_of

_CALM = Attempt(latency_seconds=15.0, median_seconds=20.0, correct=False)
_RAPID = replace(_CALM, latency_seconds=1.0)


def test_rapid_is_under_a_tenth_of_the_items_time_and_under_ten_seconds() -> None:
    """An unknown time is never rapid; extended time stretches the item's."""
    assert is_rapid(replace(_CALM, latency_seconds=1.9))
    assert not is_rapid(replace(_CALM, latency_seconds=2.0))
    assert not is_rapid(replace(_CALM, latency_seconds=None))
    assert not is_rapid(replace(_CALM, latency_seconds=10.0, median_seconds=500.0))
    assert is_rapid(replace(_CALM, latency_seconds=2.9, median_seconds=20.0 * 1.5))


def test_three_rapid_failures_are_an_event_and_rapid_successes_are_none() -> None:
    """Fast and right is not guessing."""
    assert events_at([_RAPID] * 2) == ()
    assert events_at([_RAPID] * 3) == (Event.RAPID,)
    assert events_at([_RAPID, _RAPID, _RAPID, _CALM]) == ()
    assert events_at([replace(_RAPID, correct=True)] * 8) == ()
    lucky = [replace(_RAPID, chance=0.25, correct=n == 0) for n in range(3)]
    assert events_at(lucky) == (Event.RAPID,)


def test_three_ladders_clicked_through_are_an_event() -> None:
    """Two aren't."""
    skipped = replace(_CALM, quick_rungs=3)
    assert events_at([skipped, skipped]) == ()
    assert events_at([skipped, _CALM, skipped, skipped]) == (Event.HINTS,)


def test_trying_every_choice_is_an_event() -> None:
    """At once."""
    assert events_at([_CALM, replace(_CALM, cycled=True)]) == (Event.CYCLING,)


def test_a_sudden_jump_needs_both_success_and_another_pace() -> None:
    """Improvement alone is learning."""
    before = [replace(_CALM, latency_seconds=15.0 + n % 5, expected=0.3) for n in range(25)]
    better = [replace(_CALM, correct=True, latency_seconds=15.0 + n % 5, expected=0.3) for n in range(10)]
    other = [replace(one, latency_seconds=4.0) for one in better]
    assert events_at(before + better) == ()
    assert events_at(before + other) == (Event.JUMP,)
    assert events_at(before[:10] + other) == ()


def test_flagged_evidence_weighs_a_fifth() -> None:
    """A jump is for the teacher to judge and weighs nothing less."""
    assert weight_of(()) == 1.0
    assert weight_of((Event.RAPID,)) == 0.2
    assert weight_of((Event.JUMP,)) == 1.0
    assert weight_of((Event.JUMP, Event.CYCLING)) == 0.2


@given(st.integers(1, 500), st.integers(0, 60))
def test_a_flag_is_over_after_five_sets(at: int, later: int) -> None:
    """Of five answers each; a jump stays until a teacher has looked."""
    assert open_flags([(at, Event.HINTS)], at + later) == (frozenset({Event.HINTS}) if later < 25 else frozenset())
    assert open_flags([(at, Event.JUMP)], at + later) == {Event.JUMP}
    assert open_flags([(at, Event.RAPID)], at - 1) == frozenset()
