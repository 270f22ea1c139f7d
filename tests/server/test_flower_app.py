"""The ServerApp edge: finds the coordinator's folder, hands over the transport, says how it ended."""

import importlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flwr.app import Context, RecordDict, UserConfig

from common.errors import ErrorCode, FixSettings, RetryLater
from server import flower_app as module
from server.flower_app import Conduct, server_app, shorten_object_wait
from server.flower_environment import FOLDER_VARIABLE
from server.flower_nodes import nodes_file, write_nodes
from server.settings import CoordinatorFolder
from server.tether import PARENT_VARIABLE
from server.transport import Transport
from tests.support.local_grid import LocalGrid

PLAN = "ab" * 32
WAITS = importlib.import_module("flwr.supercore.inflatable.inflatable_utils").pull_objects.__kwdefaults__


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CoordinatorFolder]:
    """A coordinator's folder that the environment names; what the app changes is put back."""
    made = CoordinatorFolder(tmp_path)
    made.flower.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.delenv(PARENT_VARIABLE, raising=False)
    for name in ("initial_backoff", "backoff_cap"):
        monkeypatch.setitem(WAITS, name, WAITS[name])
    root = logging.getLogger("homeroom")
    level, handlers = root.level, list(root.handlers)
    yield made
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def _run(conduct: Conduct) -> None:
    grid = LocalGrid({"north": lambda body: body[::-1]})
    state, config = RecordDict(), UserConfig({"plan-id": PLAN})
    context = Context(run_id=7, node_id=0, node_config={}, state=state, run_config=config)
    write_nodes(nodes_file(CoordinatorFolder(module._coordinator_folder().root)), grid.nodes)
    server_app(conduct)(grid, context)


def test_the_campaign_gets_transport_folder_and_plan(folder: CoordinatorFolder) -> None:
    """And the transport reaches the schools of the roster file."""
    seen: list[object] = []

    def conduct(transport: Transport, where: CoordinatorFolder, plan_id: str) -> None:
        transport.send({"north": b"abc"})
        seen.extend([transport.collect(), where, plan_id])

    _run(conduct)
    assert seen == [{"north": b"cba"}, folder, PLAN]


def test_how_a_campaign_ended_is_in_our_own_log(folder: CoordinatorFolder) -> None:
    """SuperExec throws away what a ServerApp prints."""

    def works(transport: Transport, where: CoordinatorFolder, plan_id: str) -> None:
        """Nothing to do."""

    def stops(transport: Transport, where: CoordinatorFolder, plan_id: str) -> None:
        raise RetryLater(ErrorCode.TOO_FEW_SCHOOLS, "Only two schools came.")

    def breaks(transport: Transport, where: CoordinatorFolder, plan_id: str) -> None:
        raise KeyError("details")

    _run(works)
    with pytest.raises(RetryLater):
        _run(stops)
    with pytest.raises(KeyError):
        _run(breaks)
    text = (folder.flower / "campaign.log").read_text()
    assert "campaign-over" in text
    assert 'code="too-few-schools"' in text
    assert "Only two schools came." in text
    assert 'kind="KeyError"' in text
    assert "details" not in text


def test_without_a_folder_no_campaign_starts(folder: CoordinatorFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody called `flwr run` by hand."""
    monkeypatch.delenv(FOLDER_VARIABLE)
    context = Context(run_id=7, node_id=0, node_config={}, state=RecordDict(), run_config={"plan-id": PLAN})
    with pytest.raises(FixSettings, match=FOLDER_VARIABLE):
        module.app(LocalGrid({}), context)


def test_the_server_app_hangs_on_superexec(folder: CoordinatorFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started by anything else, it ends before it reaches a school."""
    monkeypatch.setenv(PARENT_VARIABLE, "1")
    tied: list[int] = []
    monkeypatch.setattr(module, "die_with_parent", tied.append)

    def conduct(transport: Transport, where: CoordinatorFolder, plan_id: str) -> None:
        assert tied == [1]

    _run(conduct)
    assert tied == [1]


def test_the_wait_for_objects_is_cut(folder: CoordinatorFolder) -> None:
    """From a second to 50 ms, with a limit of half a second."""
    assert shorten_object_wait()
    assert (WAITS["initial_backoff"], WAITS["backoff_cap"]) == (0.05, 0.5)


def test_another_flwr_is_left_alone(folder: CoordinatorFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The override is for speed; nothing depends on it."""
    before = dict(WAITS)
    monkeypatch.setattr("flwr.__version__", "1.42.0")
    assert not shorten_object_wait()
    assert before == WAITS


def test_a_function_that_moved_is_left_alone(folder: CoordinatorFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs slower and says so in the log."""
    monkeypatch.setattr("flwr.supercore.inflatable.inflatable_utils.pull_objects", lambda ids, pull: {})
    assert not shorten_object_wait()
