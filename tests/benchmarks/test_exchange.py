"""How exchanges become the figures that are printed; real processes are in tests/server/test_superlink.py."""

from pathlib import Path

import pytest

from benchmarks.exchange import Measured, summary, table, versions
from benchmarks.exchange_apps import fail, measure, reverse
from benchmarks.exchange_world import Exchange, new_node_key
from client.federation.fleet import load_node_key
from server.flower_transport import FlowerTransport
from server.settings import CoordinatorFolder
from tests.support.local_grid import LocalGrid

RIGHT = {"north": "right", "south": "right"}


def _transport(grid: LocalGrid) -> FlowerTransport:
    return FlowerTransport(grid, lambda: grid.nodes)


def test_the_median_leaves_the_first_exchanges_out() -> None:
    """They pay for connections and imports."""
    exchanges = [Exchange(seconds, RIGHT) for seconds in (9.0, 0.3, 0.1, 0.2)]
    assert summary("ours", exchanges, warm_up=1) == Measured("ours", 3, 0.2, 0.1, 0.3, True)


@pytest.mark.parametrize("outcomes", [{"north": "right", "south": "wrong"}, {"north": "node-unavailable"}])
def test_a_wrong_answer_is_shown(outcomes: dict[str, str]) -> None:
    """A fast exchange of wrong bytes is no exchange, not even in the warm-up."""
    made = summary("ours", [Exchange(0.1, outcomes), Exchange(0.1, RIGHT)], warm_up=1)
    assert not made.right
    assert "WRONG" in table([made])


def test_the_table_has_a_row_per_kind_of_node() -> None:
    """Three digits: more would be noise."""
    rows = table([Measured("ours", 3, 0.2, 0.1, 0.31234, True)]).splitlines()
    assert rows[-1] == "| ours | 3 | 0.200 | 0.100 | 0.312 | right |"


def test_the_versions_are_those_installed() -> None:
    """A figure without them can't be repeated."""
    assert versions()["flwr"] == "1.41.0"


def test_a_node_key_is_one_that_a_link_takes() -> None:
    """OpenSSH form, P-384."""
    key = new_node_key()
    assert load_node_key(key.private).curve.name == "secp384r1"
    assert key.public.startswith("ecdsa-sha2-nistp384 ")


def test_an_order_is_carried_out(tmp_path: Path) -> None:
    """One line per exchange, with what each school answered."""
    grid = LocalGrid({"north": reverse, "south": fail})
    (tmp_path / "exchange.json").write_text('{"schools": 2, "exchanges": 2, "size_bytes": 10}')
    measure(_transport(grid), CoordinatorFolder(tmp_path), "")
    lines = (tmp_path / "exchanges.jsonl").read_text().splitlines()
    assert len(lines) == 2
    assert all('"outcomes": {"north": "right", "south": "failed-at-school"}' in line for line in lines)


def test_every_exchange_has_fresh_content(tmp_path: Path) -> None:
    """Flower sends an object that it knows only once; equal content would measure nothing."""
    seen: set[bytes] = set()

    def note(body: bytes) -> bytes:
        seen.add(body)
        return body[::-1]

    (tmp_path / "exchange.json").write_text('{"schools": 1, "exchanges": 3, "size_bytes": 16}')
    measure(_transport(LocalGrid({"north": note})), CoordinatorFolder(tmp_path), "")
    assert len(seen) == 3
