"""Files that are there whole or not at all, also after a power cut in the middle of writing."""

import os
from pathlib import Path


def write_file(path: Path, data: bytes) -> None:
    """Written beside, flushed, then moved into place; makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
