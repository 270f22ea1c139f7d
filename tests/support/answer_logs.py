"""Where the real answer logs lie, or a skip that names the missing file."""

import os
from pathlib import Path

import pytest


def answer_log(name: str) -> Path:
    """The path of a log in HOMEROOM_DATA, else in ../shared/data beside the project; skips if it isn't there."""
    project = Path(__file__).resolve().parents[2]
    path = Path(os.environ.get("HOMEROOM_DATA", project.parent / "shared" / "data")) / name
    if not path.exists():
        pytest.skip(f"{name} is missing; the README.md of ../shared/data says what it is")
    return path
