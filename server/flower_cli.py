"""The `flwr` command as functions: runs it against our SuperLink, parses its JSON, and maps its errors."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import ErrorCode, RetryLater
from server.flower_environment import flower_command, flower_environment

CONNECTION = "consortium"
_CALL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Run:
    """One Flower run. `status` is pending, starting, running, finished:completed, :failed or :stopped."""

    run: str
    status: str
    details: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it can't change any more."""
        return self.status.startswith("finished")


def write_connection(home: Path, *, address: str, ca: Path) -> None:
    """Names our SuperLink as the only one: flwr's built-in default is a public service."""
    home.mkdir(parents=True, exist_ok=True)
    text = (
        f'[superlink]\ndefault = "{CONNECTION}"\n\n[superlink.{CONNECTION}]\n'
        f"address = {json.dumps(address)}\nroot-certificates = {json.dumps(str(ca.resolve()))}\n"
    )
    (home / "config.toml").write_text(text)


def register_node(home: Path, node_key: str) -> int:
    """The node id of a school's public key (OpenSSH text); RetryLater if flwr refuses it."""
    with tempfile.TemporaryDirectory(prefix="homeroom-node-") as folder:
        file = Path(folder) / "node.pub"
        file.write_text(node_key)
        answer = _flwr(home, "supernode", "register", str(file), CONNECTION)
    return int(answer["node-id"])


def unregister_node(home: Path, node_id: int) -> None:
    """The node's key no longer opens the door."""
    _flwr(home, "supernode", "unregister", str(node_id), CONNECTION)


def start_run(home: Path, app: Path, *, plan_id: str) -> str:
    """Starts the bundle of folder `app` without watching it; returns the run's id."""
    answer = _flwr(home, "run", str(app), CONNECTION, "--run-config", f'plan-id="{plan_id}"')
    return str(answer["run-id"])


def stop_run(home: Path, run: str) -> None:
    """Asks Flower to end a run."""
    _flwr(home, "stop", run, CONNECTION)


def list_runs(home: Path) -> tuple[Run, ...]:
    """Every run of this SuperLink, newest first."""
    found = _flwr(home, "list", CONNECTION).get("runs", [])
    return tuple(Run(str(row["run-id"]), str(row["status"]), str(row.get("status-details", ""))) for row in found)


def _flwr(home: Path, *arguments: str) -> dict[str, Any]:
    command = [*flower_command("flwr"), *arguments, "--format", "json"]
    try:
        done = subprocess.run(
            command,
            env=flower_environment(home, dict(os.environ)),
            capture_output=True,
            text=True,
            timeout=_CALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RetryLater(ErrorCode.FLOWER_FAILED, f"`flwr {arguments[0]}` took too long.") from error
    return parse_answer(arguments[0], done.stdout, code=done.returncode)


def parse_answer(verb: str, output: str, *, code: int) -> dict[str, Any]:
    """The JSON object that `flwr` printed; RetryLater(FLOWER_FAILED) if it failed or printed something else."""
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise RetryLater(ErrorCode.FLOWER_FAILED, f"`flwr {verb}` ended with {code} and no answer.") from error
    if not isinstance(answer, dict) or code != 0 or answer.get("success") is not True:
        said = answer.get("error-message", "") if isinstance(answer, dict) else ""
        reason = " ".join(str(said).split())[-300:]
        raise RetryLater(ErrorCode.FLOWER_FAILED, f"`flwr {verb}` was refused: {reason}")
    return answer
