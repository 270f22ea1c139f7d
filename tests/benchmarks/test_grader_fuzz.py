"""The fuzzing command: repeatable, and it says what it found."""

import pytest

from benchmarks.grader_fuzz import fuzz, main


def test_the_same_seed_finds_the_same() -> None:
    """And among random pieces some are answers."""
    one, other = fuzz(2_000, 5), fuzz(2_000, 5)
    assert (one.read, one.unlike) == (other.read, 0)
    assert 0 < one.read < 2_000


def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    """In one line."""
    assert main(["--texts", "500"]) == 0
    assert "500 texts" in capsys.readouterr().out
