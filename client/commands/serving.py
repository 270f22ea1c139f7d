"""`serve`: the pages for students and staff, on this machine."""

import importlib
import socket
from argparse import Namespace

import uvicorn

from client.commands.opened import folder_of
from client.settings import load_settings
from common.errors import ErrorCode, FixSettings
from common.logs import log_to_stderr


def serve(given: Namespace) -> None:
    """Serves until it is told to stop."""
    folder = folder_of(given)
    web = load_settings(folder).web
    host, port = given.host or web.host, web.port if given.port is None else given.port
    require_free(host, port)
    log_to_stderr()
    # The pages sit a layer above the engine, so they are looked up by name.
    app = importlib.import_module("local_app.main").create_app(folder)
    print(f"Homeroom is at http://{host}:{port}/", flush=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def require_free(host: str, port: int) -> None:
    """FixSettings if somebody listens there, or the address isn't this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise FixSettings(
                ErrorCode.PORT_IN_USE,
                f"Nothing can listen on {host} port {port}: it is in use, or it isn't an address of this machine. "
                "Choose another with --port.",
            ) from error
