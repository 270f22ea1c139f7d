"""Two processes never conduct campaigns of one coordinator at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from common.errors import RetryLater
from server.campaign_lock import only_one_campaign

HOLD = (
    "import sys, pathlib\n"
    "from server.campaign_lock import only_one_campaign\n"
    "with only_one_campaign(pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def test_the_lock_is_free_again_after_its_holder_was_killed(tmp_path: Path) -> None:
    """Held by another process: refused. That process killed with -9: free."""
    path = tmp_path / "campaign.lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RetryLater, match="Another process"), only_one_campaign(path):
            raise AssertionError("the block must not run")
        other.kill()
        other.wait()
    with only_one_campaign(path):
        assert path.exists()


def test_it_can_be_taken_again_and_again(tmp_path: Path) -> None:
    """Leaving the block gives it back."""
    for _ in range(3):
        with only_one_campaign(tmp_path / "campaign.lock"):
            pass
    assert (tmp_path / "campaign.lock").exists()
