"""Waiting: looks first, pauses between looks, and never past the deadline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.transport import system_pace
from tests.support.memory_transport import MemoryTransport, SteppedTime


@given(st.integers(0, 50), st.integers(0, 50))
def test_it_finds_what_comes_in_time_and_gives_up_at_the_deadline(comes_at: int, deadline: int) -> None:
    """One pause is one second here."""
    time = SteppedTime()
    found = time.pace().until(lambda: time.now_seconds >= comes_at, deadline)
    assert found == (comes_at <= deadline)
    assert time.now_seconds == min(comes_at, deadline)


def test_the_system_s_pace_moves_forward() -> None:
    """A monotonic clock and a real pause."""
    pace = system_pace(0.001)
    before = pace.seconds()
    pace.pause()
    assert pace.seconds() > before


def test_memory_hands_out_each_reply_once() -> None:
    """Replies to an earlier message are gone when the next is sent."""
    transport = MemoryTransport({"east": lambda m: b"re " + m, "west": lambda m: None}, hidden=set())
    transport.send({"east": b"one", "west": b"one"})
    assert transport.collect() == {"east": b"re one"}
    assert transport.collect() == {}
    transport.send({"east": b"two"})
    transport.send({"west": b"three"})
    assert transport.collect() == {}


@pytest.mark.parametrize("hidden", [set(), {"east"}])
def test_memory_asks_only_who_is_there(hidden: set[str]) -> None:
    """A hidden school gets nothing."""
    transport = MemoryTransport({"east": lambda m: m}, hidden=hidden)
    transport.send({"east": b"x", "nobody": b"x"})
    assert set(transport.collect()) == {"east"} - hidden
