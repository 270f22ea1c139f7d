"""A log line can't hold a field that nobody allowed."""

import logging
from pathlib import Path

import pytest

from common.clock import StoppedClock, SystemClock
from common.errors import FixSettings
from common.logs import ALLOWED_FIELDS, EventLog, also_to_file


def test_an_event_is_one_line_of_known_fields(caplog: pytest.LogCaptureFixture) -> None:
    """Sorted, with values as JSON."""
    with caplog.at_level(logging.INFO, logger="homeroom"):
        EventLog("test").info("round done", round=3, campaign="autumn")
    assert caplog.messages == ['round done campaign="autumn" round=3']


@pytest.mark.parametrize("field", ["student", "name", "answer", "correct", "item", "skill", "draw"])
def test_a_student_field_is_refused(field: str) -> None:
    """Also under every other name that isn't on the list."""
    assert field not in ALLOWED_FIELDS
    with pytest.raises(FixSettings):
        EventLog("test").error("failed", **{field: "x"})


def test_clocks_are_aware() -> None:
    """Time is UTC, and a stopped clock moves only when told."""
    assert SystemClock().now().utcoffset() is not None
    clock = StoppedClock()
    assert clock.now() == clock.now()
    assert clock.now().utcoffset() is not None


def test_events_go_to_a_file_while_asked_to_and_no_longer(tmp_path: Path) -> None:
    """One line each; the file is closed and the logger as it was when the block ends, also by an error."""
    path, root = tmp_path / "link.log", logging.getLogger("homeroom")
    before = (root.level, list(root.handlers))
    with pytest.raises(KeyError), also_to_file(path):
        EventLog("test").info("inside", round=1)
        raise KeyError
    EventLog("test").info("outside", round=2)
    assert [line.split(" homeroom.test ")[1] for line in path.read_text().splitlines()] == ["inside round=1"]
    assert (root.level, list(root.handlers)) == before
