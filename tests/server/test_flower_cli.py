"""The `flwr` command's answers: parsed, or turned into one sentence."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from common.errors import ErrorCode, RetryLater
from server import flower_cli
from server.flower_cli import Run, list_runs, parse_answer, start_run, write_connection


class Recorder:
    """Stands in for the command: gives the answers that flwr 1.41.0 gave, and notes the arguments."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.arguments: tuple[str, ...] = ()

    def __call__(self, home: Path, *arguments: str) -> dict[str, Any]:
        self.arguments = arguments
        return self.answer


def test_an_answer_is_parsed() -> None:
    """As printed by `flwr supernode register --format json`."""
    assert parse_answer("supernode", '{\n  "success": true,\n  "node-id": 5\n}\n', code=0)["node-id"] == 5


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [
        ("", 1, "ended with 1"),
        ("Traceback", 0, "no answer"),
        ("[1]", 0, "refused"),
        ('{"success": true}', 2, "refused"),
        (json.dumps({"success": False, "error-message": "Error:\n  in use"}), 0, "refused: Error: in use"),
    ],
)
def test_anything_else_is_one_sentence(output: str, code: int, expected: str) -> None:
    """The class says that trying again may help."""
    with pytest.raises(RetryLater, match=expected) as caught:
        parse_answer("list", output, code=code)
    assert caught.value.code is ErrorCode.FLOWER_FAILED


def test_a_long_complaint_is_cut() -> None:
    """flwr may print a whole traceback."""
    output = json.dumps({"success": False, "error-message": "x" * 10_000})
    with pytest.raises(RetryLater) as caught:
        parse_answer("run", output, code=1)
    assert len(caught.value.sentence) < 400


def test_our_superlink_is_the_only_connection(tmp_path: Path) -> None:
    """flwr's built-in default is a public service on the internet."""
    write_connection(tmp_path / "flower", address="127.0.0.1:8800", ca=tmp_path / 'odd "name".crt')
    settings = tomllib.loads((tmp_path / "flower" / "config.toml").read_text())["superlink"]
    assert settings["default"] == "consortium"
    assert settings["consortium"]["address"] == "127.0.0.1:8800"
    assert settings["consortium"]["root-certificates"].endswith('odd "name".crt')


def test_runs_are_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Newest first, as flwr lists them."""
    rows = [
        {"run-id": "2", "status": "running", "status-details": "N/A"},
        {"run-id": "1", "status": "finished:failed", "status-details": "No heartbeat"},
    ]
    monkeypatch.setattr(flower_cli, "_flwr", Recorder({"success": True, "runs": rows}))
    found = list_runs(tmp_path)
    assert found == (Run("2", "running", "N/A"), Run("1", "finished:failed", "No heartbeat"))
    assert [run.is_over for run in found] == [False, True]


def test_a_run_is_started_without_watching_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`--stream` would tie the console to the run, and killing it wouldn't end the run."""
    recorder = Recorder({"success": True, "run-id": "17"})
    monkeypatch.setattr(flower_cli, "_flwr", recorder)
    assert start_run(tmp_path, tmp_path / "app", plan_id="ab") == "17"
    assert "--stream" not in recorder.arguments
    assert recorder.arguments[-2:] == ("--run-config", 'plan-id="ab"')
