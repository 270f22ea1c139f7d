"""The `school` fixture: one student, an empty history, a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.practising import School, school_with_student


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """A fresh school for each test."""
    with school_with_student(tmp_path) as opened:
        yield opened
