"""How every Flower process of the coordinator is started: quiet, at home in our folder, loopback only."""

import sys
from collections.abc import Mapping
from pathlib import Path

from common.errors import ErrorCode, FixSettings

# How the ServerApp finds the coordinator's folder.
FOLDER_VARIABLE = "HOMEROOM_COORDINATOR_FOLDER"


def flower_environment(home: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """`inherited` with telemetry, the update check and installation at run time off, and no proxy for loopback.

    Without the first two, flwr posts to telemetry.flower.ai and asks api.flower.ai.
    """
    quiet = {
        "FLWR_TELEMETRY_ENABLED": "0",
        "FLWR_DISABLE_UPDATE_CHECK": "1",
        "FLWR_DISABLE_RUNTIME_DEPENDENCY_INSTALLATION": "1",
        "FLWR_HOME": str(home),
        "FLWR_SUPEREXEC_TASK_POLL_INTERVAL": "0.2",
        "NO_PROXY": "*",
        "no_proxy": "*",
        "PATH": f"{_scripts()}:{inherited.get('PATH', '/usr/bin:/bin')}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**inherited, **quiet}


def flower_command(name: str) -> list[str]:
    """The installed command `name`, beside this Python; FixSettings if flwr isn't installed here."""
    path = _scripts() / name
    if not path.is_file():
        raise FixSettings(ErrorCode.NOT_INSTALLED, f"The command {name} isn't installed; install [coordinator].")
    return [str(path)]


def _scripts() -> Path:
    return Path(sys.executable).parent
