"""`serve`: the pages for students and staff, on this machine."""

import importlib
import socket
from argparse import Namespace
from pathlib import Path

import uvicorn

from client.commands.checking import checks_beside
from client.commands.opened import folder_of
from client.school_certificates import served_host
from client.settings import SchoolFolder, load_settings
from common.errors import ErrorCode, FixSettings
from common.logs import log_to_stderr

# A student thinks for a while: without this the connection would be made anew for each answer.
KEEP_ALIVE_SECONDS = 75


def serve(given: Namespace) -> None:
    """Serves until it is told to stop."""
    folder = folder_of(given)
    web = load_settings(folder).web
    host, port = given.host or web.host, web.port if given.port is None else given.port
    require_free(host, port)
    log_to_stderr()
    # The pages sit a layer above the engine, so they are looked up by name.
    app = importlib.import_module("local_app.main").create_app(folder)
    print(f"Homeroom is at {_address(folder, host, port)}", flush=True)
    with checks_beside(folder):
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            ssl_certfile=_if_there(folder.server_certificate),
            ssl_keyfile=_if_there(folder.server_key),
        )


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None


def _address(folder: SchoolFolder, host: str, port: int) -> str:
    if not folder.server_certificate.exists():
        return f"http://{host}:{port}/"
    return f"https://{served_host(folder)}:{port}/ (listening on {host})"


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
