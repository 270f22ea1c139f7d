"""The ServerApp edge: read the plan's id, build the Flower transport, conduct the campaign.

It runs in the process that SuperExec starts, dies with it, and keeps nothing: the campaign's state is in the
coordinator's folder.
"""

import importlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import flwr
from flwr.app import Context
from flwr.serverapp import Grid, ServerApp

from common.errors import ErrorCode, FixSettings, HomeroomError
from common.logs import EventLog, also_to_file
from server.campaign import conduct_plan
from server.flower_environment import FOLDER_VARIABLE
from server.flower_nodes import nodes_file, read_nodes
from server.flower_transport import FlowerTransport
from server.settings import CoordinatorFolder
from server.tether import PARENT_VARIABLE, die_with_parent

Conduct = Callable[[FlowerTransport, CoordinatorFolder, str], None]

_log = EventLog("campaign")
# flwr waits a second for an object that isn't there yet; a reply's objects follow its head within 50 ms.
_OBJECT_WAIT_SECONDS, _LONGEST_OBJECT_WAIT_SECONDS = 0.05, 0.5


def server_app(conduct: Conduct) -> ServerApp:
    """A ServerApp that calls `conduct(transport, coordinator folder, plan id)`."""
    edge = ServerApp()

    @edge.main()
    def main(grid: Grid, context: Context) -> None:
        _tie_to_superexec()
        folder, plan_id = _coordinator_folder(), str(context.run_config["plan-id"])
        # SuperExec throws a ServerApp's output away, so our events go to a file beside Flower's logs.
        with also_to_file(folder.flower / "campaign.log"):
            _log.info("object-wait", state="short" if shorten_object_wait() else "flower's own")
            transport = FlowerTransport(grid, partial(read_nodes, nodes_file(folder)))
            _note_the_end(partial(conduct, transport, folder, plan_id), plan_id)

    return edge


def shorten_object_wait() -> bool:
    """Cuts flwr's wait for objects from 1 s to 50 ms; False, and nothing changed, if flwr has moved it.

    Speed only. It overrides the defaults of one private function, checked by name and by version.
    """
    if flwr.__version__ != "1.41.0":
        return False
    module = importlib.import_module("flwr.supercore.inflatable.inflatable_utils")
    defaults = getattr(getattr(module, "pull_objects", None), "__kwdefaults__", None) or {}
    if not {"initial_backoff", "backoff_cap"} <= set(defaults):
        return False
    defaults["initial_backoff"] = _OBJECT_WAIT_SECONDS
    defaults["backoff_cap"] = _LONGEST_OBJECT_WAIT_SECONDS
    return True


def _note_the_end(campaign: Callable[[], None], plan_id: str) -> None:
    """Flower marks the run failed when this raises; our own log says why in our own words."""
    try:
        campaign()
    except HomeroomError as error:
        _log.error("campaign-failed", campaign=plan_id, code=str(error.code), reason=error.sentence)
        raise
    except Exception as error:
        _log.error("campaign-failed", campaign=plan_id, kind=type(error).__name__)
        raise
    _log.info("campaign-over", campaign=plan_id)


def _coordinator_folder() -> CoordinatorFolder:
    path = os.environ.get(FOLDER_VARIABLE)
    if not path:
        sentence = f"{FOLDER_VARIABLE} isn't set; start the campaign from the console."
        raise FixSettings(ErrorCode.BAD_SETTINGS, sentence)
    return CoordinatorFolder(Path(path))


def _tie_to_superexec() -> None:
    """A ServerApp that outlived its coordinator would go on training schools that nobody watches."""
    parent = os.environ.get(PARENT_VARIABLE)
    if parent is not None:
        die_with_parent(int(parent))


def _campaign(transport: FlowerTransport, folder: CoordinatorFolder, plan_id: str) -> None:
    conduct_plan(transport, folder.root, plan_id)


# `flwr run` looks for this very assignment.
app = server_app(_campaign)
