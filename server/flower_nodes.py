"""Which Flower node is which school: a small file, written when the roster is registered, read by the ServerApp.

The same key gets another node id after every start of the SuperLink, so ids live here and never in a plan.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from common.errors import ErrorCode, RetryLater
from server.settings import CoordinatorFolder


def nodes_file(folder: CoordinatorFolder) -> Path:
    """Where the ids are."""
    return folder.flower / "nodes.json"


def write_nodes(path: Path, nodes: Mapping[str, int]) -> None:
    """Replaces the file atomically. `nodes` maps school names to node ids."""
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        json.dump({school: str(node) for school, node in sorted(nodes.items())}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_nodes(path: Path) -> dict[str, int]:
    """School names to node ids; RetryLater if nothing was registered yet."""
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise RetryLater(ErrorCode.FLOWER_FAILED, "No school is registered with Flower yet.") from error
    return {str(school): int(node) for school, node in found.items()}
