"""Node ids of schools: a small file between the coordinator and its ServerApp."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import RetryLater
from server.flower_nodes import read_nodes, write_nodes

ROSTERS = st.dictionaries(st.text(min_size=1, max_size=20), st.integers(0, 2**64 - 1), max_size=5)


@given(nodes=ROSTERS)
def test_what_is_written_is_read(nodes: dict[str, int], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Node ids have 64 bits, more than JSON numbers are safe for elsewhere."""
    path = tmp_path_factory.mktemp("nodes") / "nodes.json"
    write_nodes(path, nodes)
    assert read_nodes(path) == nodes


def test_a_new_roster_replaces_the_old_one(tmp_path: Path) -> None:
    """After a restart every school has another id."""
    path = tmp_path / "nodes.json"
    write_nodes(path, {"north": 1, "south": 2})
    write_nodes(path, {"north": 3})
    assert read_nodes(path) == {"north": 3}
    assert list(tmp_path.iterdir()) == [path]


def test_without_a_roster_there_is_nobody_to_write_to(tmp_path: Path) -> None:
    """The coordinator registers it after each start."""
    with pytest.raises(RetryLater, match="registered"):
        read_nodes(tmp_path / "nodes.json")
