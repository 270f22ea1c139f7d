"""What every Flower process of the coordinator is told before it starts."""

import sys
from pathlib import Path

import pytest

from common.errors import ErrorCode, FixSettings
from server import flower_environment as module
from server.flower_environment import flower_command, flower_environment


def test_flower_is_told_to_keep_quiet(tmp_path: Path) -> None:
    """No telemetry, no update check, no installation at run time, no proxy; its home is ours."""
    told = flower_environment(tmp_path, {})
    assert told["FLWR_TELEMETRY_ENABLED"] == "0"
    assert told["FLWR_DISABLE_UPDATE_CHECK"] == "1"
    assert told["FLWR_DISABLE_RUNTIME_DEPENDENCY_INSTALLATION"] == "1"
    assert told["NO_PROXY"] == told["no_proxy"] == "*"
    assert told["FLWR_HOME"] == str(tmp_path)


def test_nothing_inherited_can_undo_that(tmp_path: Path) -> None:
    """A variable that the operator's shell happens to set doesn't reach Flower; others do."""
    told = flower_environment(tmp_path, {"FLWR_TELEMETRY_ENABLED": "1", "FLWR_HOME": "/x", "LANG": "C"})
    assert (told["FLWR_TELEMETRY_ENABLED"], told["FLWR_HOME"]) == ("0", str(tmp_path))
    assert told["LANG"] == "C"


def test_flowers_programs_are_found_beside_this_python(tmp_path: Path) -> None:
    """SuperExec starts `flwr-serverapp` by name."""
    scripts = str(Path(sys.executable).parent)
    assert flower_environment(tmp_path, {"PATH": "/bin"})["PATH"] == f"{scripts}:/bin"
    assert flower_command("flower-superlink") == [f"{scripts}/flower-superlink"]


def test_a_program_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A school that installed without Flower can't run a coordinator."""
    monkeypatch.setattr(module, "_scripts", lambda: tmp_path)
    with pytest.raises(FixSettings, match="flower-superlink") as caught:
        flower_command("flower-superlink")
    assert caught.value.code is ErrorCode.NOT_INSTALLED
