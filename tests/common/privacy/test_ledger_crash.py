"""kill -9 at random moments: what was released is always on the ledger, and the ledger opens again."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from common.privacy.ledger import read_rows

ROOT = Path(__file__).resolve().parents[3]


def releases_until_killed(ledger: Path, chance: random.Random) -> list[bytes]:
    """Starts a charging process, kills it at a random moment and returns the releases that it managed."""
    command = [sys.executable, "-m", "tests.support.charging", str(ledger)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(1 + chance.randrange(12))]
        # The process goes on charging meanwhile, so this decides where inside a charge it dies.
        sum(range(chance.randrange(40_000)))
        process.kill()
        seen += process.stdout.read().splitlines(keepends=True)
    assert seen[0] == b"open\n"
    return [line for line in seen[1:] if line.endswith(b"\n")]


@pytest.mark.parametrize("seed", range(12))
def test_recorded_epsilon_is_at_least_released_epsilon_after_kill_9(tmp_path: Path, seed: int) -> None:
    """Three lives on one ledger: every release has its row, and each life goes on where the last one ended."""
    ledger, chance = tmp_path / "ledger.jsonl", random.Random(seed)
    released: list[bytes] = []
    for _ in range(3):
        released += releases_until_killed(ledger, chance)
        rows = read_rows(ledger)
        assert {b"released %d\n" % row.seq for row in rows} >= set(released)
        assert len(set(released)) == len(released)
        # The accountant of this test counts rounds, so the last row's epsilon is the number of charges.
        assert (rows[-1].epsilon_after if rows else 0) >= len(released)
